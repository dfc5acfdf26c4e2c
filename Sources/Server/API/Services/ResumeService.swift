import Domain
import HTTP

/// Takes the pause of a service back, and delivers what was held.
struct ResumeService: ServiceVerb {
    static let endpoint = Endpoint(
        "resumeService",
        .post,
        "/v1/tenants/{tenant}/services/{service}:resume",
        for: .permitted(.updateService),
        [.changes, .conditional, .waits, .plans]
    )

    let target: ServiceTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try ServiceTarget(reading: inputs)
    }

    func decide(_ service: ServiceInstance, _ call: Invocation) throws -> ServiceStep? {
        ServiceStep(try service.pausing(false, on: call.occasion))
    }
}
