import Domain
import JSON
import Storage

/// A change of a cluster class that exists: read, decide, store, answer.
struct ClusterClassChange {
    let call: Invocation
    let isDryRun: Bool

    /// Makes the class as the wish says, and stores what was decided.
    func perform(on stored: StoredClusterClass, _ wish: ClusterClassWish) async throws -> Answer {
        try call.checkConditions(revision: stored.revision)
        let current = try stored.clusterClass()
        let document = wish.document.serialized()
        let changesSpec = document != current.definition || wish.template != current.template
        let decision = current.change(
            labels: wish.labels,
            definition: document,
            template: wish.template,
            findings: try await wish.findings(
                call,
                generation: current.generation + (changesSpec ? 1 : 0)
            ),
            on: call.occasion
        )
        guard let decision else {
            let resource = try ClusterClassView.bytes(current, for: call.access)
            guard isDryRun else { return .resource(resource, revision: stored.revision) }
            let wish = try current.wish()
            return Plan(action: .none, resource: resource, before: wish, after: wish, job: nil)
                .answer(call)
        }
        let next = decision.clusterClass
        if changesSpec { try await ClusterClassUse(call: call).check(next) }
        let resource = try ClusterClassView.bytes(next, for: call.access)
        if isDryRun {
            return Plan(
                action: .update,
                resource: resource,
                before: try current.wish(),
                after: try next.wish(),
                job: nil
            ).answer(call)
        }
        let change = Change(
            effect: .changed,
            resource: resource,
            revision: next.revision,
            job: nil
        )
        return try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                try await call.services.storage.clusterClasses.store(
                    decision,
                    replacing: stored.revision,
                    for: circumstances
                )
            },
            current: { nil }
        )
    }
}
