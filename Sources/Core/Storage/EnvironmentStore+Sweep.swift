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
}

extension EnvironmentStore {
    /// The most environments that one sweep takes up: what was missed in an hour without a server
    /// is worked off a few at a time.
    package static let sweepMax = 50
    /// When an environment is looked at again whose end is held up by a pause.
    private static let pausedPause: Duration = .seconds(60)
    /// When an environment is looked at again whose documents cannot be read.
    private static let unreadablePause: Duration = .seconds(3_600)

    /// Does to the environments what time asks for, the longest overdue first, and each thing
    /// once: what another process is at, is left to it.
    ///
    /// Nothing ends while `expiryPause` holds. `moment` stands for now; nil for the database's
    /// clock.
    ///
    /// - Returns: what was done; as many as `limit` mean that there may be more.
    package func sweep(
        limit: Int = sweepMax,
        in zones: any TimeZoneSource,
        at moment: Domain.Instant? = nil
    ) async throws(StorageFault) -> [DuePassage] {
        let done = try await together(database) { transaction in
            let rows = try await transaction.execute(
                """
                SELECT coalesce(\(moment), now()), \(StoredEnvironment.columns) FROM environment
                 WHERE due_at <= coalesce(\(moment), now())
                 ORDER BY due_at, id
                 LIMIT \(limit)
                   FOR NO KEY UPDATE SKIP LOCKED
                """
            )
            let pause = rows.isEmpty ? nil : try Self.pause(await transaction.execute(Self.pause))
            var done: [DuePassage] = []
            for row in rows {
                var row = row
                let now: Domain.Instant = try row.next()
                let stored = try StoredEnvironment(row)
                let holds = pause?.holds(at: now) ?? false
                if let passage = try await Self.pass(
                    stored,
                    in: zones,
                    at: now,
                    holdingEnds: holds,
                    transaction
                ) {
                    done.append(passage)
                }
            }
            return done
        }
        if !done.isEmpty { database.notify(channel: JobQueue.channel) }
        return done
    }

    /// What a sweep would do now, and does not: nothing is changed.
    package func rehearsal(
        limit: Int = sweepMax,
        in zones: any TimeZoneSource,
        at moment: Domain.Instant? = nil
    ) async throws(StorageFault) -> [DuePassage] {
        let found = try await translating { () async throws(DatabaseFault) in
            try await database.read(
                """
                SELECT coalesce(\(moment), now()), \(StoredEnvironment.columns) FROM environment
                 WHERE due_at <= coalesce(\(moment), now())
                 ORDER BY due_at, id
                 LIMIT \(limit)
                """
            )
        }
        var due: [DuePassage] = []
        var random = SystemRandomNumberGenerator()
        for row in found {
            let (now, stored) = try await translating { () throws(DatabaseFault) in
                var row = row
                let now: Domain.Instant = try row.next()
                return (now, try StoredEnvironment(row))
            }
            let occasion = Occasion(at: now, using: &random)
            let environment = try stored.environment()
            guard let decision = environment.passage(in: zones, on: occasion) else { continue }
            due.append(
                DuePassage(
                    environment: environment.reference,
                    event: decision.event.type,
                    dueAt: stored.dueAt ?? now
                )
            )
        }
        return due
    }

    private static func pass(
        _ stored: StoredEnvironment,
        in zones: any TimeZoneSource,
        at now: Domain.Instant,
        holdingEnds: Bool,
        _ transaction: Transaction
    ) async throws -> DuePassage? {
        let environment: Environment
        do throws(StorageFault) {
            environment = try stored.environment()
        } catch {
            // One that cannot be read must not keep all others from their time.
            try await postpone(stored.id, to: now.advanced(by: unreadablePause), in: transaction)
            return nil
        }
        var random = SystemRandomNumberGenerator()
        let isHeld = environment.status.held != nil
        guard
            let decision = environment.passage(
                in: zones,
                freeze: isHeld ? try await freeze(of: environment.tenant, transaction) : nil,
                on: Occasion(at: now, using: &random)
            )
        else {
            let next = environment.dueAt(in: zones, at: now)
            try await postpone(environment.id, to: next, in: transaction)
            return nil
        }
        let next = decision.environment
        if holdingEnds, next.status.phase == .deleting {
            try await postpone(environment.id, to: now.advanced(by: pausedPause), in: transaction)
            return nil
        }
        let dueAt = next.dueAt(in: zones, at: now)
        try await write(decision, dueAt: dueAt, at: now, in: transaction)
        return DuePassage(
            environment: next.reference,
            event: decision.event.type,
            dueAt: stored.dueAt ?? now
        )
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
        _ environment: EnvironmentID,
        to moment: Domain.Instant?,
        in transaction: Transaction
    ) async throws(DatabaseFault) {
        try await transaction.execute(
            "UPDATE environment SET due_at = \(moment) WHERE id = \(environment)"
        )
    }
}
