import Domain
import HTTP
import JSON
import Storage

/// A plan done as it stands, or refused because the world has moved.
struct ApplyPlan: Operation {
    static let endpoint = Endpoint(
        "applyPlan",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}/plans/{plan}:apply",
        for: .permitted(.updateEnvironment),
        parameters: [RollOutRequest.overrideParameter],
        [.changes, .waits]
    )

    private let target: EnvironmentTarget
    private let id: EnvironmentPlanID

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
        id = try inputs.id("plan")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let planning = try await EnvironmentPlanning(target, call)
            let plan = try await planning.plan(id, call)
            let wish = try Inputs(call: call, body: plan.wish, bytes: []).read {
                EnvironmentWish(planned: &$0)
            }
            var now = try await planning.basis(
                for: wish,
                needing: plan.basis.needs.keys,
                taking: try await planning.taken(as: plan.basis.taken, call),
                ordering: plan.basis.orders,
                call
            )
            try plan.admitApplying(on: now, at: call.now)
            var decision = try await wish.decision(
                on: planning.environment,
                at: target,
                approvedBy: plan.approvals,
                call
            )
            // What would be ordered is known once it is decided on.
            let orders = try await OrderOutlook.list(of: decision, call)
            now.orders = OrderOutlook.basis(of: orders)
            try plan.admitApplying(on: now, at: call.now)
            decision.plan = plan.id
            return try await EnvironmentChange(call, of: target).perform(on: planning.stored) { _ in
                decision
            }
        }
    }
}
