package import Domain
import JSON
import Postgres

/// What time has done, or is about to do, to an environment.
package struct DuePassage: Sendable, Hashable {
    /// The environment.
    package var environment: ObjectReference
    /// What the world is told of it.
    package var event: EventType
    /// When it was due.
    package var dueAt: Domain.Instant
    /// Whether a pause of ends holds it up.
    package var isHeld = false
    /// The environments that are awake and need it, which put it off; empty where none does.
    package var neededBy: [EnvironmentName] = []
}

/// What came of one sweep.
package struct EnvironmentSweep: Sendable, Hashable {
    /// An environment to which nothing could be done.
    package struct Failure: Sendable, Hashable {
        /// The environment.
        package var environment: EnvironmentID
        /// Why.
        package var reason: String
    }

    /// What was done, in its order.
    package var done: [DuePassage] = []
    /// What could not be done; it is tried again later, and later each time.
    package var failed: [Failure] = []
}

extension EnvironmentStore {
    /// The most environments that one sweep takes up: what was missed in an hour without a server
    /// is worked off a few at a time.
    package static let sweepMax = 50
    /// When an environment is looked at again whose end is held up by a pause.
    private static let pausedPause: Duration = .seconds(60)
    /// When an environment is looked at again that has no room to wake.
    private static let roomPause: Duration = .seconds(300)
    /// When one is tried again for the first time to which nothing could be done; doubled with
    /// every further time.
    private static let faultPause: Duration = .seconds(60)
    /// The longest time until it is tried again, as a power of two of that pause: an hour.
    private static let faultsMax = 6
    /// The most things that a rehearsal says of one environment.
    private static let rehearsedMax = 4

    /// Does to the environments what time asks for, the longest overdue first, and each thing
    /// once: what another process is at, is left to it.
    ///
    /// Nothing ends while `expiryPause` holds. Each environment has a transaction of its own, so
    /// that one that cannot be read or written keeps no other from its time. `moment` stands for
    /// now; nil for the database's clock.
    ///
    /// - Throws: where the database is away.
    package func sweep(
        limit: Int = sweepMax,
        in zones: any TimeZoneSource,
        at moment: Domain.Instant? = nil
    ) async throws(StorageFault) -> EnvironmentSweep {
        let due = try await due(limit, at: moment)
        guard !due.isEmpty else { return EnvironmentSweep() }
        let pause = try await expiryPause()
        var sweep = EnvironmentSweep()
        for id in due {
            do throws(StorageFault) {
                let passage = try await together(database) { transaction in
                    try await Self.pass(id, in: zones, at: moment, pause, transaction)
                }
                if let passage { sweep.done.append(passage) }
            } catch {
                switch error.outage {
                case .unavailable, .overloaded, .diskFull: throw error
                // Others change the same right now; the next sweep finds it due.
                case .refused: continue
                case .outcomeUnknown, .timedOut, .broken, nil: break
                }
                sweep.failed.append(
                    EnvironmentSweep.Failure(environment: id, reason: "\(error)")
                )
                try await setBack(id, at: moment)
            }
        }
        if !sweep.done.isEmpty { database.notify(channel: JobQueue.channel) }
        return sweep
    }

    /// What sweeps are going to do within a time, and do not do now: nothing is changed.
    ///
    /// Of each environment the next few things, all together in the order of their moments.
    package func rehearsal(
        within: Duration = .zero,
        limit: Int = sweepMax,
        in zones: any TimeZoneSource,
        at moment: Domain.Instant? = nil,
        as access: Access = .system
    ) async throws(StorageFault) -> [DuePassage] {
        let scope = access.scope(for: .readEnvironments)
        if case .nothing = scope { return [] }
        let found = try await translating { () async throws(DatabaseFault) in
            try await database.read(
                """
                SELECT coalesce(\(moment), now()), \(Self.awakeDependents),
                       \(StoredEnvironment.columns)
                  FROM environment
                 WHERE due_at <= coalesce(\(moment), now()) + \(interval: within)
                   AND \(scope.condition(on: "tenant_id"))
                 ORDER BY due_at, id
                 LIMIT \(limit)
                """
            )
        }
        let pause = try await expiryPause()
        var passages: [DuePassage] = []
        for row in found {
            let (now, names, stored) = try await translating { () throws(DatabaseFault) in
                var row = row
                let now: Domain.Instant = try row.next()
                let names: [String] = try row.next()
                return (now, names, try StoredEnvironment(row))
            }
            let others = EnvironmentName.names(in: names)
            // What cannot be read is told by the sweep.
            guard let environment = try? stored.environment() else { continue }
            let start = stored.dueAt ?? now
            passages += Self.passages(
                of: environment,
                from: (due: start, now: now),
                to: now.advanced(by: within),
                neededBy: others,
                in: zones
            ).map { passage in
                var passage = passage
                let at = Swift.max(now, passage.dueAt)
                let isEnd = passage.event == .environmentDeletionRequested
                passage.isHeld = isEnd && pause?.holds(at: at) ?? false
                return passage
            }
        }
        return passages.sorted {
            ($0.dueAt, $0.environment.name) < ($1.dueAt, $1.environment.name)
        }
    }

    /// What time does to one environment, one thing after the other.
    private static func passages(
        of environment: Environment,
        from start: (due: Domain.Instant, now: Domain.Instant),
        to end: Domain.Instant,
        neededBy others: [EnvironmentName],
        in zones: any TimeZoneSource
    ) -> [DuePassage] {
        var passages: [DuePassage] = []
        var random = SystemRandomNumberGenerator()
        var current = environment
        if others.isEmpty { current = current.takingUp(at: start.now) ?? current }
        var due: Domain.Instant? = start.due
        if environment.status.putOff != nil { due = current.passageAt(in: zones, after: start.now) }
        while let moment = due, moment <= end, passages.count < rehearsedMax {
            let occasion = Occasion(at: Swift.max(moment, start.now), using: &random)
            if let needed = current.puttingOff(for: others, in: zones, at: occasion.at) {
                let decision = current.passage(in: zones, on: occasion)
                if let type = decision?.event.type, current.status.putOff == nil {
                    var passage = DuePassage(
                        environment: current.reference,
                        event: type,
                        dueAt: moment
                    )
                    passage.neededBy = others
                    passages.append(passage)
                }
                current = needed
                due = current.passageAt(in: zones, after: occasion.at)
                continue
            }
            guard let decision = current.passage(in: zones, on: occasion) else { break }
            passages.append(
                DuePassage(
                    environment: current.reference,
                    event: decision.event.type,
                    dueAt: moment
                )
            )
            current = decision.environment
            due = current.passageAt(in: zones, after: occasion.at)
        }
        return passages
    }

    private func due(
        _ limit: Int,
        at moment: Domain.Instant?
    ) async throws(StorageFault) -> [EnvironmentID] {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT id FROM environment
                 WHERE due_at <= coalesce(\(moment), now())
                 ORDER BY due_at, id
                 LIMIT \(limit)
                """
            )
            var ids: [EnvironmentID] = []
            for row in rows { ids.append(try row.decode(0)) }
            return ids
        }
    }

    private static func pass(
        _ id: EnvironmentID,
        in zones: any TimeZoneSource,
        at moment: Domain.Instant?,
        _ pause: ExpiryPause?,
        _ transaction: Transaction
    ) async throws -> DuePassage? {
        let rows = try await transaction.execute(
            """
            SELECT coalesce(\(moment), now()), \(awakeDependents), \(StoredEnvironment.columns)
              FROM environment
             WHERE id = \(id) AND due_at <= coalesce(\(moment), now())
               FOR NO KEY UPDATE SKIP LOCKED
            """
        )
        guard var row = rows.first else { return nil }
        let now: Domain.Instant = try row.next()
        let others = EnvironmentName.names(in: try row.next())
        let stored = try StoredEnvironment(row)
        guard
            let environment = try await timed(
                try stored.environment(),
                neededBy: others,
                in: zones,
                at: now,
                transaction
            )
        else { return nil }
        let isHeld = pause?.holds(at: now) ?? false
        var random = SystemRandomNumberGenerator()
        let waits = environment.status.held != nil
        guard
            let decision = environment.passage(
                in: zones,
                freeze: waits ? try await freeze(of: environment.tenant, transaction) : nil,
                holdingEnds: isHeld,
                on: Occasion(at: now, using: &random)
            )
        else {
            try await postpone(environment, in: zones, at: now, holdingEnds: isHeld, transaction)
            return nil
        }
        let next = decision.environment
        if environment.spec.asleep, !next.spec.asleep {
            // Who holds the tenant is soon done; the next sweep asks again.
            guard let exceeded = try await exceeded(by: decision, in: transaction) else {
                return nil
            }
            guard exceeded.isEmpty else {
                let left = environment.leftAsleep(by: exceeded, at: now) ?? environment
                let later = now.advanced(by: roomPause)
                try await transaction.execute(update(to: left, dueAt: later, where: "true"))
                return nil
            }
        }
        let dueAt = next.dueAt(in: zones, at: now)
        try await write(decision, dueAt: dueAt, at: now, in: transaction)
        return DuePassage(
            environment: next.reference,
            event: decision.event.type,
            dueAt: stored.dueAt ?? now
        )
    }

    /// The environment as time finds it: that others need it is written down where that puts
    /// something off, and that they need it no longer; nil where there is nothing to do now.
    private static func timed(
        _ environment: Environment,
        neededBy others: [EnvironmentName],
        in zones: any TimeZoneSource,
        at now: Domain.Instant,
        _ transaction: Transaction
    ) async throws -> Environment? {
        if let needed = environment.puttingOff(for: others, in: zones, at: now) {
            let dueAt = needed.dueAt(in: zones, at: now)
            try await transaction.execute(update(to: needed, dueAt: dueAt, where: "true"))
            return nil
        }
        guard others.isEmpty, let free = environment.takingUp(at: now) else { return environment }
        let dueAt = free.dueAt(in: zones, at: now)
        try await transaction.execute(update(to: free, dueAt: dueAt, where: "true"))
        return free
    }

    /// When the tenant wants no roll-outs; nil for never.
    private static func freeze(
        of tenant: TenantID,
        _ transaction: Transaction
    ) async throws -> TenantFreeze? {
        let rows = try await transaction.execute(
            "SELECT spec -> 'freeze' FROM tenant WHERE id = \(tenant)"
        )
        let text: [UInt8]? = try rows.first?.decode(0)
        return TenantFreeze(reading: try text.map(parsed))
    }

    private static func postpone(
        _ environment: Environment,
        in zones: any TimeZoneSource,
        at now: Domain.Instant,
        holdingEnds: Bool,
        _ transaction: Transaction
    ) async throws(DatabaseFault) {
        var moment = environment.dueAt(in: zones, at: now, holdingEnds: holdingEnds)
        if holdingEnds, let end = environment.dueAt(in: zones, at: now) {
            let later = Swift.max(end, now.advanced(by: pausedPause))
            moment = moment.map { Swift.min($0, later) } ?? later
        }
        try await transaction.execute(
            """
            UPDATE environment SET due_at = \(moment), due_faults = 0
             WHERE id = \(environment.id)
            """
        )
    }

    /// Tries the environment again later.
    private func setBack(
        _ environment: EnvironmentID,
        at moment: Domain.Instant?
    ) async throws(StorageFault) {
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                UPDATE environment
                   SET due_at = coalesce(\(moment), now())
                            + \(interval: Self.faultPause) * power(2, due_faults),
                       due_faults = least(due_faults + 1, \(Int32(Self.faultsMax)))
                 WHERE id = \(environment) AND due_at IS NOT NULL
                """
            )
        }
    }
}
