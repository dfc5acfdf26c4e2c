import Domain
import HTTP

/// A roll-out that takes over by and by, sent on to its next step.
struct AdvanceDeployment: DeploymentVerb {
    static let endpoint = Endpoint(
        "advanceDeployment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}/deployments/{deployment}:advance",
        for: .permitted(.updateEnvironment),
        [.changes, .conditional]
    )

    let target: DeploymentTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try DeploymentTarget(reading: inputs)
    }

    func decide(
        _ environment: Environment,
        _ hurdles: RollOutHurdles,
        _ call: Invocation
    ) throws -> Environment.Decision? {
        try environment.advance(of: target.id, by: RollOutActor(call), on: call.occasion)
    }
}
