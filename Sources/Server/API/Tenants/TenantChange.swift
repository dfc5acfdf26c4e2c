import Domain
import HTTP
import JSON
import Storage

/// A change of a tenant that exists: read, decide, store, answer.
struct TenantChange {
    let call: Invocation
    let permission: Permission
    let isDryRun: Bool

    /// Decides on the tenant as it is, and stores what was decided.
    ///
    /// `decide` answers nil where nothing would change.
    func perform(
        on name: TenantName,
        effect: Change.Effect = .changed,
        decide: (Tenant) async throws -> Tenant.Decision?
    ) async throws -> Answer {
        try await call.retrying {
            let stored = try await call.services.storage.tenants.find(name, as: call.access)
            guard let stored else { throw Problem.notFound }
            return try await perform(on: stored, effect: effect, decide: decide)
        }
    }

    /// The same for a tenant that has been read.
    func perform(
        on stored: StoredTenant,
        effect: Change.Effect,
        decide: (Tenant) async throws -> Tenant.Decision?
    ) async throws -> Answer {
        try call.checkConditions(revision: stored.revision)
        let tenant = try stored.tenant()
        guard let decision = try await decide(tenant) else {
            return try unchanged(tenant, stored, effect)
        }
        if isDryRun { return try plan(tenant, decision, effect) }
        let change = Change(
            effect: effect,
            resource: TenantView.bytes(decision.tenant),
            revision: decision.tenant.revision,
            job: decision.job
        )
        return try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                try await call.services.storage.tenants.store(
                    decision,
                    permission: permission,
                    replacing: stored.revision,
                    for: circumstances
                )
            },
            current: { try await TenantView.current(tenant.id, call) }
        )
    }

    /// Nothing to do: the tenant as it is, or the job that is at work on its removal.
    private func unchanged(
        _ tenant: Tenant,
        _ stored: StoredTenant,
        _ effect: Change.Effect
    ) throws -> Answer {
        let resource = TenantView.bytes(stored)
        if isDryRun {
            let wish = try tenant.wish()
            return Plan(action: .none, resource: resource, before: wish, after: wish, job: nil)
                .answer(call)
        }
        guard case .deleted = effect, let job = tenant.status.job else {
            return .resource(resource, revision: stored.revision)
        }
        return .resource(resource, revision: stored.revision, status: .accepted)
            .with(.location, "/v1/jobs/\(job)")
    }

    private func plan(
        _ tenant: Tenant,
        _ decision: Tenant.Decision,
        _ effect: Change.Effect
    ) throws -> Answer {
        let before = try tenant.wish()
        if case .deleted = effect {
            return Plan(
                action: .delete,
                resource: nil,
                before: before,
                after: .null,
                job: decision.job
            ).answer(call)
        }
        return Plan(
            action: .update,
            resource: TenantView.bytes(decision.tenant),
            before: before,
            after: try decision.tenant.wish(),
            job: decision.job
        ).answer(call)
    }
}

extension Tenant {
    /// `{labels, spec}` as JSON.
    func wish() throws(Problem) -> JSON {
        try .wish(labels: labels, spec: spec.write)
    }
}

extension TenantView {
    /// The tenant as it is now; nil where it is gone.
    static func current(_ id: TenantID, _ call: Invocation) async throws -> Answer? {
        let found = try await call.services.storage.tenants.find(id, as: call.access)
        return found.map { .resource(bytes($0), revision: $0.revision) }
    }
}
