package import Domain
import Postgres

extension TenantStore {
    /// Stores a new tenant with its job, event, audit entry and receipt: one statement, one round
    /// trip, one commit.
    ///
    /// - Throws: `.nameTaken`, `.missingReference` where the blueprint is gone or the forge keeps
    ///   no such repository any more, `.keyReused` and `.keyInProgress` for the idempotency key,
    ///   `.notFound` where the caller may create none.
    package func create(
        _ decision: Tenant.Decision,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        guard case .everything = call.access.scope(for: .createTenant) else { throw .notFound }
        let statement = Self.statement(for: decision, call: call)
        let result = try await database.perform(
            statement,
            changing: Self.insertion(of: decision.tenant, where: statement.isNew)
        ) { transaction in
            try await Self.admit(decision.tenant, in: transaction)
        } after: { _ in
        }
        guard case .outcome(let outcome) = result else { throw .notFound }
        return outcome
    }

    /// Makes sure that the forge still keeps the tenant's repository, and does while the
    /// transaction lasts.
    ///
    /// - Throws: `.missingReference` where it does not.
    private static func admit(_ tenant: Tenant, in transaction: Transaction) async throws {
        guard let choice = tenant.spec.repository else { return }
        let rows = try await transaction.execute(
            """
            SELECT \(StoredForge.columns) FROM forge WHERE name = \(choice.forge.text)
               FOR SHARE
            """
        )
        guard let rule = try rows.first.map(StoredForge.init)?.forge().spec.repositories,
            rule.allows(owner: choice.owner)
        else { throw StorageFault.missingReference }
    }

    /// Stores a new tenant and its first cluster, with the jobs and events of both.
    ///
    /// - Throws: what the other `create` throws, and `.refused` where the management cluster takes
    ///   no more.
    package func create(
        _ decision: Tenant.Decision,
        with first: Cluster.Decision,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        guard case .everything = call.access.scope(for: .createTenant) else { throw .notFound }
        let statement = Self.statement(for: decision, call: call)
        let result = try await database.perform(
            statement,
            changing: Self.insertion(of: decision.tenant, where: statement.isNew)
        ) { transaction in
            try await Self.admit(decision.tenant, in: transaction)
            try await ClusterStore.place(first.cluster, in: transaction)
        } after: { transaction in
            try await transaction.execute(ClusterStore.insertion(of: first, .keep, where: "true"))
            try await transaction.writeConsequences(
                of: first.cluster.reference,
                givingUp: nil,
                job: first.job,
                event: first.event,
                for: call
            )
        }
        guard case .outcome(let outcome) = result else { throw .notFound }
        return outcome
    }

    /// Stores a changed tenant, or the wish that it be deleted, where it still is at the revision
    /// that the decision was made on.
    ///
    /// - Throws: `.notFound`, `.stale` with the current revision, `.keyReused`, `.keyInProgress`.
    package func store(
        _ decision: Tenant.Decision,
        permission: Permission,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let scope = call.access.scope(for: permission)
        if case .nothing = scope { throw .notFound }
        let statement = Self.statement(for: decision, call: call)
        let result = try await database.perform(
            statement,
            changing: Self.update(
                to: decision.tenant,
                from: revision,
                within: scope,
                where: statement.isNew
            )
        )
        guard case .outcome(let outcome) = result else {
            throw try await whyUnchanged(decision.tenant.id, as: call.access)
        }
        return outcome
    }

    private static func statement(for decision: Tenant.Decision, call: Call) -> ChangeStatement {
        ChangeStatement(
            call: call,
            object: decision.tenant.reference,
            tenant: decision.tenant.id,
            job: decision.job,
            supersedes: supersession(by: decision.job?.kind),
            event: decision.event
        )
    }

    private static func supersession(by kind: JobKind?) -> JobQueue.Supersession? {
        switch kind {
        case .tenantDelete: .unfinished
        case .tenantUpdate: .stalled
        default: nil
        }
    }

    static func insertion(of tenant: Tenant, where condition: SQL) -> SQL {
        """
        INSERT INTO tenant (
            id, name, labels, label_terms, blueprint_id, spec, phase, status, generation, revision,
            forge_id, created_at, updated_at)
        SELECT \(tenant.id), \(tenant.name.text), \(Document(tenant.labels.write)),
               \(tenant.labels.terms), \(tenant.blueprint), \(Document(tenant.spec.write)),
               \(tenant.status.phase.rawValue), \(Document(tenant.status.write)),
               \(tenant.generation), \(tenant.revision),
               (SELECT f.id FROM forge f WHERE f.name = \(tenant.spec.repository?.forge.text)),
               \(tenant.createdAt), \(tenant.updatedAt)
         WHERE \(condition)
        RETURNING id
        """
    }

    private static func update(
        to tenant: Tenant,
        from revision: Int64,
        within scope: Access.Scope,
        where condition: SQL
    ) -> SQL {
        """
        UPDATE tenant
           SET labels = \(Document(tenant.labels.write)), label_terms = \(tenant.labels.terms),
               spec = \(Document(tenant.spec.write)), phase = \(tenant.status.phase.rawValue),
               status = \(Document(tenant.status.write)), generation = \(tenant.generation),
               revision = \(revision + 1), updated_at = \(tenant.updatedAt)
         WHERE id = \(tenant.id)
           AND revision = \(revision)
           AND \(scope.condition(on: "id"))
           AND \(condition)
        RETURNING id
        """
    }

    /// What to tell a caller whose change found no row.
    private func whyUnchanged(
        _ id: TenantID,
        as access: Access
    ) async throws(StorageFault) -> StorageFault {
        guard let current = try await find(id, as: access) else { return .notFound }
        return .stale(current: current.revision)
    }
}
