import Domain
import HTTP
import JSON
import Secrets
import Storage

/// What a call would do, put down so that people can agree to exactly that and apply it later.
struct PlanEnvironment: Operation {
    static let endpoint = Endpoint(
        "planEnvironment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}:plan",
        for: .permitted(.updateEnvironment),
        parameters: [RollOutRequest.overrideParameter],
        body: .json,
        [.changes, .creates]
    )

    private let target: EnvironmentTarget
    private let wish: EnvironmentWish
    private let document: JSON

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
        wish = try inputs.read { EnvironmentWish(planned: &$0) }
        document = inputs.body
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let planning = try await EnvironmentPlanning(target, call)
        try planning.environment.admitDecision()
        let decision = try await wish.decision(on: planning.environment, at: target, call)
        try await call.services.storage.environments.hold(decision, to: call.circumstances)
        let manifests = try await planning.manifests(decision, call)
        let orders = try await OrderOutlook.list(of: decision, call)
        var random = SecureRandom()
        let plan = EnvironmentPlan(
            id: EnvironmentPlanID(at: call.now, using: &random),
            for: planning.environment,
            wish: document,
            basis: try await planning.basis(
                for: wish,
                needing: decision.environment.needs,
                taking: try await planning.taken(by: decision.environment.spec, call),
                ordering: OrderOutlook.basis(of: orders),
                call
            ),
            outlook: try planning.outlook(decision, manifests, orders),
            warnings: EnvironmentPlanning.warnings(of: decision, manifests),
            by: RollOutActor(call),
            at: call.now
        )
        let path = "/v1/tenants/\(target.tenant)/environments/\(target.name)/plans/\(plan.id)"
        let change = Change(
            effect: .created(at: path),
            resource: PlanView.bytes(plan),
            revision: plan.revision,
            job: nil
        )
        return try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                try await call.services.storage.plans.create(
                    plan,
                    about: planning.environment.reference,
                    for: circumstances
                )
            },
            current: { nil }
        )
    }
}
