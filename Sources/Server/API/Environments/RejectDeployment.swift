import Domain
import HTTP

/// A roll-out that is held, given up.
struct RejectDeployment: DeploymentVerb {
    static let endpoint = Endpoint(
        "rejectDeployment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}/deployments/{deployment}:reject",
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
        try environment.rejection(
            of: target.id,
            by: RollOutActor(call),
            reason: reason,
            on: call.occasion
        )
    }
}
