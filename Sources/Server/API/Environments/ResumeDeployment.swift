import Domain
import HTTP

/// A roll-out that takes over by and by, let go on from the step where it was kept.
struct ResumeDeployment: DeploymentVerb {
    static let endpoint = Endpoint(
        "resumeDeployment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}/deployments/{deployment}:resume",
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
        try environment.resumption(of: target.id, by: RollOutActor(call), on: call.occasion)
    }
}
