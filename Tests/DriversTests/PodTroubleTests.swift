import Domain
import Drivers
import TestSupport
import Testing

@Suite struct PodTroubleTests {
    private let now = WishSample.moment

    private func event(
        _ object: String,
        _ reason: String,
        _ message: String,
        ago seconds: Int = 10
    ) -> SeenEvent {
        SeenEvent(
            at: now.advanced(by: .seconds(-seconds)),
            type: "Warning",
            reason: reason,
            object: object,
            message: message
        )
    }

    private func trouble(_ events: [SeenEvent]) -> PodTrouble? {
        PodTrouble(of: "acme-main", in: events, at: now)
    }

    @Test(arguments: [
        ("FailedScheduling", "0/3 nodes are available: 3 Insufficient cpu.", "Unschedulable"),
        ("Failed", "Failed to pull image \"a\": not found", "ImagePullFailed"),
        ("Failed", "Error: ErrImagePull", "ImagePullFailed"),
        ("BackOff", "Back-off pulling image \"a\"", "ImagePullFailed"),
        ("BackOff", "Back-off restarting failed container", "CrashLoop"),
        ("FailedMount", "timed out", "VolumeFailed"),
    ])
    func `each kind of report has its word`(reason: String, message: String, word: String) {
        let found = trouble([event("Pod/acme-main-0", reason, message)])
        #expect(found?.reason == word)
        #expect(found?.message == "Pod/acme-main-0: \(message)")
        #expect(found?.releasedBy == nil)
    }

    @Test func `a used-up quota is released by the tenant`() {
        let message = "pods \"acme-main-0\" is forbidden: exceeded quota: slipway"
        let found = trouble([event("StatefulSet/acme-main", "FailedCreate", message)])
        #expect(found?.reason == "QuotaExhausted")
        #expect(found?.releasedBy == "the tenant: raise spec.quota or remove something")
        let made = event("StatefulSet/acme-main", "SuccessfulCreate", "Created pod", ago: 1)
        let both = trouble([event("StatefulSet/acme-main", "FailedCreate", message), made])
        #expect(both == nil)
    }

    @Test func `of several reports the longest of the newest trouble is told`() {
        let found = trouble([
            event("Pod/acme-main-0", "FailedScheduling", "no nodes available to schedule", ago: 60),
            event("Pod/acme-main-0", "Scheduled", "to a node", ago: 50),
            event("Pod/acme-main-0", "Failed", "Failed to pull image \"a\": not found", ago: 30),
            event("Pod/acme-main-0", "Failed", "Error: ImagePullBackOff", ago: 5),
        ])
        #expect(found?.message == "Pod/acme-main-0: Failed to pull image \"a\": not found")
    }

    @Test func `what others run, what is long ago and what is over is no trouble`() {
        let message = "Back-off pulling image \"a\""
        #expect(trouble([event("Pod/web-x-default-x-acme-main", "BackOff", message)]) == nil)
        #expect(trouble([event("Pod/acme-main-web-0", "BackOff", message)]) == nil)
        #expect(trouble([event("Pod/acme-main-0", "BackOff", message, ago: 1_000)]) == nil)
        let over = [
            event("Pod/acme-main-0", "BackOff", message),
            event("Pod/acme-main-0", "Pulled", "Successfully pulled image", ago: 2),
        ]
        #expect(trouble(over) == nil)
    }
}
