/// One step of the schema's history.
package struct Migration: Sendable, Equatable {
    /// 1, 2, 3, … without a gap.
    package let number: Int
    /// What it is about: `tenant_quota`.
    package let name: String
    /// Its statements; they run in one transaction.
    ///
    /// Never changed once released.
    package let sql: String

    /// One step with its place in the history.
    package init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }
}

/// Why the schema could not be brought up to date; the description says what to do.
package enum MigrationFault: Error, Equatable {
    /// The program's own list has a gap or a double number.
    case notConsecutive(expected: Int, found: Int)
    /// The database has migrations that this program does not know.
    case databaseIsNewer(database: Int, program: Int)
    /// A migration was changed after it had been applied.
    case changed(number: Int, name: String)
    /// The migration failed and was rolled back.
    case failed(number: Int, name: String, sqlState: String, message: String)
    /// Another program holds the migration lock.
    case lockTimeout
    /// A connection pooler such as PgBouncer stands in front of the database.
    case pooled
    /// The database could not be reached or used.
    case connection(reason: String)
}

extension MigrationFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notConsecutive(let expected, let found):
            "the program's own migrations are not consecutive: \(expected) was expected, "
                + "\(found) found; this program was built wrongly"
        case .databaseIsNewer(let database, let program):
            "the database is at migration \(database), but this program knows only up to "
                + "\(program): start a newer version of the program, or restore a backup of the "
                + "database made before it was migrated"
        case .changed(let number, let name):
            "migration \(number) (\(name)) is not the one that was applied to this database: "
                + "applied migrations never change; use the program version that applied it, or "
                + "one released after it"
        case .failed(let number, let name, let sqlState, let message):
            "migration \(number) (\(name)) failed and was rolled back: \(message) "
                + "(SQLSTATE \(sqlState))"
        case .lockTimeout:
            "another program has been migrating this database for too long: wait until it is "
                + "done, or end it, and start again"
        case .pooled:
            "the database's address is that of a connection pooler such as PgBouncer, through "
                + "which settings, prepared statements and LISTEN do not pass: give the address "
                + "of PostgreSQL itself, the program keeps a bounded number of sessions"
        case .connection(let reason):
            "the database could not be used: \(reason)"
        }
    }
}
