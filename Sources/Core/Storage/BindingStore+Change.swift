package import Domain
import JSON
import Postgres

extension BindingStore {
    /// Stores a new binding with its job, event, audit entry and receipt, where its service is not
    /// on its way out.
    ///
    /// - Throws: `.nameTaken`, `.serviceRefused` with what is in the way, such as another binding
    ///   that has the Secret, `.keyReused` and `.keyInProgress` for the idempotency key,
    ///   `.notFound` where the caller may create none.
    package func create(
        _ decision: ServiceBinding.Decision,
        noting entry: BrokerEntry? = nil,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let scope = call.access.scope(for: .bindService)
        if case .nothing = scope { throw .notFound }
        let statement = Self.statement(for: decision, call: call)
        let insertion = Self.insertion(of: decision.binding, where: statement.isNew)
        let result = try await database.perform(statement, changing: insertion) { transaction in
            try await Self.admit(decision.binding, within: scope, in: transaction)
        } after: { transaction in
            try await transaction.note(entry, at: call.at)
        }
        guard case .outcome(let outcome) = result else { throw .missingReference }
        return outcome
    }

    /// Stores a changed binding, or the wish that it be revoked, where it still is at the revision
    /// that the decision was made on.
    ///
    /// - Throws: `.notFound`, `.stale` with the current revision, `.keyReused`, `.keyInProgress`.
    package func store(
        _ decision: ServiceBinding.Decision,
        replacing revision: Int64,
        noting entry: BrokerEntry? = nil,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let scope = call.access.scope(for: .bindService)
        if case .nothing = scope { throw .notFound }
        let binding = decision.binding
        let statement = Self.statement(for: decision, call: call)
        let update = Self.update(
            to: binding,
            where: """
                revision = \(revision) AND \(scope.condition(on: "tenant_id"))
                AND \(statement.isNew)
                """
        )
        let result = try await database.perform(statement, changing: update) { _ in
        } after: { transaction in
            try await transaction.note(entry, at: call.at)
        }
        if case .outcome(let outcome) = result { return outcome }
        guard let current = try await find(binding.id, as: call.access) else { throw .notFound }
        throw .stale(current: current.revision)
    }

    /// Revokes bindings that nobody called for.
    static func revoke(
        where condition: SQL,
        because reason: String,
        following cause: AuditCause,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        let rows = try await transaction.execute(
            """
            SELECT \(StoredBinding.columns) FROM service_binding
             WHERE (\(condition)) AND phase <> 'revoking'
             ORDER BY id
               FOR NO KEY UPDATE
            """
        )
        var random = SystemRandomNumberGenerator()
        for row in rows {
            let binding = try StoredBinding(row).binding()
            let occasion = Occasion(at: now, using: &random)
            guard let decision = binding.revocation(because: reason, on: occasion) else { continue }
            try await write(decision, in: transaction)
            try await transaction.execute(
                cause.entry(
                    of: "deleteBinding",
                    on: binding.reference,
                    of: binding.tenant,
                    at: now
                )
            )
        }
    }

    /// Writes a decision that nobody called for.
    static func write(
        _ decision: ServiceBinding.Decision,
        in transaction: Transaction
    ) async throws {
        let binding = decision.binding
        try await transaction.execute(update(to: binding, where: "true"))
        try await transaction.writeConsequences(
            of: binding.reference,
            givingUp: supersession(by: decision),
            job: decision.job,
            event: decision.event
        )
    }

    private static func statement(
        for decision: ServiceBinding.Decision,
        call: Call
    ) -> ChangeStatement {
        ChangeStatement(
            call: call,
            object: decision.binding.reference,
            tenant: decision.binding.tenant,
            job: decision.job,
            supersedes: supersession(by: decision),
            event: decision.event
        )
    }

    /// A new credential makes no end of an older one pointless, also where that waits for a person.
    static func supersession(
        by decision: ServiceBinding.Decision
    ) -> JobQueue.Supersession? {
        decision.givesUpJobs ? .unfinished : nil
    }

    /// Looks, with the service's row locked, whether it may have another binding.
    static func admit(
        _ binding: ServiceBinding,
        within scope: Access.Scope,
        in transaction: Transaction
    ) async throws {
        let answers = try await transaction.execute(all: [
            """
            SELECT phase FROM service_instance
             WHERE id = \(binding.service) AND \(scope.condition(on: "tenant_id"))
               FOR NO KEY UPDATE
            """,
            """
            SELECT count(*), count(*) FILTER (WHERE name = \(binding.name.text))
              FROM service_binding WHERE service_id = \(binding.service)
            """,
        ])
        guard let row = answers[0].first else { throw StorageFault.notFound }
        guard try row.decode(0, as: String.self) != ServiceStatus.Phase.deleting.rawValue else {
            throw StorageFault.serviceRefused(.isDeleting)
        }
        guard try answers[1][0].decode(1, as: Int.self) == 0 else { throw StorageFault.nameTaken }
        let limit = ServiceInstance.bindingsMax
        guard try answers[1][0].decode(0, as: Int.self) < limit else {
            throw StorageFault.serviceRefused(.tooManyBindings(limit: limit))
        }
        if case .environment(let name) = binding.spec.delivery {
            try await ServiceStore.admit(
                into: name,
                of: binding.tenant,
                at: .spec(["consumer", "environment"]),
                transaction
            )
        }
        try await admitSecret(of: binding, in: transaction)
    }

    static func insertion(of binding: ServiceBinding, where condition: SQL) -> SQL {
        """
        INSERT INTO service_binding (
            id, service_id, service_name, tenant_id, tenant_name, name, environment, labels,
            label_terms, spec, phase, status, due_at, generation, revision, created_at, updated_at)
        SELECT \(binding.id), \(binding.service), \(binding.serviceName.text), \(binding.tenant),
               \(binding.tenantName.text), \(binding.name.text),
               \(binding.spec.environment?.text), \(Document(binding.labels.write)),
               \(binding.labels.terms), \(Document(binding.spec.write)),
               \(binding.status.phase.rawValue), \(Document(binding.status.write)),
               \(binding.dueAt), \(binding.generation), \(binding.revision),
               \(binding.createdAt), \(binding.updatedAt)
         WHERE \(condition)
        RETURNING id
        """
    }

    /// The statement that stores everything of the binding that ever changes.
    static func update(to binding: ServiceBinding, where condition: SQL) -> SQL {
        """
        UPDATE service_binding
           SET labels = \(Document(binding.labels.write)), label_terms = \(binding.labels.terms),
               spec = \(Document(binding.spec.write)), phase = \(binding.status.phase.rawValue),
               status = \(Document(binding.status.write)), due_at = \(binding.dueAt),
               due_faults = 0, generation = \(binding.generation), revision = revision + 1,
               updated_at = \(binding.updatedAt)
         WHERE id = \(binding.id) AND \(condition)
        RETURNING id
        """
    }
}

extension BindingSpec {
    fileprivate var environment: EnvironmentName? {
        if case .environment(let name) = delivery { name } else { nil }
    }
}
