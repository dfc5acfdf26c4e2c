/// Brings a database to the newest schema, forward only.
///
/// Blocks: not for a loop's thread.
package struct Migrator: Sendable {
    /// The number of the advisory lock that one migrator holds at a time: "slipway" in ASCII.
    private static let advisoryLock: Int64 = 0x73_6C69_7077_6179

    /// All migrations the program knows, in order.
    package let migrations: [Migration]
    /// How long another migrator may hold the lock; it may be building an index.
    package var lockWait = Duration.seconds(60)
    /// How long a migration waits for a table: programs that use it wait behind it.
    package var tableWait = Duration.seconds(5)

    /// A migrator that knows exactly these.
    package init(_ migrations: [Migration]) {
        self.migrations = migrations
    }

    /// Applies what is missing, each migration in a transaction of its own, under an advisory
    /// lock, so that any number of programs may call it at once.
    ///
    /// - Parameters:
    ///   - connection: the database.
    ///   - last: the number of the last migration to apply, for tests that look in between.
    ///   - applied: called after each migration that was applied.
    /// - Returns: the migrations that were applied now.
    /// - Throws: `MigrationFault`, after which nothing of the failed migration remains.
    @discardableResult
    package func migrate(
        _ connection: ConnectionString,
        upTo last: Int = .max,
        applied: (Migration) -> Void = { _ in }
    ) throws(MigrationFault) -> [Migration] {
        try checkOwnNumbers()
        let session = try connect(connection)
        try setTimeout("lock_timeout", to: lockWait, session)
        // Held by the session, and so let go of at its end, however that comes about.
        try control("SELECT pg_advisory_lock(\(Self.advisoryLock))", session)
        try setTimeout("lock_timeout", to: tableWait, session)
        try control(Self.createTable, session)
        let missing = try missing(session).filter { $0.number <= last }
        for migration in missing {
            try apply(migration, session)
            applied(migration)
        }
        return missing
    }

    /// What `migrate` would apply now; changes nothing.
    ///
    /// - Throws: `MigrationFault` like `migrate`.
    package func pending(_ connection: ConnectionString) throws(MigrationFault) -> [Migration] {
        try checkOwnNumbers()
        let session = try connect(connection)
        let table = try control("SELECT to_regclass('slipway_migration')", session)
        guard table.first?.first != .some(nil) else { return migrations }
        return try missing(session)
    }

    private static let createTable = """
        CREATE TABLE IF NOT EXISTS slipway_migration (
            number int PRIMARY KEY,
            name text NOT NULL,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """

    /// The migrations that the database lacks, after a look at those that it has.
    private func missing(_ session: borrowing DirectSession) throws(MigrationFault) -> [Migration] {
        let rows = try control(
            "SELECT number, name, checksum FROM slipway_migration ORDER BY number",
            session
        )
        if rows.count > migrations.count {
            let newest = rows.last.flatMap { $0[0] }.flatMap { Int($0) }
            throw .databaseIsNewer(database: newest ?? rows.count, program: migrations.count)
        }
        for (row, migration) in zip(rows, migrations) {
            let checksum = try checksum(of: migration, session)
            guard row[0] == String(migration.number), row[2] == checksum else {
                throw .changed(number: migration.number, name: row[1] ?? migration.name)
            }
        }
        return Array(migrations[rows.count...])
    }

    /// PostgreSQL's own SHA-256 of the text, in hexadecimal.
    private func checksum(
        of migration: Migration,
        _ session: borrowing DirectSession
    ) throws(MigrationFault) -> String {
        do {
            let rows = try session.run(
                "SELECT encode(sha256(convert_to($1, 'UTF8')), 'hex')",
                [migration.sql]
            )
            return rows.first?.first.flatMap { $0 } ?? ""
        } catch {
            throw .connection(reason: error.message)
        }
    }

    private func apply(
        _ migration: Migration,
        _ session: borrowing DirectSession
    ) throws(MigrationFault) {
        let checksum = try checksum(of: migration, session)
        do {
            try session.run("BEGIN")
            try session.run(migration.sql)
            try session.run(
                "INSERT INTO slipway_migration (number, name, checksum) VALUES ($1, $2, $3)",
                [String(migration.number), migration.name, checksum]
            )
            try session.run("COMMIT")
        } catch {
            throw .failed(
                number: migration.number,
                name: migration.name,
                sqlState: error.sqlState,
                message: error.message
            )
        }
    }

    private func checkOwnNumbers() throws(MigrationFault) {
        for (index, migration) in migrations.enumerated() where migration.number != index + 1 {
            throw .notConsecutive(expected: index + 1, found: migration.number)
        }
    }

    private func connect(_ target: ConnectionString) throws(MigrationFault) -> DirectSession {
        let session: DirectSession
        do {
            session = try DirectSession(target.setting("application_name", to: "slipway migrate"))
        } catch {
            throw .connection(reason: error.reason)
        }
        let isPooled: Bool
        do {
            isPooled = try session.isPooled()
        } catch {
            throw .connection(reason: error.message)
        }
        guard !isPooled else { throw .pooled }
        return session
    }

    private func setTimeout(
        _ name: String,
        to duration: Duration,
        _ session: borrowing DirectSession
    ) throws(MigrationFault) {
        try control("SET \(name) = \(duration.milliseconds)", session)
    }

    /// A statement of the migrator itself.
    @discardableResult
    private func control(
        _ text: String,
        _ session: borrowing DirectSession
    ) throws(MigrationFault) -> [[String?]] {
        do {
            return try session.run(text)
        } catch {
            if error.sqlState == "55P03" { throw .lockTimeout }
            throw .connection(reason: error.message)
        }
    }
}

extension Duration {
    /// Whole milliseconds, as PostgreSQL's settings count.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }
}
