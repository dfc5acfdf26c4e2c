import Domain
import Storage

/// A change of a blueprint that exists: read, decide, store, answer.
struct BlueprintChange {
    /// What was decided, and what becomes of the credentials.
    typealias Decided = (decision: Blueprint.Decision, credentials: CredentialsChange)

    let call: Invocation
    let isDryRun: Bool

    /// Decides on the blueprint as it is, and stores what was decided.
    ///
    /// `decide` answers nil where nothing would change.
    func perform(
        on stored: StoredBlueprint,
        decide: (Blueprint) throws -> Decided?
    ) async throws -> Answer {
        try call.checkConditions(revision: stored.revision)
        let blueprint = try stored.blueprint()
        let resource = BlueprintView.bytes(stored)
        guard let (decision, credentials) = try decide(blueprint) else {
            guard isDryRun else { return .resource(resource, revision: stored.revision) }
            let wish = try blueprint.wish()
            return Plan(action: .none, resource: resource, before: wish, after: wish, job: nil)
                .answer(call)
        }
        let next = decision.blueprint
        if isDryRun {
            return Plan(
                action: .update,
                resource: BlueprintView.bytes(next),
                before: try blueprint.wish(),
                after: try next.wish(),
                job: decision.job
            ).answer(call)
        }
        let change = Change(
            effect: .changed,
            resource: BlueprintView.bytes(next),
            revision: next.revision,
            job: decision.job
        )
        return try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                try await call.services.storage.blueprints.store(
                    decision,
                    credentials: credentials,
                    replacing: stored.revision,
                    for: circumstances
                )
            },
            current: { try await BlueprintView.current(blueprint.id, call) }
        )
    }
}

extension Blueprint {
    /// The decision to make the blueprint as the wish says; nil where it is so already.
    func wanting(
        _ wish: BlueprintWish,
        _ call: Invocation
    ) throws(Problem) -> BlueprintChange.Decided? {
        let credentials = wish.change(of: id, call.services.sealer)
        let hadCredentials = spec.username != nil
        let changes =
            switch credentials {
            case .keep: false
            case .remove: hadCredentials
            case .replace: true
            }
        let decision = change(
            labels: wish.labels,
            spec: try wish.spec(keeping: spec.username),
            changesCredentials: changes,
            on: call.occasion
        )
        return decision.map { ($0, credentials) }
    }
}
