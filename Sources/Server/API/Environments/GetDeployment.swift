import Domain

/// One roll-out of an environment.
struct GetDeployment: Operation {
    static let endpoint = Endpoint.reading(
        "getDeployment",
        "/v1/tenants/{tenant}/environments/{environment}/deployments/{deployment}",
        .readEnvironments
    )

    private let target: DeploymentTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try DeploymentTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try DeploymentView.answer(try await target.record(call))
    }
}
