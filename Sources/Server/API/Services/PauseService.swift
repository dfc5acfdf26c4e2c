import Domain
import HTTP

/// Leaves what is there of a service as it is for now.
struct PauseService: ServiceVerb {
    static let endpoint = Endpoint(
        "pauseService",
        .post,
        "/v1/tenants/{tenant}/services/{service}:pause",
        for: .permitted(.updateService),
        [.changes, .conditional, .waits, .plans]
    )

    let target: ServiceTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try ServiceTarget(reading: inputs)
    }

    func decide(_ service: ServiceInstance, _ call: Invocation) throws -> ServiceStep? {
        ServiceStep(try service.pausing(true, on: call.occasion))
    }
}
