import Domain
import HTTP

/// A roll-out that takes over by and by, sent back to what ran before.
struct AbortDeployment: DeploymentVerb {
    static let endpoint = Endpoint(
        "abortDeployment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}/deployments/{deployment}:abort",
        for: .permitted(.updateEnvironment),
        body: .json,
        [.changes, .conditional]
    )

    let target: DeploymentTarget
    private let reason: String

    init(reading inputs: Inputs) throws(Problem) {
        target = try DeploymentTarget(reading: inputs)
        reason = try Self.reason(in: inputs)
    }

    func decide(
        _ environment: Environment,
        _ hurdles: RollOutHurdles,
        _ call: Invocation
    ) throws -> Environment.Decision? {
        try environment.abort(
            of: target.id,
            by: RollOutActor(call),
            reason: reason,
            on: call.occasion
        )
    }
}
