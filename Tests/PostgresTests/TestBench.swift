import EventLoop
import Logging
import Postgres
import TestSupport

/// A database with its loops, for one test.
struct TestBench: Sendable {
    let database: Database
    let target: TestDatabase
    let group: EventLoopGroup

    /// Runs `body` on the first loop of a group, with a fresh database that is open.
    static func run(
        _ options: DatabaseOptions = DatabaseOptions(),
        loops: Int = 1,
        target: TestDatabase? = nil,
        _ body: @escaping @Sendable (TestBench) async throws -> Void
    ) async throws {
        let target = try target ?? TestDatabase()
        let group = try EventLoopGroup(count: loops)
        group.start()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let database = Database(
            group: group,
            connection: target.connection,
            options: options,
            logger: logger
        )
        let bench = TestBench(database: database, target: target, group: group)
        let result: Result<Void, any Error>
        do {
            try await database.start()
            try await Task(executorPreference: group.loops[0]) { try await body(bench) }.value
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await database.stop()
        group.stop()
        try result.get()
    }

    /// What `body` throws, as a fault of the database.
    func fault(_ body: () async throws -> Void) async -> DatabaseFault? {
        do {
            try await body()
            return nil
        } catch {
            return error as? DatabaseFault
        }
    }

    /// Runs `body` until it no longer throws, away from the loops so that they go on; the end of
    /// the test's time limit ends it otherwise.
    func eventually<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async -> Value {
        await Task.detached {
            while true {
                // Not there yet: the loop tries again.
                if let value = try? await body() { return value }
                await Task.yield()
            }
        }.value
    }

    /// Waits until a query finds a row.
    func waits(forRowOf query: String) async {
        _ = await eventually {
            if try target.run(query).isEmpty { throw CancellationError() }
        }
    }

    /// Ends every other session of this database at the server.
    func terminateSessions(where condition: String = "true") throws {
        try target.run(
            """
            SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND (\(condition))
            """
        )
    }
}
