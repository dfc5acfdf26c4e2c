import Domain
import HTTP

/// Somebody's agreement to a roll-out that waits for it.
struct ApproveDeployment: DeploymentVerb {
    static let endpoint = Endpoint(
        "approveDeployment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}/deployments/{deployment}:approve",
        for: .permitted(.updateEnvironment),
        body: .json,
        [.changes, .conditional, .waits]
    )

    let target: DeploymentTarget
    private let comment: String?

    init(reading inputs: Inputs) throws(Problem) {
        target = try DeploymentTarget(reading: inputs)
        comment = try inputs.read {
            .some(
                $0.optional("comment", orNull: true, Reading.text(1...DeploymentHold.textLengthMax))
            )
        }
    }

    func decide(
        _ environment: Environment,
        _ hurdles: RollOutHurdles,
        _ call: Invocation
    ) throws -> Environment.Decision? {
        try environment.approval(
            of: target.id,
            by: RollOutActor(call),
            comment: comment,
            hurdles,
            on: call.occasion
        )
    }
}
