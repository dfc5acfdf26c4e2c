import Domain
import HTTP

/// Lets roll-outs of an environment begin again.
struct UnlockEnvironment: EnvironmentVerb {
    static let endpoint = Endpoint(
        "unlockEnvironment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}:unlock",
        for: .permitted(.lockEnvironment),
        [.changes, .conditional, .plans]
    )

    let target: EnvironmentTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
    }

    func decide(_ environment: Environment, _ call: Invocation) throws -> Environment.Decision? {
        try environment.unlocking(by: RollOutActor(call), on: call.occasion)
    }
}
