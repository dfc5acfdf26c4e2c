import Domain
import JSON
import Postgres

extension JobQueue {
    /// Writes what a step found out about its subject, inside the transaction of its result.
    ///
    /// A subject that is gone takes in nothing more; events are told all the same.
    static func write(
        _ facts: [StepFact],
        of job: JobID,
        about subject: ObjectReference,
        tenant: TenantID?,
        in transaction: Transaction
    ) async throws {
        guard !facts.isEmpty else { return }
        let now = try await now(in: transaction)
        switch subject.kind {
        case .tenant:
            try await writeTenant(facts, of: job, about: subject, at: now, in: transaction)
        case .blueprint:
            try await writeBlueprint(facts, of: job, about: subject, at: now, in: transaction)
        case .cluster where facts.contains { !$0.isEvent }:
            try await writeCluster(
                facts,
                of: job,
                about: subject,
                tenant: tenant,
                at: now,
                in: transaction
            )
        case .environment where facts.contains { !$0.isEvent }:
            try await writeEnvironment(facts, of: job, about: subject, at: now, in: transaction)
        case .service where facts.contains { !$0.isEvent }:
            try await writeService(facts, of: job, about: subject, at: now, in: transaction)
        case .binding where facts.contains { !$0.isEvent }:
            try await writeBinding(facts, of: job, about: subject, at: now, in: transaction)
        case .managementCluster where facts.contains { !$0.isEvent }:
            try await writeManagementCluster(
                facts,
                of: job,
                about: subject,
                at: now,
                in: transaction
            )
        default: break
        }
        var random = SystemRandomNumberGenerator()
        for case .event(let type, let data) in facts {
            let isAboutJob = type.description.hasPrefix("dev.slipway.job.")
            let event = Event(
                id: EventID(at: now, using: &random),
                type: type,
                subject: isAboutJob ? .job(job) : subject,
                tenant: tenant,
                at: now,
                data: JSON.object(data).serialized()
            )
            try await transaction.execute(EventStore.insertion(of: event))
        }
        if facts.contains(.tenantRemoved), let id = subject.id {
            try await remove(id.cast(), in: transaction)
        }
    }

    /// Removes a tenant, and keeps its name for those who look into its history.
    private static func remove(
        _ tenant: TenantID,
        in transaction: Transaction
    ) async throws(DatabaseFault) {
        try await transaction.execute(
            """
            WITH removed AS (DELETE FROM tenant WHERE id = \(tenant) RETURNING id, name)
            INSERT INTO former_tenant (id, name, removed_at)
            SELECT id, name, now() FROM removed
            """
        )
    }

    private static func now(
        in transaction: Transaction
    ) async throws(DatabaseFault) -> Domain.Instant {
        let rows = try await transaction.execute("SELECT now()")
        guard let row = rows.first else { throw .decoding(column: 0, reason: "no clock") }
        return try row.decode(0)
    }

    private static func writeTenant(
        _ facts: [StepFact],
        of job: JobID,
        about subject: ObjectReference,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        guard let id = subject.id, facts.contains(where: { !$0.isEvent }) else { return }
        let rows = try await transaction.execute(
            "SELECT status FROM tenant WHERE id = \(id) FOR UPDATE"
        )
        guard let row = rows.first else { return }
        var status = try TenantStatus(reading: parsed(row.decode(0)))
        if facts.contains(where: \.isCancellation) {
            // A job that a newer one has overtaken says nothing of the tenant any more.
            guard status.job == job else { return }
            // A deletion that was given up can be asked for anew.
            if status.phase == .deleting { status.phase = .degraded }
        }
        var repository: TenantRepository?
        for fact in facts {
            status.take(fact, at: now)
            if case .repository(let found) = fact { repository = found }
        }
        try await transaction.execute(
            """
            UPDATE tenant
               SET phase = \(status.phase.rawValue), status = \(Document(status.write)),
                   repository = coalesce(\(repository.map { Document($0.write) }), repository),
                   revision = revision + 1, updated_at = now()
             WHERE id = \(id)
            """
        )
        for fact in facts where fact.ordersClusters {
            try await order(fact, of: id.cast(), at: now, in: transaction)
        }
        if facts.contains(.removeEnvironments) {
            try await removeEnvironments(of: id.cast(), at: now, in: transaction)
        }
        if facts.contains(.removeServices) {
            let cause = AuditCause(subject)
            try await ServiceStore.remove(
                of: id.cast(),
                following: cause,
                at: now,
                in: transaction
            )
        }
    }

    private static func writeBlueprint(
        _ facts: [StepFact],
        of job: JobID,
        about subject: ObjectReference,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        guard let id = subject.id, facts.contains(where: { !$0.isEvent }) else { return }
        let rows = try await transaction.execute(
            "SELECT status FROM blueprint WHERE id = \(id) FOR UPDATE"
        )
        guard let row = rows.first else { return }
        var status = try BlueprintStatus(reading: parsed(row.decode(0)))
        if facts.contains(where: \.isCancellation), status.job != job { return }
        for fact in facts {
            status.take(fact, at: now)
            if case .versions(let found) = fact {
                try await write(found, of: id.cast(), at: now, in: transaction)
            }
            if case .classes(let found, let version) = fact {
                try await write(found, of: subject, version, at: now, in: transaction)
            }
        }
        try await count(&status, of: id.cast(), in: transaction)
        try await transaction.execute(
            """
            UPDATE blueprint
               SET phase = \(status.phase.rawValue), status = \(Document(status.write)),
                   revision = revision + 1, updated_at = now()
             WHERE id = \(id)
            """
        )
    }

    /// Adds versions that were not known.
    ///
    /// One that is stays as it is, also where its tag has moved or gone: tenants stand on the
    /// commit that it named when it was found.
    private static func write(
        _ versions: [DiscoveredVersion],
        of blueprint: BlueprintID,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws(DatabaseFault) {
        var random = SystemRandomNumberGenerator()
        for found in versions {
            let id = ID<BlueprintVersion>(at: now, using: &random)
            let state: BlueprintVersion.State = found.findings.isEmpty ? .proposed : .defective
            let account =
                found.findings.isEmpty ? found.summary : found.findings.joined(separator: "\n")
            let order = SemanticVersion(found.version)?.sortKey ?? ""
            try await transaction.execute(
                """
                INSERT INTO blueprint_version (
                    id, blueprint_id, version, sort_key, tag, commit, state, parameters, summary,
                    created_at, updated_at)
                VALUES (
                    \(id), \(blueprint), \(found.version), \(order), \(found.tag),
                    \(found.commit), \(state.rawValue), \(Document(found.parameterSchema)),
                    \(account), now(), now())
                ON CONFLICT (blueprint_id, version) DO NOTHING
                """
            )
        }
        // Where nobody chose a default yet, it is the newest version that is no pre-release.
        try await transaction.execute(
            """
            UPDATE blueprint_version
               SET state = 'default', updated_at = now(), revision = revision + 1
             WHERE id = (
                SELECT id FROM blueprint_version
                 WHERE blueprint_id = \(blueprint) AND state = 'proposed'
                   AND version !~ '-'
                 ORDER BY sort_key DESC
                 LIMIT 1)
               AND NOT EXISTS (
                SELECT FROM blueprint_version
                 WHERE blueprint_id = \(blueprint) AND state = 'default')
            """
        )
    }

    private static func count(
        _ status: inout BlueprintStatus,
        of blueprint: BlueprintID,
        in transaction: Transaction
    ) async throws(DatabaseFault) {
        let rows = try await transaction.execute(
            """
            SELECT count(*), max(version) FILTER (WHERE state = 'default')
              FROM blueprint_version
             WHERE blueprint_id = \(blueprint)
            """
        )
        guard let row = rows.first else { return }
        status.versions = try row.decode(0)
        status.defaultVersion = try row.decode(1)
    }
}

extension [StepFact] {
    /// What of it counts where `newest` is at work on the subject: a job that a newer one has
    /// overtaken says nothing but that its own work has ended.
    func counting(of job: JobID, newest: JobID?) -> [StepFact] {
        guard contains(where: \.isCancellation), newest != job else { return self }
        return [.jobGivenUp]
    }
}

extension StepFact {
    fileprivate var isEvent: Bool {
        if case .event = self { true } else { false }
    }

    var isCancellation: Bool {
        if case .event(.jobCancelled, _) = self { true } else { false }
    }

    /// Whether jobs for the tenant's clusters follow from it.
    fileprivate var ordersClusters: Bool { self == .removeClusters || self == .touchClusters }

    /// Whether other jobs follow from it.
    var ordersJobs: Bool {
        switch self {
        // The end of a service may wait for that of its last binding.
        case .removeEnvironments, .removeServices, .bindingRemoved: true
        default: ordersClusters
        }
    }
}
