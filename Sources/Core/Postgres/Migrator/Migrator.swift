/// Brings a database to the newest schema, forward only. Blocks: not for a loop's thread.
package struct Migrator: Sendable {
    /// All migrations the program knows, in order.
    package let migrations: [Migration]

    package init(_ migrations: [Migration]) {
        self.migrations = migrations
    }

    /// Applies what is missing, each migration in a transaction of its own, under an advisory
    /// lock, so that any number of programs may call it at once.
    ///
    /// - Parameter applied: called after each migration that was applied.
    /// - Returns: the migrations that were applied now.
    /// - Throws: `MigrationFault`, after which nothing of the failed migration remains.
    @discardableResult
    package func migrate(
        _ connection: ConnectionString,
        upTo last: Int = .max,
        applied: (Migration) -> Void = { _ in }
    ) throws(MigrationFault) -> [Migration] {
        preconditionFailure("not built yet")
    }

    /// What `migrate` would apply now; changes nothing.
    ///
    /// - Throws: `MigrationFault` like `migrate`.
    package func pending(_ connection: ConnectionString) throws(MigrationFault) -> [Migration] {
        preconditionFailure("not built yet")
    }
}
