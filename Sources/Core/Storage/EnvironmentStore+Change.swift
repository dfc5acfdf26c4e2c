package import Domain
import JSON
import Postgres

extension EnvironmentStore {
    /// Stores a new environment with its roll-out, job, event, audit entry and receipt, where the
    /// tenant has room for it.
    ///
    /// - Throws: `.nameTaken`, `.environmentRefused` with the limit that is in the way,
    ///   `.keyReused` and `.keyInProgress` for the idempotency key, `.notFound` where the caller
    ///   may create none.
    package func create(
        _ decision: Environment.Decision,
        in zones: any TimeZoneSource,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let scope = call.access.scope(for: .createEnvironment)
        if case .nothing = scope { throw .notFound }
        let statement = Self.statement(for: decision, call: call)
        let insertion = Self.insertion(
            of: decision.environment,
            by: call.access.grant?.trust,
            dueAt: decision.environment.dueAt(in: zones, at: call.at),
            where: statement.isNew
        )
        let result = try await database.perform(statement, changing: insertion) { transaction in
            try await Self.admit(decision, within: scope, in: transaction)
            try await Self.hold(decision, to: call, in: transaction)
        } after: { transaction in
            try await transaction.execute(LookTable.environments.first(of: decision.environment.id))
            // Before they are told who needs them: they are as the decision knows them.
            try await Self.placeOrders(of: decision, in: zones, for: call, transaction)
            try await Self.settleDependents(on: decision.environment, at: call.at, in: transaction)
            try await Self.writeRollOuts(of: decision, at: call.at, in: transaction)
        }
        guard case .outcome(let outcome) = result else { throw .missingReference }
        return outcome
    }

    /// Stores a changed environment, or the wish that it be deleted, where it still is at the
    /// revision that the decision was made on.
    ///
    /// - Throws: `.notFound`, `.stale` with the current revision, `.environmentRefused` with the
    ///   limit that is in the way, `.keyReused`, `.keyInProgress`.
    package func store(
        _ decision: Environment.Decision,
        permission: Permission,
        replacing revision: Int64,
        in zones: any TimeZoneSource,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let scope = call.access.scope(for: permission)
        if case .nothing = scope { throw .notFound }
        let environment = decision.environment
        let statement = Self.statement(for: decision, call: call)
        let update = Self.update(
            to: environment,
            dueAt: environment.dueAt(in: zones, at: call.at),
            where: """
                revision = \(revision) AND \(scope.condition(on: "tenant_id"))
                AND \(statement.isNew)
                """
        )
        let result = try await database.perform(statement, changing: update) { transaction in
            try await Self.hold(decision, to: call, in: transaction)
            try await ServiceStore.admitLeavingOut(
                by: environment,
                as: call.access,
                in: transaction
            )
            try await Self.keepAwake(decision, in: transaction)
            // Less is always allowed; with its tenant, everything goes.
            guard environment.status.phase != .deleting else {
                return try await Self.admitDeletion(of: environment, in: transaction)
            }
            try await Self.admit(decision, within: scope, in: transaction)
        } after: { transaction in
            // Before they are told who needs them: they are as the decision knows them.
            try await Self.placeOrders(of: decision, in: zones, for: call, transaction)
            try await Self.settleDependents(on: environment, at: call.at, in: transaction)
            try await Self.settleBelongings(
                of: environment,
                following: AuditCause(environment.reference, by: call),
                at: call.at,
                in: transaction
            )
            try await Self.writeRollOuts(of: decision, at: call.at, in: transaction)
        }
        if case .outcome(let outcome) = result { return outcome }
        guard let current = try await find(environment.id, as: call.access) else {
            throw .notFound
        }
        throw .stale(current: current.revision)
    }

    /// What belongs to an environment goes with it, and its companions sleep with it.
    static func settleBelongings(
        of environment: Environment,
        following cause: AuditCause,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        guard environment.status.phase == .deleting else {
            guard environment.spec.asleep else { return }
            return try await restCompanions(of: environment, at: now, in: transaction)
        }
        try await ServiceStore.leave(environment, following: cause, at: now, in: transaction)
        try await removeCompanions(
            of: environment,
            keeping: [],
            following: cause,
            at: now,
            in: transaction
        )
    }

    private static func statement(
        for decision: Environment.Decision,
        call: Call
    ) -> ChangeStatement {
        ChangeStatement(
            call: call,
            object: decision.environment.reference,
            tenant: decision.environment.tenant,
            job: decision.job,
            supersedes: supersession(by: decision),
            event: decision.event
        )
    }

    /// What brings the environment to its spec makes work pointless that waits for a person.
    static func supersession(by decision: Environment.Decision) -> JobQueue.Supersession? {
        if decision.givesUpJobs { return .unfinished }
        return decision.job == nil ? nil : .stalled
    }

    static func insertion(
        of environment: Environment,
        by trust: TrustID?,
        dueAt: Domain.Instant?,
        where condition: SQL
    ) -> SQL {
        """
        INSERT INTO environment (
            id, tenant_id, tenant_name, name, type, service, cluster, labels, label_terms, spec,
            is_awake, used_at, phase, status, expires_at, due_at, generation, revision, created_at,
            updated_at, trust_id, needs, needed_by)
        SELECT \(environment.id), \(environment.tenant), \(environment.tenantName.text),
               \(environment.name.text), \(environment.spec.type.rawValue),
               \(environment.spec.service?.text),
               \(environment.spec.placement.cluster(of: environment.name).text),
               \(Document(environment.labels.write)), \(environment.labels.terms),
               \(Document(environment.spec.write)), \(environment.figures.isAwake),
               \(environment.status.usedAt), \(environment.status.phase.rawValue),
               \(Document(environment.status.write)), \(environment.status.expiry?.at), \(dueAt),
               \(environment.generation), \(environment.revision), \(environment.createdAt),
               \(environment.updatedAt), \(trust), \(environment.needs.map(\.text)),
               \(dependents(on: environment))
         WHERE \(condition)
        RETURNING id
        """
    }

    /// The statement that stores everything of the environment that ever changes.
    static func update(
        to environment: Environment,
        dueAt: Domain.Instant?,
        where condition: SQL
    ) -> SQL {
        """
        UPDATE environment
           SET service = \(environment.spec.service?.text),
               labels = \(Document(environment.labels.write)),
               label_terms = \(environment.labels.terms),
               spec = \(Document(environment.spec.write)),
               is_awake = \(environment.figures.isAwake), used_at = \(environment.status.usedAt),
               phase = \(environment.status.phase.rawValue),
               status = \(Document(environment.status.write)),
               expires_at = \(environment.status.expiry?.at), due_at = \(dueAt),
               needs = \(environment.needs.map(\.text)),
               due_faults = 0, generation = \(environment.generation), revision = revision + 1,
               updated_at = \(environment.updatedAt)
         WHERE id = \(environment.id) AND \(condition)
        RETURNING id
        """
    }

    /// Writes the record of the roll-out that begins, and the end of those that it ends.
    static func writeRollOuts(
        of decision: Environment.Decision,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        if let deployment = decision.deployment {
            try await transaction.execute(DeploymentStore.insertion(of: deployment))
            try await transaction.execute(
                DeploymentStore.removalOfOld(
                    before: deployment,
                    keeping: decision.environment.status.live?.deployment
                )
            )
        }
        if let plan = decision.plan {
            let deployment = decision.deployment?.id
            try await PlanStore.apply(plan, as: deployment, at: now, in: transaction)
        }
        if let turn = decision.turn { try await DeploymentStore.turn(turn, in: transaction) }
        if decision.wakesJob {
            let subject = decision.environment.reference
            try await transaction.execute(JobQueue.release(of: subject))
        }
        guard let ends = decision.ends else { return }
        for deployment in ends.deployments {
            try await DeploymentStore.end(
                DeploymentOutcome(deployment, ends.state, detail: ends.outcome),
                of: decision.environment,
                at: now,
                in: transaction
            )
        }
    }
}
