import Domain
import HTTP
import Storage

/// Somebody's agreement to a plan, before it is applied.
struct ApprovePlan: Operation {
    static let endpoint = Endpoint(
        "approvePlan",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}/plans/{plan}:approve",
        for: .permitted(.updateEnvironment),
        body: .json,
        [.changes]
    )

    private let target: EnvironmentTarget
    private let id: EnvironmentPlanID
    private let comment: String?

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
        id = try inputs.id("plan")
        comment = try inputs.read {
            .some(
                $0.optional(
                    "comment",
                    orNull: true,
                    Reading.text(1...DeploymentHold.textLengthMax)
                )
            )
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let planning = try await EnvironmentPlanning(target, call)
            try planning.environment.admitDecision()
            let plan = try await planning.plan(id, call)
            let approved = try plan.approved(
                by: RollOutActor(call),
                comment: comment,
                under: planning.environment.spec.approvals,
                at: call.now
            )
            guard let approved else {
                return .resource(PlanView.bytes(plan), revision: plan.revision)
            }
            let change = Change(
                effect: .changed,
                resource: PlanView.bytes(approved),
                revision: approved.revision,
                job: nil
            )
            return try await change.perform(
                call,
                store: { circumstances throws(StorageFault) in
                    try await call.services.storage.plans.approve(
                        approved,
                        about: planning.environment.reference,
                        for: circumstances
                    )
                },
                current: { nil }
            )
        }
    }
}
