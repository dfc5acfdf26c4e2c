package import Domain
import JSON
import Postgres

/// What the handling of a delivery goes by.
package struct HookCase: Sendable {
    /// The delivery.
    package let delivery: HookDelivery
    /// The source that it is for.
    package let source: Source
    /// What is known of its pull request or branch.
    package let thread: SourceThread
    /// A delivery of later news about the same thing that is to be handled; nil where there is
    /// none.
    package let newer: HookDeliveryID?
}

extension HookStore {
    /// The most deliveries behind one that are looked at.
    private static let laterMax = 50

    /// What the handling of a delivery goes by; nil where it was handled, or is gone with its
    /// source.
    package func open(_ id: HookDeliveryID) async throws(StorageFault) -> HookCase? {
        guard let (delivery, sourceID) = try await find(id), delivery.state == .accepted,
            let key = delivery.event.key,
            let source = try await SourceStore(database).find(sourceID)
        else { return nil }
        let (thread, stored) = try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                """
                SELECT \(Self.threadColumns), n.id, n.event
                  FROM (VALUES (1)) one
                  LEFT JOIN source_thread h ON h.source_id = \(sourceID) AND h.key = \(key)
                  LEFT JOIN LATERAL (
                    SELECT n.id, n.place, n.event
                      FROM source_delivery n, source_delivery d
                     WHERE d.id = \(id) AND n.source_id = d.source_id
                       AND n.thread = d.thread AND n.place > d.place
                       AND n.state = 'accepted' AND n.cause = 'hook'
                     ORDER BY n.place DESC LIMIT \(unsafeSQL: String(Self.laterMax))) n ON true
                 ORDER BY n.place
                """
            )
            var later: [(HookDeliveryID, [UInt8])] = []
            for index in 0..<rows.count {
                guard let id = try rows[index].decode(8, as: HookDeliveryID?.self) else { break }
                later.append((id, try rows[index].decode(9)))
            }
            return (try SourceThread(key, rows[0]), later)
        }
        var later: [(id: HookDeliveryID, event: HookEvent)] = []
        for (id, event) in stored {
            let document = try parsed(event)
            let news = try reading { () throws(DocumentFault) in try HookEvent(reading: document) }
            later.append((id, news))
        }
        return HookCase(
            delivery: delivery,
            source: source,
            thread: thread,
            newer: thread.successor(of: delivery.event, among: later)
        )
    }

    /// What `SourceThread` reads; all may be null.
    private static let threadColumns: SQL = """
        h.environment, h.revision, h.told_at, array_to_string(h.seen, ' '), h.approved, h.is_held,
        h.is_open, h.refusal
        """

    /// What is known of a pull request or branch, with the newest news of it.
    package func thread(
        _ key: String,
        of source: SourceID
    ) async throws(StorageFault) -> (thread: SourceThread, news: HookEvent)? {
        let found = try await translating { () async throws(DatabaseFault) in
            try await database.write(
                """
                SELECT \(Self.threadColumns), h.news
                  FROM source_thread h WHERE h.source_id = \(source) AND h.key = \(key)
                """
            ).first.map { row throws(DatabaseFault) in
                (try SourceThread(key, row), try row.decode(8, as: [UInt8].self))
            }
        }
        guard let found else { return nil }
        let document = try parsed(found.1)
        let news = try reading { () throws(DocumentFault) in try HookEvent(reading: document) }
        return (found.0, news)
    }

    /// Writes down what became of a delivery, and what is known of its pull request or branch.
    ///
    /// `thread` is nil where the delivery told nothing new.
    package func finish(
        _ delivery: HookDelivery,
        of source: SourceID,
        thread: SourceThread?,
        at moment: Domain.Instant
    ) async throws(StorageFault) {
        let outcome = delivery.outcome.map { String($0.prefix(HookDelivery.outcomeLengthMax)) }
        let handling: SQL = """
            UPDATE source_delivery
               SET state = \(delivery.state.rawValue), outcome = \(outcome),
                   environment = \(delivery.environment?.text), ended_at = \(moment)
             WHERE id = \(delivery.id) AND state = 'accepted'
            RETURNING id
            """
        let statement: SQL =
            if let thread {
                "WITH handled AS (\(handling)) "
                    + Self.keeping(thread, delivery.event, of: source, moment)
            } else {
                handling
            }
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(statement)
        }
    }

    /// Keeps what is known where the delivery was `handled` just now.
    private static func keeping(
        _ thread: SourceThread,
        _ news: HookEvent,
        of source: SourceID,
        _ moment: Domain.Instant
    ) -> SQL {
        """
        INSERT INTO source_thread AS h (
            source_id, key, environment, revision, told_at, seen, news, approved, is_held,
            is_open, refusal, updated_at)
        SELECT
            \(source), \(thread.key), \(thread.environment?.text), \(thread.revision),
            \(thread.toldAt), \(thread.seen), \(Document(news.write)), \(thread.approved),
            \(thread.isHeld), \(thread.isOpen), \(thread.refusal), \(moment)
          FROM handled
        ON CONFLICT (source_id, key) DO UPDATE
           SET environment = excluded.environment, revision = excluded.revision,
               told_at = excluded.told_at, seen = excluded.seen, news = excluded.news,
               -- An approval that came meanwhile stays.
               is_held = excluded.is_held, is_open = excluded.is_open,
               refusal = excluded.refusal, updated_at = excluded.updated_at,
               wanted = h.wanted + 1, report_due_at = NULL
        """
    }

    /// Approves a revision of a pull request, with the work that follows.
    ///
    /// - Throws: `.stale` where it is at another revision by now, `.notFound`.
    package func approve(
        _ delivery: HookDelivery,
        _ revision: String,
        of source: Source,
        event: Event,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        guard call.access.allows(.approveSources, in: source.tenant.id) else { throw .notFound }
        let statement = statement(delivery, source, event: event, call)
        let result = try await database.perform(
            statement,
            changing: """
                INSERT INTO source_delivery (
                    id, source_id, cause, thread, event, state, job_id, received_at)
                SELECT \(delivery.id), h.source_id, \(delivery.cause.rawValue), h.key,
                       \(Document(delivery.event.write)), 'accepted', \(delivery.job),
                       \(delivery.receivedAt)
                  FROM source_thread h
                 WHERE h.source_id = \(source.id) AND h.key = \(delivery.event.key)
                   AND h.revision = \(revision) AND h.is_open AND \(statement.isNew)
                RETURNING id
                """,
            before: { _ in },
            after: { transaction in
                try await transaction.execute(
                    """
                    UPDATE source_thread
                       SET approved = \(revision), updated_at = \(call.at)
                     WHERE source_id = \(source.id) AND key = \(delivery.event.key)
                    """
                )
            }
        )
        guard case .outcome(let outcome) = result else { throw .stale(current: 0) }
        return outcome
    }

    /// Handles a delivery once more.
    ///
    /// - Throws: `.stale` where it is being handled, `.notFound`.
    package func redeliver(
        _ delivery: HookDelivery,
        of source: Source,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        guard call.access.allows(.approveSources, in: source.tenant.id) else { throw .notFound }
        let statement = statement(delivery, source, event: nil, call)
        let result = try await database.perform(
            statement,
            changing: """
                UPDATE source_delivery
                   SET state = 'accepted', outcome = NULL, ended_at = NULL,
                       job_id = \(delivery.job)
                 WHERE id = \(delivery.id) AND source_id = \(source.id) AND state <> 'accepted'
                   AND \(statement.isNew)
                RETURNING id
                """
        )
        guard case .outcome(let outcome) = result else { throw .stale(current: 0) }
        return outcome
    }

    private func statement(
        _ delivery: HookDelivery,
        _ source: Source,
        event: Event?,
        _ call: Call
    ) -> ChangeStatement {
        ChangeStatement(
            call: call,
            object: source.reference,
            tenant: source.tenant.id,
            job: delivery.job.map { job in
                NewJob(
                    id: job,
                    kind: .hookHandle,
                    subject: ObjectReference(
                        kind: .source,
                        id: source.id.cast(),
                        name: "\(source.tenant.name)/\(source.name)/\(delivery.event.key ?? "")"
                    ),
                    tenant: source.tenant.id,
                    input: Array("{\"delivery\":\"\(delivery.id)\"}".utf8)
                )
            },
            event: event
        )
    }
}

extension SourceThread {
    /// Reads `HookStore.threadColumns`.
    fileprivate init(_ key: String, _ row: Row) throws(DatabaseFault) {
        self.init(key: key)
        let name: String? = try row.decode(0)
        // A name was checked when it was stored.
        environment = name.flatMap { try? EnvironmentName(parsing: $0) }
        revision = try row.decode(1)
        toldAt = try row.decode(2)
        let commits: String? = try row.decode(3)
        seen = (commits ?? "").split(separator: " ").map(String.init)
        approved = try row.decode(4)
        isHeld = try row.decode(5, as: Bool?.self) ?? false
        isOpen = try row.decode(6, as: Bool?.self) ?? true
        refusal = try row.decode(7)
    }
}
