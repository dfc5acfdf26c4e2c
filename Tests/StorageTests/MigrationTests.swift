import EventLoop
import Glibc
import Postgres
import TestSupport
import Testing

extension StorageTests {
    /// Every migration, applied to a database that already holds rows of the ones before it.
    struct MigrationTests {
        private static let fixtures = "\(folder)/Fixtures"
        private static var folder: Substring { #filePath.dropLast("/MigrationTests.swift".count) }

        private func fixture(_ number: Int) throws -> String {
            let digits = String(number)
            let name = String(repeating: "0", count: 4 - digits.count) + digits + ".sql"
            let file = try #require(fopen("\(Self.fixtures)/\(name)", "r"), "there is no \(name)")
            defer { fclose(file) }
            var bytes: [UInt8] = []
            var byte = fgetc(file)
            while byte != EOF {
                bytes.append(UInt8(truncatingIfNeeded: byte))
                byte = fgetc(file)
            }
            return String(decoding: bytes, as: UTF8.self)
        }

        private func tables(of database: TestDatabase) throws -> [String] {
            try database.run(
                """
                SELECT relname FROM pg_class
                 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1
                """
            ).compactMap { $0[0] }
        }

        @Test func `each migration applies on top of the rows of the ones before it`() throws {
            let database = try TestDatabase()
            let migrator = Migrator(embeddedMigrations)
            for migration in embeddedMigrations {
                try migrator.migrate(database.connection, upTo: migration.number)
                try database.run(try fixture(migration.number))
            }
            #expect(try migrator.pending(database.connection).isEmpty)
            for table in try tables(of: database) {
                let count = try database.run("SELECT count(*) FROM \(table)")[0][0]
                #expect(count != "0", "\(table) has no row in any fixture")
            }
        }

        @Test func `entities that are written while counting begins are counted`() async throws {
            let database = try TestDatabase()
            let migrator = Migrator(embeddedMigrations)
            try migrator.migrate(database.connection, upTo: 46)
            let pool = BlockingPool(threads: 1, queueLimit: 1, name: "migrator")
            defer { pool.stop() }
            let planted = """
                INSERT INTO catalog_entity (
                    id, ref, kind, namespace, name, document, terms, words, revision,
                    created_at, updated_at)
                SELECT gen_random_uuid(), 'component:default/a' || n, 'component', 'default',
                       'a' || n, '{}', '{}', '', 1, now(), now()
                  FROM generate_series(1, 3) n
                """
            try await database.holding(planted) {
                _ = try await pool.run { try migrator.migrate(database.connection, upTo: 47) }
            }
            let counted = "SELECT entities, bytes FROM catalog_usage"
            #expect(try database.run(counted) == [["3", "6"]])
            // All of them go, which takes away no more than there was.
            try database.run("DELETE FROM catalog_entity")
            #expect(try database.run(counted).isEmpty)
        }

        @Test func `every constraint and index has a name of its own choosing`() throws {
            let database = try TestDatabase(migrations: embeddedMigrations)
            let unnamed = try database.run(
                """
                SELECT conname FROM pg_constraint
                 WHERE connamespace = 'public'::regnamespace
                   AND contype IN ('c', 'f', 'u')
                   AND conname ~ '_(check|fkey|key)[0-9]*$'
                """
            )
            #expect(unnamed.isEmpty, "\(unnamed)")
        }
    }
}
