import Domain
import Postgres

extension ClusterClassStore {
    /// Removes classes that came from the blueprint, all but those of these names; one that
    /// clusters are made from is withdrawn and stays for them.
    static func withdraw(
        classesOf blueprint: BlueprintName,
        except names: [ClusterClassName] = [],
        because reason: String,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        // Whoever makes a cluster of the class refers to its row, and waits or is told that it is
        // gone.
        let rows = try await transaction.execute(
            """
            SELECT EXISTS (SELECT FROM cluster WHERE cluster_class_id = cluster_class.id),
                   \(StoredClusterClass.columns), template
              FROM cluster_class
             WHERE source_blueprint = \(blueprint.text)
               AND NOT name = ANY (\(names.map(\.text)))
             ORDER BY name
               FOR UPDATE
            """
        )
        var random = SystemRandomNumberGenerator()
        for row in rows {
            var row = row
            let isUsed: Bool = try row.next()
            let current = try StoredClusterClass(row, hasTemplate: true).clusterClass()
            let occasion = Occasion(at: now, using: &random)
            guard isUsed else {
                try await remove(current.deletion(on: occasion), in: transaction)
                continue
            }
            let detail = "\(reason). The class stays for the clusters that are made from it."
            guard let decision = try current.withdrawal(because: detail, on: occasion) else {
                continue
            }
            try await write(decision, in: transaction)
        }
    }

    /// Removes a withdrawn class with the last cluster that was made from it.
    static func removeWithdrawn(
        _ made: ClusterClassName?,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        guard let made else { return }
        let rows = try await transaction.execute(
            """
            SELECT \(StoredClusterClass.columns), template FROM cluster_class
             WHERE name = \(made.text)
               AND phase = 'withdrawn'
               AND NOT EXISTS (
                SELECT FROM cluster WHERE cluster_class_id = cluster_class.id)
               FOR UPDATE
            """
        )
        guard let row = rows.first else { return }
        var random = SystemRandomNumberGenerator()
        let current = try StoredClusterClass(row, hasTemplate: true).clusterClass()
        try await remove(current.deletion(on: Occasion(at: now, using: &random)), in: transaction)
    }

    /// Writes a changed class, whose row is locked, and tells of it.
    static func write(
        _ decision: ClusterClass.Decision,
        in transaction: Transaction
    ) async throws(DatabaseFault) {
        try await transaction.execute(all: [
            update(to: decision, where: "id = \(decision.clusterClass.id)"),
            EventStore.insertion(of: decision.event),
        ])
    }

    private static func remove(
        _ decision: ClusterClass.Decision,
        in transaction: Transaction
    ) async throws(DatabaseFault) {
        try await transaction.execute(all: [
            "DELETE FROM cluster_class WHERE id = \(decision.clusterClass.id)",
            EventStore.insertion(of: decision.event),
        ])
    }
}
