import Domain

/// One plan of an environment.
struct GetPlan: Operation {
    static let endpoint = Endpoint.reading(
        "getPlan",
        "/v1/tenants/{tenant}/environments/{environment}/plans/{plan}",
        .readEnvironments
    )

    private let target: EnvironmentTarget
    private let id: EnvironmentPlanID

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
        id = try inputs.id("plan")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let plan = try await EnvironmentPlanning(target, call).plan(id, call)
        return .resource(PlanView.bytes(plan), revision: plan.revision)
    }
}
