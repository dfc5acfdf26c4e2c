package import Domain
import Postgres

/// What came of one sweep over bindings.
package struct BindingSweep: Sendable, Hashable {
    /// A binding to which nothing could be done.
    package struct Failure: Sendable, Hashable {
        /// The binding.
        package var binding: BindingID
        /// Why.
        package var reason: String
    }

    /// The work that was begun, in its order.
    package var begun: [(binding: ObjectReference, job: JobKind)] = []
    /// What could not be done; it is tried again later, and later each time.
    package var failed: [Failure] = []

    package static func == (left: BindingSweep, right: BindingSweep) -> Bool {
        left.failed == right.failed && left.begun.elementsEqual(right.begun, by: ==)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(failed)
        hasher.combine(begun.count)
    }
}

extension BindingStore {
    /// The most bindings that one sweep takes up.
    package static let sweepMax = 50
    /// When a binding is looked at again to which nothing is to be done now.
    private static let idlePause: Duration = .seconds(300)
    /// When one is tried again for the first time to which nothing could be done; doubled with
    /// every further time.
    private static let faultPause: Duration = .seconds(60)
    /// The longest time until it is tried again, as a power of two of that pause: an hour.
    private static let faultsMax = 6

    /// Begins the next credential of bindings whose time has come, and the end of credentials
    /// whose overlap is over; the longest overdue first.
    ///
    /// `moment` stands for now; nil for the database's clock.
    ///
    /// - Throws: where the database is away.
    package func sweep(
        limit: Int = sweepMax,
        at moment: Domain.Instant? = nil
    ) async throws(StorageFault) -> BindingSweep {
        var sweep = BindingSweep()
        for id in try await due(limit, at: moment) {
            do throws(StorageFault) {
                let begun = try await together(database) { transaction in
                    try await Self.pass(id, at: moment, transaction)
                }
                if let begun { sweep.begun.append(begun) }
            } catch {
                switch error.outage {
                case .unavailable, .overloaded, .diskFull: throw error
                // Others change the same right now; the next sweep finds it due.
                case .refused: continue
                case .outcomeUnknown, .timedOut, .broken, nil: break
                }
                sweep.failed.append(BindingSweep.Failure(binding: id, reason: "\(error)"))
                try await setBack(id, at: moment)
            }
        }
        if !sweep.begun.isEmpty { database.notify(channel: JobQueue.channel) }
        return sweep
    }

    private func due(
        _ limit: Int,
        at moment: Domain.Instant?
    ) async throws(StorageFault) -> [BindingID] {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT id FROM service_binding
                 WHERE due_at <= coalesce(\(moment), now())
                 ORDER BY due_at, id
                 LIMIT \(limit)
                """
            )
            var ids: [BindingID] = []
            for row in rows { ids.append(try row.decode(0)) }
            return ids
        }
    }

    private static func pass(
        _ id: BindingID,
        at moment: Domain.Instant?,
        _ transaction: Transaction
    ) async throws -> (binding: ObjectReference, job: JobKind)? {
        let rows = try await transaction.execute(
            """
            SELECT coalesce(\(moment), now()),
                   (SELECT s.phase IN ('ready', 'degraded', 'provisioning')
                      FROM service_instance s WHERE s.id = service_id),
                   \(StoredBinding.columns)
              FROM service_binding
             WHERE id = \(id) AND due_at <= coalesce(\(moment), now())
               FOR NO KEY UPDATE SKIP LOCKED
            """
        )
        guard var row = rows.first else { return nil }
        let now: Domain.Instant = try row.next()
        let admits: Bool = try row.next()
        let binding = try StoredBinding(row).binding()
        var random = SystemRandomNumberGenerator()
        let occasion = Occasion(at: now, using: &random)
        guard let decision = binding.upkeep(admits: admits, on: occasion),
            let job = decision.job
        else {
            try await transaction.execute(
                """
                UPDATE service_binding SET due_at = \(now.advanced(by: idlePause))
                 WHERE id = \(id)
                """
            )
            return nil
        }
        try await write(decision, in: transaction)
        return (binding.reference, job.kind)
    }

    /// Tries the binding again later.
    private func setBack(
        _ binding: BindingID,
        at moment: Domain.Instant?
    ) async throws(StorageFault) {
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                UPDATE service_binding
                   SET due_at = coalesce(\(moment), now())
                            + \(interval: Self.faultPause) * power(2, due_faults),
                       due_faults = least(due_faults + 1, \(Int32(Self.faultsMax)))
                 WHERE id = \(binding) AND due_at IS NOT NULL
                """
            )
        }
    }
}
