package import Domain
import Postgres

/// The audit log.
///
/// Entries of changes are written with the changes; refusals are written here.
package struct AuditStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// Records calls that were denied or refused, in one statement; their ids are given here.
    package func record(_ entries: [AuditEntry]) async throws(StorageFault) {
        guard !entries.isEmpty else { return }
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(Self.insertion(of: entries))
        }
    }

    /// Records what somebody did past the stores, and tells of it: both or neither.
    package func record(
        _ entry: AuditEntry,
        telling events: [Event]
    ) async throws(StorageFault) {
        var told: [SQL] = []
        for (index, event) in events.enumerated() {
            let name = "told_\(index)"
            told.append("\(unsafeSQL: name) AS (\(EventStore.insertion(of: event)))")
        }
        let start: SQL = told.isEmpty ? "" : "WITH \(SQL.joined(told, by: ", ")) "
        let sql = start + Self.insertion(of: [entry])
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(sql)
        }
    }

    private static func insertion(of entries: [AuditEntry]) -> SQL {
        """
        INSERT INTO audit (
            at, token_id, actor, operation, object_kind, object_id, object_name,
            tenant_id, result, code, peer, request_id)
        SELECT * FROM unnest(
            \(entries.map(\.at)), \(entries.map(\.token)), \(entries.map(\.actor)),
            \(entries.map(\.operation)), \(entries.map(\.object.kind.rawValue)),
            \(entries.map(\.object.id)), \(entries.map(\.object.name)),
            \(entries.map(\.tenant)), \(entries.map(\.result.rawValue)),
            \(entries.map(\.code)), \(entries.map(\.peer)),
            \(entries.map(\.requestID)))
        """
    }

    /// The entries that the caller may see and that pass the filters, the newest first.
    package func list(
        _ query: AuditQuery,
        as access: Access
    ) async throws(StorageFault) -> Page<AuditEntry> {
        let scope = access.scope(for: .readAudit)
        if case .nothing = scope { return Page(items: [], hasMore: false) }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(Self.listing(query, within: scope))
            return try Page(rows, limit: query.limit) { row throws(DatabaseFault) in
                try AuditEntry(row)
            }
        }
    }

    static func listing(_ query: AuditQuery, within scope: Access.Scope) -> SQL {
        var conditions = [scope.condition(on: "tenant_id")]
        if query.tenant != nil { conditions.append(TenantNaming.condition) }
        if let operation = query.operation { conditions.append("operation = \(operation)") }
        if let actor = query.actor { conditions.append("actor = \(actor)") }
        if let result = query.result { conditions.append("result = \(result.rawValue)") }
        if let before = query.before { conditions.append("id < \(before)") }
        let ending: SQL = "ORDER BY id DESC LIMIT \(rows: query.limit + 1)"
        let page: SQL = """
            SELECT id, at, token_id, actor, operation, object_kind, object_id, object_name,
                   tenant_id, result, code, peer, request_id, cause_kind, cause_id, cause_name
              FROM audit
             WHERE \(SQL.joined(conditions, by: " AND "))
            \(ending)
            """
        return TenantNaming.page(page, of: query.tenant, ending: ending)
    }
}

/// What the audit log can be asked for.
package struct AuditQuery: Sendable, Hashable {
    /// The entry at which the last page ended; nil starts with the newest.
    package var before: Int64?
    /// How many items at most; held to 1…500.
    package var limit: Int
    /// Only entries of this operation.
    package var operation: String?
    /// Only entries of the principal with this name.
    package var actor: String?
    /// Only entries about this tenant.
    package var tenant: TenantName?
    /// Only entries with this result.
    package var result: AuditEntry.Result?

    /// A question; without arguments, everything from the newest on.
    package init(
        before: Int64? = nil,
        limit: Int = 50,
        operation: String? = nil,
        actor: String? = nil,
        tenant: TenantName? = nil,
        result: AuditEntry.Result? = nil
    ) {
        self.before = before
        self.limit = max(1, min(limit, ListQuery.limitMax))
        self.operation = operation
        self.actor = actor
        self.tenant = tenant
        self.result = result
    }
}

extension AuditEntry {
    fileprivate init(_ row: Row) throws(DatabaseFault) {
        self.init(
            id: try row.decode(0),
            at: try row.decode(1),
            token: try row.decode(2),
            actor: try row.decode(3),
            operation: try row.decode(4),
            object: try ObjectReference(row, from: 5),
            cause: try row.decode(13, as: String?.self) == nil
                ? nil : try ObjectReference(row, from: 13),
            tenant: try row.decode(8),
            result: Result(rawValue: try row.decode(9)) ?? .refused,
            code: try row.decode(10),
            peer: try row.decode(11),
            requestID: try row.decode(12)
        )
    }
}
