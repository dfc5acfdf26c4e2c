import Catalog
package import Domain
import JSON
import Postgres

/// What forges delivered, and what is known of pull requests and branches.
package struct HookStore: Sendable {
    /// Sources of one repository that are looked up at once.
    package static let candidatesPerPage = 50
    /// How exactly a source knows when something was last delivered to it.
    private static let deliveredWithin = Duration.seconds(10)

    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// A source that a delivery may be for, with the sealed secret that says whether it is.
    package struct Candidate: Sendable {
        /// The source.
        package let id: SourceID
        /// Its tenant.
        package let tenant: TenantID
        /// What events and jobs call it.
        package let name: String
        /// The sealed secrets: its own, and the one before it while that counts.
        package let secrets: [String]
    }

    /// The sources of that repository on forges of that kind, by their ids, a page of them.
    ///
    /// A tenant has `Source.ofRepositoryMax` at most, and one tenant cannot hide another's.
    package func candidates(
        for repository: String,
        on forge: ForgeKind,
        after last: SourceID?,
        at moment: Domain.Instant
    ) async throws(StorageFault) -> [Candidate] {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT s.id, s.tenant_id, t.name || '/' || s.name, s.secret,
                       CASE WHEN s.previous_until > \(moment) THEN s.previous_secret END
                  FROM \(StoredSource.tables)
                 WHERE s.repository_key = \(repository.lowercased()) AND f.kind = \(forge.rawValue)
                   AND (\(last)::uuid IS NULL OR s.id > \(last))
                 ORDER BY s.id LIMIT \(unsafeSQL: String(Self.candidatesPerPage))
                """
            )
            var found: [Candidate] = []
            for index in 0..<rows.count {
                found.append(
                    Candidate(
                        id: try rows[index].decode(0),
                        tenant: try rows[index].decode(1),
                        name: try rows[index].decode(2),
                        secrets: [
                            try rows[index].decode(3, as: String.self),
                            try rows[index].decode(4, as: String?.self),
                        ].compactMap(\.self)
                    )
                )
            }
            return found
        }
    }

    /// What became of a delivery that arrived.
    package enum Reception: Sendable {
        /// It is written down, with its job.
        case taken
        /// This one came before, with the same id or content.
        case earlier(HookDelivery)
        /// The source is gone.
        case unknown
    }

    /// Takes a delivery with the job that handles it, once.
    package func take(
        _ delivery: HookDelivery,
        digest: [UInt8],
        for candidate: Candidate,
        traceparent: String?
    ) async throws(StorageFault) -> Reception {
        let isNew = try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                """
                WITH taken AS (
                    INSERT INTO source_delivery (
                        id, source_id, cause, key, digest, thread, event, state, outcome, job_id,
                        received_at, ended_at)
                    SELECT \(delivery.id), s.id, \(delivery.cause.rawValue), \(delivery.key),
                           \(digest), \(delivery.event.key), \(Document(delivery.event.write)),
                           \(delivery.state.rawValue), \(delivery.outcome), \(delivery.job),
                           \(delivery.receivedAt), \(delivery.endedAt)
                      FROM source s WHERE s.id = \(candidate.id)
                    ON CONFLICT DO NOTHING
                    RETURNING id
                ), noted AS (
                    UPDATE source SET delivered_at = \(delivery.receivedAt)
                     WHERE id = \(candidate.id) AND EXISTS (SELECT FROM taken)
                       -- Deliveries that come together do not wait for one another here.
                       AND (delivered_at IS NULL OR delivered_at
                            <= \(delivery.receivedAt.advanced(by: .zero - Self.deliveredWithin)))
                )\(Self.queueing(delivery, candidate, by: "hook", traceparent))
                \(Self.touching(delivery))
                SELECT EXISTS (SELECT FROM taken)
                """
            )
            return try rows[0].decode(0, as: Bool.self)
        }
        guard !isNew else { return .taken }
        let earlier = try await first(
            "d.key = \(delivery.key) OR d.digest = \(digest)",
            of: candidate.id
        )
        return earlier.map(Reception.earlier) ?? .unknown
    }

    /// Has the locations read that are in the repository of a push.
    private static func touching(_ delivery: HookDelivery) -> SQL {
        guard case .branch(let news) = delivery.event.subject, news.revision != nil,
            let url = news.repositoryURL
        else { return " " }
        let key = LocationTarget.key(ofRepository: url)
        return """
            , located AS (
                \(LocationStore.touching("\(key)")) AND EXISTS (SELECT FROM taken)
            ), asked AS (
                \(LocationStore.asking(forRepository: "\(key)")) AND EXISTS (SELECT FROM taken)
            )
            """
    }

    private static func queueing(
        _ delivery: HookDelivery,
        _ candidate: Candidate,
        by principal: String,
        _ traceparent: String?
    ) -> SQL {
        guard let job = delivery.job, let thread = delivery.event.key else { return " " }
        let subject = ObjectReference(
            kind: .source,
            id: candidate.id.cast(),
            name: "\(candidate.name)/\(thread)"
        )
        let input = Array("{\"delivery\":\"\(delivery.id)\"}".utf8)
        let new = NewJob(
            id: job,
            kind: .hookHandle,
            subject: subject,
            tenant: candidate.tenant,
            input: input
        )
        return """
            , queued AS (
                INSERT INTO job (
                    id, kind, tenant_id, subject_kind, subject_id, subject_name, lane, input,
                    requested_by, traceparent)
                SELECT \(new.id), \(new.kind.description), \(new.tenant),
                       \(new.subject.kind.rawValue), \(new.subject.id), \(new.subject.name),
                       \(new.lane), \(JSONText(new.input)), \(principal), \(traceparent)
                  FROM taken
            )
            """
    }

    /// The delivery with that id, with the source that it is for.
    package func find(
        _ id: HookDeliveryID
    ) async throws(StorageFault) -> (delivery: HookDelivery, source: SourceID)? {
        let found = try await translating { () async throws(DatabaseFault) in
            try await database.write(
                "SELECT \(StoredHookDelivery.columns) FROM source_delivery d WHERE d.id = \(id)"
            ).first.map(StoredHookDelivery.init)
        }
        guard let found else { return nil }
        return (try found.delivery(), found.source)
    }

    /// The delivery with that id to a source that the caller was let at.
    package func find(
        _ id: HookDeliveryID,
        to source: SourceID
    ) async throws(StorageFault) -> HookDelivery? {
        try await first("d.id = \(id)", of: source)
    }

    private func first(
        _ condition: SQL,
        of source: SourceID
    ) async throws(StorageFault) -> HookDelivery? {
        let found = try await translating { () async throws(DatabaseFault) in
            try await database.write(
                """
                SELECT \(StoredHookDelivery.columns) FROM source_delivery d
                 WHERE d.source_id = \(source) AND (\(condition)) ORDER BY d.place LIMIT 1
                """
            ).first.map(StoredHookDelivery.init)
        }
        return try found?.delivery()
    }

    /// The deliveries to a source that the caller was let at, the newest first.
    package func deliveries(
        to source: SourceID,
        state: HookDelivery.State?,
        before place: Int64?,
        limit: Int
    ) async throws(StorageFault) -> Page<PlacedDelivery> {
        var conditions: [SQL] = ["d.source_id = \(source)"]
        if let state { conditions.append("d.state = \(state.rawValue)") }
        if let place { conditions.append("d.place < \(place)") }
        let sql: SQL = """
            SELECT \(StoredHookDelivery.columns) FROM source_delivery d
             WHERE \(SQL.joined(conditions, by: " AND "))
             ORDER BY d.place DESC LIMIT \(rows: limit + 1)
            """
        let page = try await translating { () async throws(DatabaseFault) in
            try Page(try await database.read(sql), limit: limit, StoredHookDelivery.init)
        }
        var items: [PlacedDelivery] = []
        for stored in page.items {
            items.append(PlacedDelivery(place: stored.place, delivery: try stored.delivery()))
        }
        return Page(items: items, hasMore: page.hasMore)
    }

    /// Deletes deliveries that were handled long ago, and what is known of pull requests and
    /// branches that ended long ago: at most `batch` of each.
    ///
    /// - Returns: how many; as many as `batch` or more means that there may be more.
    package func removeOld(batch: Int) async throws(StorageFault) -> Int {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                """
                WITH deliveries AS (
                    DELETE FROM source_delivery
                     WHERE id IN (
                        SELECT id FROM source_delivery
                         WHERE ended_at < now() - \(interval: Self.keepEnded) LIMIT \(batch))
                    RETURNING true
                ), threads AS (
                    DELETE FROM source_thread
                     WHERE (source_id, key) IN (
                        SELECT source_id, key FROM source_thread
                         WHERE NOT is_open AND updated_at < now() - \(interval: Self.keepClosed)
                         LIMIT \(batch))
                    RETURNING true
                )
                SELECT (SELECT count(*) FROM deliveries), (SELECT count(*) FROM threads)
                """
            )
            return try rows[0].decode(0, as: Int.self) + rows[0].decode(1, as: Int.self)
        }
    }

    /// How long deliveries are kept once they were handled, and so recognised: 14 days.
    package static let keepEnded = Duration.seconds(14 * 86_400)
    /// How long a pull request or branch that ended is known: 30 days.
    private static let keepClosed = Duration.seconds(30 * 86_400)
}

/// A delivery with its place among those of its source.
package struct PlacedDelivery: Sendable {
    /// The place; later ones have higher numbers.
    package let place: Int64
    /// The delivery.
    package let delivery: HookDelivery
}

/// A delivery as it is stored, its event not read yet.
struct StoredHookDelivery: Sendable {
    let place: Int64
    let source: SourceID
    private let base: HookDelivery
    private let event: [UInt8]

    static let columns: SQL = """
        d.place, d.source_id, d.id, d.cause, d.key, d.event, d.state, d.outcome, d.environment,
        d.job_id, d.received_at, d.ended_at
        """

    init(_ row: Row) throws(DatabaseFault) {
        var row = row
        place = try row.next()
        source = try row.next()
        let id: HookDeliveryID = try row.next()
        let cause: String = try row.next()
        let key: String? = try row.next()
        event = try row.next()
        let state: String = try row.next()
        let outcome: String? = try row.next()
        let environment: String? = try row.next()
        base = HookDelivery(
            id: id,
            cause: HookDelivery.Cause(rawValue: cause) ?? .hook,
            key: key,
            event: HookEvent(repository: "", subject: .ping, at: nil),
            state: HookDelivery.State(rawValue: state) ?? .refused,
            outcome: outcome,
            // A name was checked when it was stored.
            environment: environment.flatMap { try? EnvironmentName(parsing: $0) },
            job: try row.next(),
            receivedAt: try row.next(),
            endedAt: try row.next()
        )
    }

    func delivery() throws(StorageFault) -> HookDelivery {
        var delivery = base
        let document = try parsed(event)
        delivery.event = try reading { () throws(DocumentFault) in
            try HookEvent(reading: document)
        }
        return delivery
    }
}
