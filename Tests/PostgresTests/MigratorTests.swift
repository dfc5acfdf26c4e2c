import Postgres
import Synchronization
import TestSupport
import Testing

@Suite struct MigratorTests {
    private let first = Migration(
        number: 1,
        name: "shelf",
        sql: "CREATE TABLE shelf (id int PRIMARY KEY);"
    )
    private let second = Migration(
        number: 2,
        name: "book",
        sql: "CREATE TABLE book (id int); ALTER TABLE book ADD title text; -- two statements"
    )

    private func fault(_ body: () throws -> Void) -> MigrationFault? {
        do {
            try body()
            return nil
        } catch {
            return error as? MigrationFault
        }
    }

    @Test func `migrations are applied in order and once`() throws {
        let database = try TestDatabase()
        #expect(try Migrator([first]).migrate(database.connection) == [first])
        #expect(try Migrator([first, second]).pending(database.connection) == [second])
        #expect(try Migrator([first, second]).migrate(database.connection) == [second])
        #expect(try Migrator([first, second]).migrate(database.connection) == [])
        let rows = try database.run(
            "SELECT number, name, length(checksum) FROM slipway_migration ORDER BY number"
        )
        #expect(rows == [["1", "shelf", "64"], ["2", "book", "64"]])
    }

    @Test func `a pooler in front of the database is refused`() throws {
        let database = try TestDatabase()
        // As a pooler does: the process that answers is not the one that was told at the start.
        try database.run(
            """
            CREATE SCHEMA pooler;
            CREATE FUNCTION pooler.pg_backend_pid() RETURNS int LANGUAGE sql AS 'SELECT 1'
            """
        )
        let pooled = database.connection.setting(
            "options",
            to: "-c search_path=pooler,pg_catalog"
        )
        #expect(fault { try Migrator([first]).migrate(pooled) } == .pooled)
        #expect(fault { _ = try Migrator([first]).pending(pooled) } == .pooled)
        #expect(MigrationFault.pooled.description.contains("PgBouncer"))
    }

    @Test func `an empty database lacks every migration`() throws {
        let database = try TestDatabase()
        #expect(try Migrator([first, second]).pending(database.connection).count == 2)
    }

    @Test func `two migrators at once apply each migration once`() async throws {
        let database = try TestDatabase()
        let migrator = Migrator(
            (1...12).map { Migration(number: $0, name: "t\($0)", sql: "CREATE TABLE t\($0) ()") }
        )
        let applied = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask { try migrator.migrate(database.connection).count }
            }
            return try await group.reduce(0, +)
        }
        #expect(applied == 12)
    }

    @Test func `a migration that was changed after it was applied is refused`() throws {
        let database = try TestDatabase()
        try Migrator([first, second]).migrate(database.connection)
        let changed = Migration(number: 1, name: "shelf", sql: first.sql + " -- harmless")
        let found = fault { try Migrator([changed, second]).migrate(database.connection) }
        #expect(found == .changed(number: 1, name: "shelf"))
        #expect(found?.description.contains("never change") == true)
    }

    @Test func `a database newer than the program is refused`() throws {
        let database = try TestDatabase()
        try Migrator([first, second]).migrate(database.connection)
        let found = fault { try Migrator([first]).migrate(database.connection) }
        #expect(found == .databaseIsNewer(database: 2, program: 1))
        #expect(found?.description.contains("start a newer version") == true)
        #expect(fault { _ = try Migrator([first]).pending(database.connection) } == found)
    }

    @Test func `a migration that fails leaves nothing behind`() throws {
        let database = try TestDatabase()
        let broken = Migration(
            number: 2,
            name: "broken",
            sql: "CREATE TABLE half (); SELECT 1 / 0;"
        )
        let found = fault { try Migrator([first, broken]).migrate(database.connection) }
        guard case .failed(2, "broken", "22012", _) = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        let rows = try database.run(
            "SELECT to_regclass('half'), (SELECT count(*) FROM slipway_migration)"
        )
        #expect(rows == [[nil, "1"]])
        #expect(try Migrator([first, second]).migrate(database.connection) == [second])
    }

    @Test func `gaps and doubles in the program's own list are refused`() throws {
        let database = try TestDatabase()
        let found = fault { try Migrator([second]).migrate(database.connection) }
        #expect(found == .notConsecutive(expected: 1, found: 2))
    }

    @Test func `a held lock ends in a fault that says so`() throws {
        let database = try TestDatabase()
        var migrator = Migrator([first])
        migrator.lockWait = .milliseconds(20)
        let seen = Mutex<MigrationFault?>(nil)
        try Migrator([first]).migrate(database.connection) { _ in
            let inner = self.fault { try migrator.migrate(database.connection) }
            seen.withLock { $0 = inner }
        }
        #expect(seen.withLock { $0 } == .lockTimeout)
    }

    @Test func `a fixture can be put between two migrations`() throws {
        let database = try TestDatabase()
        try Migrator([first, second]).migrate(database.connection, upTo: 1)
        try database.run("INSERT INTO shelf VALUES (7)")
        #expect(try Migrator([first, second]).migrate(database.connection) == [second])
        #expect(try database.run("SELECT id FROM shelf") == [["7"]])
    }

    @Test func `copies of a migrated database are apart`() throws {
        let one = try TestDatabase(migrations: [first])
        let other = try TestDatabase(migrations: [first])
        try one.run("INSERT INTO shelf VALUES (1)")
        #expect(try other.run("SELECT count(*) FROM shelf") == [["0"]])
    }

    @Test func `an unreachable database says why`() throws {
        let nowhere = ConnectionString(
            socketDirectory: "/nonexistent",
            user: "nobody",
            database: "nothing"
        )
        let found = fault { try Migrator([first]).migrate(nowhere) }
        guard case .connection(let reason) = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(reason.contains("/nonexistent"))
    }
}
