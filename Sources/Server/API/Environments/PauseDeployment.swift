import Domain
import HTTP

/// A roll-out that takes over by and by, kept at the step where it is.
struct PauseDeployment: DeploymentVerb {
    static let endpoint = Endpoint(
        "pauseDeployment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}/deployments/{deployment}:pause",
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
        try environment.pause(
            of: target.id,
            by: RollOutActor(call),
            reason: reason,
            on: call.occasion
        )
    }
}
