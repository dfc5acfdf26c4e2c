import Domain
import HTTP

/// Leaves a kept environment to its time again.
struct ReleaseEnvironment: EnvironmentVerb {
    static let endpoint = Endpoint(
        "releaseEnvironment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}:release",
        for: .permitted(.updateEnvironment),
        [.changes, .conditional, .waits, .plans]
    )

    let target: EnvironmentTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
    }

    func decide(_ environment: Environment, _ call: Invocation) throws -> Environment.Decision? {
        try environment.releasing(on: call.occasion)
    }
}
