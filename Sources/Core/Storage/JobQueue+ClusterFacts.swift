import Domain
import JSON
import Postgres

extension JobQueue {
    /// Writes what a step found out about a tenant's cluster.
    static func writeCluster(
        _ facts: [StepFact],
        of job: JobID,
        about subject: ObjectReference,
        tenant: TenantID?,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        guard let id = subject.id, let tenant else { return }
        let rows = try await transaction.execute(all: [
            "SELECT FROM tenant WHERE id = \(tenant) FOR NO KEY UPDATE",
            "SELECT \(StoredCluster.columns) FROM cluster WHERE id = \(id) FOR NO KEY UPDATE",
        ])[1]
        guard let row = rows.first else { return }
        let before = try StoredCluster(row).cluster()
        var cluster = before
        if facts.contains(where: \.isCancellation) {
            // A job that a newer one has overtaken says nothing of the cluster any more.
            guard cluster.status.job == job else { return }
            // A deletion that was given up can be asked for anew.
            if cluster.status.phase == .deleting { cluster.status.phase = .degraded }
        }
        var told: [EventType] = []
        for fact in facts {
            cluster.status.take(fact, at: now)
            guard case .clusterSeen(let seen) = fact,
                let sighting = cluster.sighting(of: seen, at: now)
            else { continue }
            cluster.status = sighting.status
            told += sighting.events
        }
        let sighting = Cluster.Sighting(status: cluster.status, events: told)
        try await ClusterStore.write(sighting, of: before, at: now, in: transaction)
        guard facts.contains(.clusterRemoved) else { return }
        try await transaction.execute("DELETE FROM cluster WHERE id = \(id)")
        try await ClusterClassStore.removeWithdrawn(
            cluster.spec.className,
            at: now,
            in: transaction
        )
        try await ClusterStore.summarise(tenant, in: transaction)
    }

    /// Writes what a step found out about a management cluster.
    static func writeManagementCluster(
        _ facts: [StepFact],
        of job: JobID,
        about subject: ObjectReference,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        guard let id = subject.id else { return }
        let rows = try await transaction.execute(
            "SELECT status FROM management_cluster WHERE id = \(id) FOR NO KEY UPDATE"
        )
        guard let row = rows.first else { return }
        var status = try ManagementClusterStatus(reading: parsed(row.decode(0)))
        if facts.contains(where: \.isCancellation), status.job != job { return }
        for fact in facts { status.take(fact, at: now) }
        try await transaction.execute(
            """
            UPDATE management_cluster
               SET phase = \(status.phase.rawValue), status = \(Document(status.write)),
                   revision = revision + 1, updated_at = now()
             WHERE id = \(id)
            """
        )
    }

    /// Gives each of a tenant's clusters a job: to go, or to be delivered anew.
    ///
    /// The tenant's row is locked by then.
    static func order(
        _ fact: StepFact,
        of tenant: TenantID,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        let rows = try await transaction.execute(
            """
            SELECT \(StoredCluster.columns) FROM cluster
             WHERE tenant_id = \(tenant) AND phase <> 'deleting'
             ORDER BY id
               FOR NO KEY UPDATE
            """
        )
        var random = SystemRandomNumberGenerator()
        for row in rows {
            let cluster = try StoredCluster(row).cluster()
            let occasion = Occasion(at: now, using: &random)
            let decision =
                fact == .removeClusters
                ? cluster.removal(on: occasion) : cluster.touch(on: occasion)
            try await ClusterStore.write(decision.cluster, in: transaction)
            try await transaction.writeConsequences(
                of: cluster.reference,
                givingUp: ClusterStore.supersession(by: decision.job?.kind),
                job: decision.job,
                event: decision.event
            )
        }
        if !rows.isEmpty { try await ClusterStore.summarise(tenant, in: transaction) }
    }
}
