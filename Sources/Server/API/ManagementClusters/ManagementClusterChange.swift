import Domain
import Storage

/// A change of a management cluster that exists: read, decide, store, answer.
struct ManagementClusterChange {
    /// What was decided, and what becomes of the kubeconfig.
    typealias Decided = (decision: ManagementCluster.Decision, kubeconfig: CredentialsChange)

    let call: Invocation
    let isDryRun: Bool

    /// Decides on the management cluster as it is, and stores what was decided.
    ///
    /// `decide` answers nil where nothing would change.
    func perform(
        on name: ManagementClusterName,
        decide: (ManagementCluster) throws -> Decided?
    ) async throws -> Answer {
        try await call.retrying {
            let stored = try await call.services.storage.managementClusters.find(
                name,
                as: call.access
            )
            guard let stored else { throw Problem.notFound }
            return try await perform(on: stored, decide: decide)
        }
    }

    /// The same for a management cluster that has been read.
    func perform(
        on stored: StoredManagementCluster,
        decide: (ManagementCluster) throws -> Decided?
    ) async throws -> Answer {
        try call.checkConditions(revision: stored.revision)
        let management = try stored.management()
        let used = try stored.used()
        guard let (decision, kubeconfig) = try decide(management) else {
            let resource = try ManagementClusterView.bytes(stored)
            guard isDryRun else { return .resource(resource, revision: stored.revision) }
            let wish = try management.wish()
            return Plan(action: .none, resource: resource, before: wish, after: wish, job: nil)
                .answer(call)
        }
        let next = decision.management
        let resource = ManagementClusterView.bytes(next, used: used)
        if isDryRun {
            return Plan(
                action: .update,
                resource: resource,
                before: try management.wish(),
                after: try next.wish(),
                job: decision.job
            ).answer(call)
        }
        let change = Change(
            effect: .changed,
            resource: resource,
            revision: next.revision,
            job: decision.job
        )
        return try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                try await call.services.storage.managementClusters.store(
                    decision,
                    kubeconfig: kubeconfig,
                    replacing: stored.revision,
                    for: circumstances
                )
            },
            current: { try await ManagementClusterView.current(management.id, call) }
        )
    }
}
