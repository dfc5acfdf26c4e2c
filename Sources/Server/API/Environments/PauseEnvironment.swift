import Domain
import HTTP

/// Leaves what runs in an environment as it is for now.
struct PauseEnvironment: EnvironmentVerb {
    static let endpoint = Endpoint(
        "pauseEnvironment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}:pause",
        for: .permitted(.updateEnvironment),
        [.changes, .conditional, .waits, .plans]
    )

    let target: EnvironmentTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
    }

    func decide(_ environment: Environment, _ call: Invocation) throws -> Environment.Decision? {
        try environment.pausing(true, on: call.occasion)
    }
}
