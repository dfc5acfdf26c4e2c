import Domain
import HTTP

/// A roll-out let go on although a freeze or a lock holds it.
struct ReleaseDeployment: DeploymentVerb {
    static let endpoint = Endpoint(
        "releaseDeployment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}/deployments/{deployment}:release",
        for: .permitted(.governEnvironment),
        body: .json,
        [.changes, .conditional, .waits]
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
        try environment.release(
            of: target.id,
            by: RollOutActor(call),
            reason: reason,
            hurdles,
            on: call.occasion
        )
    }
}
