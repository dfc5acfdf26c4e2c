package import Domain
package import Postgres

/// The event log: one order for everything that happened.
package struct EventStore: Sendable {
    /// The channel on which processes tell each other that events got positions.
    package static let channel = "slipway_events"

    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The statement that stores an event, to stand alone in a transaction.
    ///
    /// It gets its position once the transaction has ended.
    package static func insertion(of event: Event) -> SQL {
        insertion(of: event, from: "(VALUES (1)) AS one")
    }

    /// The same for each row of a relation that the statement around it names.
    static func insertion(of event: Event, from source: StaticString) -> SQL {
        """
        INSERT INTO event (
            id, type, subject_kind, subject_id, subject_name, tenant_id, at, data)
        SELECT \(event.id), \(event.type.description), \(event.subject.kind.rawValue),
               \(event.subject.id), \(event.subject.name), \(event.tenant), \(event.at),
               \(Document(event.data))
          FROM \(unsafeSQL: source.description)
        """
    }

    /// The events behind a position, in order.
    ///
    /// - Throws: `.positionTooOld` where some of them were deleted for their age;
    ///   `.positionUnknown` where the log ends before the position, as it may after a restore.
    package func read(
        _ query: EventQuery,
        as access: Access
    ) async throws(StorageFault) -> EventPage {
        let scope = access.scope(for: .readEvents)
        return try await read(Self.reading(query, within: scope), query)
    }

    /// The changes of the catalog behind a position, in order: those of entities that the caller
    /// may see, the platform's included.
    ///
    /// - Throws: as `read` does.
    package func changesOfCatalog(
        after position: Int64?,
        limit: Int,
        as access: Access
    ) async throws(StorageFault) -> EventPage {
        let query = EventQuery(after: position, limit: limit)
        let scope = access.scope(for: .readCatalog)
        // The kind stands in the text: a partial index of the log holds these events alone.
        let conditions: [SQL] = [
            "subject_kind = 'entity'", scope.orPlatform(on: "tenant_id"),
        ]
        return try await read(Self.reading(query, where: conditions), query)
    }

    private func read(_ sql: SQL, _ query: EventQuery) async throws(StorageFault) -> EventPage {
        let (bounds, page) = try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(sql)
            return (try Bounds(rows), try Self.page(rows, limit: query.limit))
        }
        let after = query.after ?? bounds.trimmed
        guard after >= bounds.trimmed else { throw .positionTooOld(oldest: bounds.trimmed + 1) }
        guard after <= bounds.last else { throw .positionUnknown(newest: bounds.last) }
        let next = page.hasMore ? page.items.last?.position : max(after, bounds.last)
        return EventPage(events: page.items, hasMore: page.hasMore, next: next ?? after)
    }

    /// The position given out last; 0 before the first.
    package func lastPosition() async throws(StorageFault) -> Int64 {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read("SELECT last FROM event_log")
            return try rows.first.map { row throws(DatabaseFault) in try row.decode(0) } ?? 0
        }
    }

    /// Joined from the outside, so that the bounds come along when there is no event.
    static func reading(_ query: EventQuery, within scope: Access.Scope) -> SQL {
        var conditions = [scope.condition(on: "tenant_id")]
        if query.tenant != nil { conditions.append(TenantNaming.condition) }
        if let subject = query.subject {
            conditions.append(
                """
                subject_kind = \(subject.kind.rawValue) AND subject_name = \(subject.name)
                """
            )
        }
        if !query.types.isEmpty {
            conditions.append("type = ANY (\(query.types.map(\.description)))")
        }
        return reading(query, where: conditions)
    }

    private static func reading(_ query: EventQuery, where conditions: [SQL]) -> SQL {
        let ending: SQL = "ORDER BY position LIMIT \(rows: query.limit + 1)"
        let page: SQL = """
            SELECT \(PositionedEvent.columns) FROM event
             WHERE position > greatest(\(query.after ?? 0), log.trimmed)
               AND \(SQL.joined(conditions, by: " AND "))
            \(ending)
            """
        return """
            SELECT log.trimmed, log.last, found.*
              FROM event_log log LEFT JOIN LATERAL (
                \(TenantNaming.page(page, of: query.tenant, ending: ending))
              ) found ON true
            """
    }

    private static func page(
        _ rows: Rows,
        limit: Int
    ) throws(DatabaseFault) -> Page<PositionedEvent> {
        guard let first = rows.first, try first.decode(2, as: Int64?.self) != nil else {
            return Page(items: [], hasMore: false)
        }
        return try Page(rows, limit: limit) { row throws(DatabaseFault) in
            try PositionedEvent(row, from: 2)
        }
    }

    /// How far the log reaches.
    private struct Bounds {
        var trimmed: Int64 = 0
        var last: Int64 = 0

        init(_ rows: Rows) throws(DatabaseFault) {
            guard let row = rows.first else { return }
            trimmed = try row.decode(0)
            last = try row.decode(1)
        }
    }
}

/// What the event log can be asked for.
package struct EventQuery: Sendable, Hashable {
    /// The last position that the reader has seen; nil starts with the oldest event.
    package var after: Int64?
    /// How many items at most; held to 1…500.
    package var limit: Int
    /// Only events of this tenant.
    package var tenant: TenantName?
    /// Only events about this thing.
    package var subject: ObjectReference?
    /// Only events of these types; none means all.
    package var types: [EventType]

    /// A question; the filters are for all events unless said otherwise.
    package init(
        after: Int64?,
        limit: Int = 50,
        tenant: TenantName? = nil,
        subject: ObjectReference? = nil,
        types: [EventType] = []
    ) {
        self.after = after
        self.limit = max(1, min(limit, ListQuery.limitMax))
        self.tenant = tenant
        self.subject = subject
        self.types = types
    }
}

/// An event and its place in the log.
package struct PositionedEvent: Sendable, Equatable {
    /// The place in the log, from 1.
    package let position: Int64
    /// What happened.
    package let event: Event

    static let columns: SQL = """
        position, id, type, subject_kind, subject_id, subject_name, tenant_id, at, data
        """

    init(_ row: Row, from column: Int) throws(DatabaseFault) {
        position = try row.decode(column)
        event = Event(
            id: try row.decode(column + 1),
            type: EventType(try row.decode(column + 2)),
            subject: try ObjectReference(row, from: column + 3),
            tenant: try row.decode(column + 6),
            at: try row.decode(column + 7),
            data: try row.decode(column + 8)
        )
    }
}

/// A piece of the event log.
package struct EventPage: Sendable, Equatable {
    /// The events, in the order of their positions.
    package let events: [PositionedEvent]
    /// Whether there is more right now.
    package let hasMore: Bool
    /// Where to go on: nothing that the filters let through was left out before it.
    package let next: Int64
}

extension ObjectReference {
    /// Reads kind, id and name from neighbouring columns.
    init(_ row: Row, from column: Int) throws(DatabaseFault) {
        self.init(
            kind: Kind(rawValue: try row.decode(column)) ?? .platform,
            id: try row.decode(column + 1),
            name: try row.decode(column + 2)
        )
    }
}
