package import Domain
import JSON
import Postgres

extension ManagementClusterStore {
    /// How long what was seen stands although nothing of it changed.
    private static let seenFor = Duration.seconds(300)

    /// Every management cluster, for those who watch them.
    package func all() async throws(StorageFault) -> [StoredManagementCluster] {
        var found: [StoredManagementCluster] = []
        var query = ListQuery(limit: Self.pageMax)
        while true {
            let page = try await list(query, as: .system)
            found += page.items
            guard page.hasMore, let last = page.items.last else { return found }
            query.after = last.position(by: query.order.key)
        }
    }

    /// Management clusters that are read at once.
    private static var pageMax: Int { 100 }

    /// Writes down what a look at a management cluster brought; nothing where it brought nothing
    /// new and the last one is not long ago.
    package func record(
        _ facts: [StepFact],
        of management: ManagementClusterID
    ) async throws(StorageFault) {
        try await together(database) { transaction in
            let rows = try await transaction.execute(
                """
                SELECT now(), status FROM management_cluster
                 WHERE id = \(management) FOR NO KEY UPDATE
                """
            )
            guard var row = rows.first else { return }
            let now: Domain.Instant = try row.next()
            let before = try ManagementClusterStatus(reading: parsed(row.next()))
            var status = before
            for fact in facts { status.take(fact, at: now) }
            var same = status
            same.checkedAt = before.checkedAt
            if same == before, let seen = before.checkedAt, now - seen < Self.seenFor { return }
            try await transaction.execute(
                """
                UPDATE management_cluster
                   SET phase = \(status.phase.rawValue), status = \(Document(status.write)),
                       revision = revision + 1, updated_at = now()
                 WHERE id = \(management)
                """
            )
        }
    }
}
