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
            return try Unchanged(
                resource: TenantView.bytes(stored),
                revision: stored.revision,
                job: tenant.status.job
            ).answer(call, effect, isDryRun: isDryRun, wish: tenant.wish)
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

    private func plan(
        _ tenant: Tenant,
        _ decision: Tenant.Decision,
        _ effect: Change.Effect
    ) throws -> Answer {
        let before = try tenant.wish()
        if case .deleted = effect {
            return Plan(removing: before, by: decision.job).answer(call)
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
