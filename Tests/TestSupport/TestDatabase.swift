import EventLoop
package import Postgres

/// A database of its own for one test, in a private PostgreSQL that the test process starts when
/// the first one is asked for and that ends with the process, also when that crashes.
package struct TestDatabase: Sendable {
    /// Where it is.
    package let connection: ConnectionString

    /// A database that somebody else made.
    package init(connection: ConnectionString) {
        self.connection = connection
    }

    /// An empty database.
    package init() throws {
        connection = try TestCluster.shared.makeDatabase(template: "template0")
    }

    /// A database with `migrations` applied; they run once, later tests get copies.
    package init(migrations: [Migration]) throws {
        let template = try TestCluster.shared.template(for: migrations)
        connection = try TestCluster.shared.makeDatabase(template: template)
    }

    /// Runs SQL text in it, several statements if need be, past everything that is tested.
    ///
    /// - Returns: the last statement's rows as text.
    @discardableResult
    package func run(_ sql: String) throws -> [[String?]] {
        try Administration.run(sql, on: connection)
    }

    /// Runs `body` while another session holds what some SQL locks: until somebody waits for it,
    /// which commits, or until `body` is done, which rolls it back.
    package func holding(_ sql: String, _ body: () async throws -> Void) async throws {
        let pool = BlockingPool(threads: 1, queueLimit: 1, name: "holder")
        defer { pool.stop() }
        let text = """
            BEGIN; \(sql); SELECT pg_advisory_xact_lock(\(Self.mark));
            DO $$ BEGIN
                WHILE NOT EXISTS (
                    SELECT FROM pg_locks w JOIN pg_locks d ON d.pid = w.pid
                     WHERE NOT w.granted AND d.database = \(Self.here))
                LOOP
                    EXIT WHEN clock_timestamp() > now() + interval '20 seconds';
                END LOOP;
            END $$;
            COMMIT
            """
        // Where it is ended from here it fails.
        async let held: Void = pool.run { _ = try? run(text) }
        var tries = 0
        while try !isHeld, tries < 1_000 {
            await Task.yield()
            tries += 1
        }
        try await body()
        try run("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE \(Self.marked)")
        try await held
    }

    /// Whether `holding` still holds it.
    package var isHeld: Bool {
        get throws {
            try run("SELECT count(*) FROM pg_locks WHERE granted AND \(Self.marked)")[0][0] == "1"
        }
    }

    private static let mark = 4_711
    private static let here = "(SELECT oid FROM pg_database WHERE datname = current_database())"
    private static let marked =
        "locktype = 'advisory' AND objid = \(mark) AND database = \(here)"
}
