import Domain
import HTTP

/// Wakes an environment.
struct WakeEnvironment: EnvironmentVerb {
    static let endpoint = Endpoint(
        "wakeEnvironment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}:wake",
        for: .permitted(.updateEnvironment),
        [.changes, .conditional, .waits, .plans]
    )

    let target: EnvironmentTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
    }

    func decide(_ environment: Environment, _ call: Invocation) throws -> Environment.Decision? {
        try environment.wake(on: call.occasion)
    }
}
