package import Domain
import JSON
import Postgres

extension ForgeStore {
    /// How long a lane is held without a sign of life: longer than any call takes.
    static let leaseDuration = Duration.seconds(120)

    /// What a forge is to be told: of threads whose state, or whose environment, is another than
    /// it was told of.
    ///
    /// What ended and was told stays out of the index, however much there is of it.
    static func due(at moment: Domain.Instant) -> SQL {
        """
        source s JOIN source_thread h ON h.source_id = s.id
          LEFT JOIN environment e ON e.tenant_id = s.tenant_id AND e.name = h.environment
         WHERE s.forge_id = f.id
           AND (h.is_open OR h.wanted > h.reported OR h.reported_of IS NOT NULL)
           AND (h.wanted > h.reported OR e.revision IS DISTINCT FROM h.reported_of)
           AND (h.report_due_at IS NULL OR h.report_due_at <= \(moment))
        """
    }

    /// Whether the lane is held, and its address and token are those of the forge.
    private static func isHeld(_ lane: ForgeLane) -> SQL {
        "id = \(lane.forge) AND lease = \(lane.lease) AND generation = \(lane.generation)"
    }

    /// Takes up to `room` forges that are to be told something, or looked at.
    package func claim(
        _ room: Int,
        as lease: ID<ForgeLane>,
        at moment: Domain.Instant
    ) async throws(StorageFault) -> [ForgeLane] {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                """
                UPDATE forge
                   SET lease = \(lease), lease_until = \(moment.advanced(by: Self.leaseDuration))
                 WHERE id IN (
                    SELECT f.id FROM forge f
                     WHERE f.token IS NOT NULL
                       AND (f.lease_until IS NULL OR f.lease_until <= \(moment))
                       AND (f.paused_until IS NULL OR f.paused_until <= \(moment))
                       AND (f.check_due_at <= \(moment)
                            OR EXISTS (SELECT FROM \(Self.due(at: moment))))
                     -- Who was not served for the longest time comes first.
                     ORDER BY f.lease_until NULLS FIRST
                     LIMIT \(room)
                       FOR NO KEY UPDATE OF f SKIP LOCKED)
                RETURNING id, generation, kind, spec ->> 'url', token,
                          check_due_at <= \(moment), failures
                """
            )
            var lanes: [ForgeLane] = []
            for index in 0..<rows.count {
                let row = rows[index]
                let kind = ForgeKind(rawValue: try row.decode(2, as: String.self))
                lanes.append(
                    ForgeLane(
                        forge: try row.decode(0),
                        lease: lease,
                        generation: try row.decode(1),
                        kind: kind ?? .gitea,
                        url: try row.decode(3),
                        token: try row.decode(4),
                        isCheckDue: try row.decode(5),
                        failures: try row.decode(6)
                    )
                )
            }
            return lanes
        }
    }

    /// What the forge is to be told next; keeps the lane.
    ///
    /// Nil also where the address or the token is another by now: whoever takes the lane next has
    /// the new one.
    package func next(
        _ lane: ForgeLane,
        at moment: Domain.Instant
    ) async throws(StorageFault) -> ReportCase? {
        let found = try await translating { () async throws(DatabaseFault) in
            try await database.write(
                """
                WITH kept AS (
                    UPDATE forge SET lease_until = \(moment.advanced(by: Self.leaseDuration))
                     WHERE \(Self.isHeld(lane))
                    RETURNING id)
                SELECT h.source_id, h.key, h.wanted, h.report, e.id
                  FROM kept f, \(Self.due(at: moment))
                 ORDER BY h.updated_at
                 LIMIT 1
                """
            ).first.map { row throws(DatabaseFault) in
                (
                    source: try row.decode(0, as: SourceID.self),
                    key: try row.decode(1, as: String.self),
                    wanted: try row.decode(2, as: Int64.self),
                    trace: try row.decode(3, as: [UInt8].self),
                    environment: try row.decode(4, as: EnvironmentID?.self)
                )
            }
        }
        guard let found, let source = try await SourceStore(database).find(found.source),
            let thread = try await HookStore(database).thread(found.key, of: found.source)?.thread
        else { return nil }
        var environment: Environment?
        if let id = found.environment {
            let stored = try await EnvironmentStore(database).find(id, as: .system)
            environment = try stored?.environment()
        }
        return ReportCase(
            source: source,
            thread: thread,
            trace: ReportTrace(reading: try parsed(found.trace)),
            environment: environment,
            wanted: found.wanted
        )
    }

    /// Writes down what stands on the forge now, and where all of it was told, that it was.
    ///
    /// `fault`: why the forge refused; it is told again a while later, or with the next change.
    ///
    /// - Returns: whether the lane is still held.
    package func record(
        _ told: ReportCase,
        isWhole: Bool,
        fault: String?,
        _ lane: ForgeLane,
        at moment: Domain.Instant
    ) async throws(StorageFault) -> Bool {
        let due = fault == nil ? nil : moment.advanced(by: ForgeLane.refusedPause)
        let hasAnswered = isWhole || fault != nil
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                """
                WITH kept AS (
                    UPDATE forge
                       SET lease_until = \(moment.advanced(by: Self.leaseDuration)),
                           failures = CASE WHEN \(hasAnswered) THEN 0 ELSE failures END
                     WHERE id = \(lane.forge) AND lease = \(lane.lease)
                    RETURNING id)
                UPDATE source_thread
                   SET report = \(Document(told.trace.write)),
                       reported = CASE WHEN \(isWhole) THEN \(told.wanted) ELSE reported END,
                       reported_of = CASE WHEN \(isWhole) THEN \(told.environment?.revision)
                                          ELSE reported_of END,
                       report_due_at = \(due), report_fault = \(fault)
                 WHERE source_id = \(told.source.id) AND key = \(told.thread.key)
                   AND EXISTS (SELECT FROM kept)
                RETURNING true
                """
            )
            return !rows.isEmpty
        }
    }

    /// Writes down what a look at the forge came to.
    package func record(
        check phase: ForgeStatus.Phase,
        _ message: String,
        _ lane: ForgeLane,
        at moment: Domain.Instant
    ) async throws(StorageFault) {
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                UPDATE forge
                   SET since = CASE WHEN phase = \(phase.rawValue) THEN since ELSE \(moment) END,
                       revision = revision
                           + CASE WHEN phase = \(phase.rawValue) AND message = \(message)
                                  THEN 0 ELSE 1 END,
                       phase = \(phase.rawValue), message = \(message), checked_at = \(moment),
                       check_due_at = \(moment.advanced(by: ForgeLane.checkEvery))
                 WHERE \(Self.isHeld(lane)) AND token IS NOT NULL
                """
            )
        }
    }

    /// Lets go of a lane; with a pause where the forge did not answer.
    package func release(
        _ lane: ForgeLane,
        pausing pause: Duration?,
        at moment: Domain.Instant
    ) async throws(StorageFault) {
        let until = pause.map { moment.advanced(by: $0) }
        let isHeld = Self.isHeld(lane)
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                UPDATE forge
                   SET lease = NULL, lease_until = \(moment),
                       -- A pause is of the address and the token that failed.
                       paused_until = CASE WHEN \(isHeld) THEN \(until) ELSE paused_until END,
                       failures = failures
                           + CASE WHEN \(isHeld) AND \(pause != nil) THEN 1 ELSE 0 END
                 WHERE id = \(lane.forge) AND lease = \(lane.lease)
                """
            )
        }
    }
}
