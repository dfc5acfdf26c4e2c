import Domain
import Postgres

/// A changing call about a thing that belongs to the platform as a whole.
struct PlatformChange {
    let database: Database
    var statement: ChangeStatement
    let permission: Permission
    /// The revision that the thing has now; nil where there is none that the caller may see.
    let current: () async throws(StorageFault) -> Int64?

    /// True where the thing still is at that revision and the call was not made before.
    func guarded(by revision: Int64) -> SQL {
        "id = \(statement.object.id) AND revision = \(revision) AND \(statement.isNew)"
    }

    /// Runs the statement that changes the thing's row and returns its id.
    ///
    /// - Throws: `.notFound` where the caller may not change it or it is gone, `.stale` with the
    ///   current revision, `.keyReused`, `.keyInProgress`, and what the table refuses.
    func perform(_ change: SQL) async throws(StorageFault) -> WriteOutcome {
        try await perform(change, after: nil)
    }

    /// The same where `before` holds in the same transaction.
    func perform(
        _ change: SQL,
        before: @escaping (Transaction) async throws -> Void
    ) async throws(StorageFault) -> WriteOutcome {
        try await perform(change, before: before, after: nil)
    }

    /// Removes the thing's row where it still is at that revision.
    ///
    /// Jobs about it end; `after` is run in the same transaction.
    ///
    /// - Throws: `.inUse` where something refers to it, and as `perform` does.
    func remove(
        from table: StaticString,
        at revision: Int64,
        after: ((Transaction) async throws -> Void)? = nil
    ) async throws(StorageFault) -> WriteOutcome {
        var ending = self
        ending.statement.supersedes = .unfinished
        let removal: SQL = """
            DELETE FROM \(unsafeSQL: table.description)
             WHERE \(guarded(by: revision))
            RETURNING id
            """
        do {
            return try await ending.perform(removal, after: after)
        } catch .missingReference {
            // The same constraint, seen from its other side.
            throw .inUse
        }
    }

    private func perform(
        _ change: SQL,
        before: ((Transaction) async throws -> Void)? = nil,
        after: ((Transaction) async throws -> Void)?
    ) async throws(StorageFault) -> WriteOutcome {
        guard case .everything = statement.call.access.scope(for: permission) else {
            throw .notFound
        }
        let result =
            if before != nil || after != nil {
                try await database.perform(
                    statement,
                    changing: change,
                    before: { try await before?($0) },
                    after: { try await after?($0) }
                )
            } else {
                try await database.perform(statement, changing: change)
            }
        if case .outcome(let outcome) = result { return outcome }
        guard let revision = try await current() else { throw .notFound }
        throw .stale(current: revision)
    }
}
