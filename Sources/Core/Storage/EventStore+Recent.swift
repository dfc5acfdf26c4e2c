package import Domain
import Postgres

extension EventStore {
    /// How many of a tenant's newest events are looked through for those about one thing.
    package static let recentMax = 10_000

    /// The newest events about a thing of a tenant, the newest first.
    package func recent(
        about subject: ObjectReference,
        of tenant: TenantID,
        limit: Int,
        as access: Access
    ) async throws(StorageFault) -> [Event] {
        let scope = access.scope(for: .readEvents)
        let rows = try await translating { () async throws(DatabaseFault) in
            try await database.read(
                """
                SELECT \(PositionedEvent.columns) FROM (
                    SELECT \(PositionedEvent.columns) FROM event
                     WHERE tenant_id = \(tenant) AND position IS NOT NULL
                       AND \(scope.condition(on: "tenant_id"))
                     ORDER BY position DESC LIMIT \(Self.recentMax)) newest
                 WHERE subject_kind = \(subject.kind.rawValue)
                   AND subject_name = \(subject.name)
                 ORDER BY position DESC LIMIT \(rows: limit)
                """
            )
        }
        var events: [Event] = []
        for index in 0..<min(rows.count, limit) {
            do throws(DatabaseFault) {
                events.append(try PositionedEvent(rows[index], from: 0).event)
            } catch {
                throw StorageFault(error)
            }
        }
        return events
    }
}
