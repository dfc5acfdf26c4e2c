import EventLoop
import Glibc
import Logging
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(2))) struct LossTests {
    /// The session that a read runs on.
    private func readSession(_ bench: TestBench) async throws -> Int {
        try await bench.database.read("SELECT pg_backend_pid()")[0].decode(0)
    }

    @Test func `reads survive the loss of their session`() async throws {
        try await TestBench.run { bench async throws in
            let before = try await readSession(bench)
            let reads = (0..<40).map { number in
                Task(executorPreference: bench.group.loops[0]) {
                    try await bench.database.read("SELECT \(number), pg_sleep(0.005)")[0]
                        .decode(0, as: Int.self)
                }
            }
            _ = await bench.eventually { try bench.terminateSessions(where: "pid = \(before)") }
            for (number, read) in reads.enumerated() {
                #expect(try await read.value == number)
            }
            #expect(try await readSession(bench) != before)
        }
    }

    @Test func `a write whose session is lost has an unknown outcome`() async throws {
        try await TestBench.run { bench async throws in
            let write = Task(executorPreference: bench.group.loops[0]) {
                await bench.fault {
                    try await bench.database.write("SELECT pg_sleep(60), 'to be cut'")
                }
            }
            // Until the write has reached the server, there is nothing to terminate.
            await bench.waits(
                forRowOf: """
                    SELECT 1 FROM pg_stat_activity
                    WHERE query LIKE '%to be cut%' AND state = 'active' AND pid <> pg_backend_pid()
                    """
            )
            try bench.terminateSessions(where: "query LIKE '%to be cut%'")
            #expect(await write.value == .outcomeUnknown)
            #expect(try await bench.database.write("SELECT 1").count == 1)
        }
    }

    @Test func `calls fail fast while the server is down and work when it is back`() async throws {
        let directory = TemporaryDirectory()
        chmod(directory.path, 0o755)
        let server = smallServer(in: directory)
        try server.start()
        let target = TestDatabase(connection: server.connection)
        try await TestBench.run(target: target) { bench async throws in
            try await bench.database.write("CREATE TABLE t (id int)")
            server.stop()
            var faults: Set<String> = []
            for _ in 0..<50 {
                for fault in [
                    await bench.fault { _ = try await bench.database.read("SELECT 1") },
                    await bench.fault { try await bench.database.write("SELECT 1") },
                    await bench.fault {
                        _ = try await bench.database.transaction { transaction in
                            try await transaction.execute("SELECT 1").count
                        }
                    },
                ] {
                    if let fault { faults.insert("\(fault)") }
                }
            }
            #expect(faults == ["\(DatabaseFault.unavailable(retryAfter: .seconds(1)))"])
            try server.start()
            _ = await bench.eventually { try await bench.database.read("SELECT 1") }
            _ = await bench.eventually {
                try await bench.database.write("INSERT INTO t VALUES (1)")
            }
            let count = await bench.eventually {
                try await bench.database.transaction {
                    try await $0.execute("SELECT count(*) FROM t")[0].decode(0, as: Int.self)
                }
            }
            #expect(count == 1)
        }
        server.stop()
    }

    /// Of a session that gives its calls back.
    private final class Owner: SessionOwner {
        func sessionOpened(_ session: Session) {}
        func sessionClosed(_ session: Session, _ closing: SessionClosing) {}
        func sessionAdvanced(_ session: Session) {}
        func session(_ session: Session, returns call: Call) {
            call.fail(.unavailable(retryAfter: .seconds(3)))
        }
    }

    @Test func `a call to a session that has just closed goes back to its owner`() async throws {
        try await TestBench.run { bench async in
            let owner = Owner()
            let session = Session(
                on: bench.group.loops[0],
                owner: owner,
                connector: Connector(bench.target.connection, DatabaseOptions()),
                limits: DatabaseOptions(),
                statistics: bench.database.statistics
            )
            let fault = await bench.fault {
                _ = try await Wakeup<Call.Answer, DatabaseFault>.wait { wakeup in
                    session.send(Call(.read, "SELECT 1", waking: wakeup))
                }
            }
            #expect(fault == .unavailable(retryAfter: .seconds(3)))
        }
    }

    @Test func `start says why it failed`() async throws {
        let nowhere = TestDatabase(
            connection: ConnectionString(
                socketDirectory: "/nonexistent",
                user: "nobody",
                database: "nothing"
            )
        )
        do {
            try await TestBench.run(target: nowhere) { _ in Issue.record("it started") }
        } catch {
            #expect("\(error)".contains("/nonexistent"))
        }
    }

    @Test func `a host name is looked up without the loop`() async throws {
        let nowhere = TestDatabase(
            connection: try ConnectionString(parsing: "host=name.invalid user=nobody")
        )
        do {
            try await TestBench.run(target: nowhere) { _ in Issue.record("it started") }
        } catch {
            // A resolver that has nobody to ask may take longer than a connection may.
            let reason = "\(error)"
            #expect(reason.contains("name.invalid") || reason.contains("no connection within"))
        }
    }

    @Test func `a queue that is full refuses`() async throws {
        var options = DatabaseOptions()
        options.pipelineDepthMax = 2
        options.queueLengthMax = 3
        try await TestBench.run(options) { bench async throws in
            let calls = (0..<40).map { _ in
                Task(executorPreference: bench.group.loops[0]) {
                    await bench.fault {
                        _ = try await bench.database.read("SELECT pg_sleep(0.02)")
                    }
                }
            }
            var refused = 0
            for call in calls {
                let fault = await call.value
                #expect(fault == nil || fault == .overloaded(retryAfter: .seconds(1)))
                refused += fault == nil ? 0 : 1
            }
            #expect(refused > 0 && refused < 40)
            #expect(bench.database.statistics.callsRefused.value == UInt64(refused))
            #expect(bench.database.statistics.callsWaiting.value == 0)
        }
    }

    @Test func `a server that falls silent is left for a new session`() async throws {
        var options = DatabaseOptions()
        options.statementTimeout = .milliseconds(500)
        options.lockTimeout = .milliseconds(500)
        try await TestBench.run(options) { bench async throws in
            let silent = try await readSession(bench)
            kill(pid_t(silent), SIGSTOP)
            defer { kill(pid_t(silent), SIGCONT) }
            #expect(try await readSession(bench) != silent)
        }
    }

    @Test func `a standby's session is dropped`() async throws {
        try await TestBench.run { bench async throws in
            try await bench.database.write("CREATE TABLE t (id int)")
            let before = try await bench.database.write("SELECT pg_backend_pid()")[0]
                .decode(0, as: Int.self)
            let fault = await bench.fault {
                try await bench.database.write(all: [
                    "SET LOCAL transaction_read_only = on", "INSERT INTO t VALUES (1)",
                ])
            }
            #expect(fault == .readOnly)
            let after = await bench.eventually {
                try await bench.database.write("SELECT pg_backend_pid()")[0]
                    .decode(0, as: Int.self)
            }
            #expect(before != after)
        }
    }

    @Test func `sessions that are killed again and again lose no acknowledged write`()
        async throws
    {
        try await TestBench.run(loops: 2) { bench async throws in
            try await bench.database.write("CREATE TABLE t (id bigint PRIMARY KEY)")
            let writers = (0..<8).map { writer in
                Task(executorPreference: bench.group.loops[writer % 2]) { () async -> [Int] in
                    var kept: [Int] = []
                    for number in 0..<40 {
                        let id = writer * 1_000 + number
                        let fault = await bench.fault {
                            let insert: SQL = "INSERT INTO t VALUES (\(id))"
                            if number % 2 == 0 {
                                try await bench.database.write(insert)
                            } else {
                                _ = try await bench.database.transaction { transaction in
                                    try await transaction.execute(insert).affected
                                }
                            }
                        }
                        if fault == nil { kept.append(id) }
                    }
                    return kept
                }
            }
            for _ in 0..<12 { try bench.terminateSessions() }
            var kept: Set<Int> = []
            for writer in writers { kept.formUnion(await writer.value) }
            let stored = await bench.eventually {
                try await bench.database.read("SELECT id FROM t")
                    .map { try $0.decode(0, as: Int.self) }
            }
            #expect(kept.isSubset(of: stored))
        }
    }

    private func smallServer(in directory: TemporaryDirectory) -> EmbeddedServer {
        var configuration = EmbeddedServer.Configuration(directory: directory.path + "/data")
        configuration.isDurable = false
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return EmbeddedServer(configuration, logger: logger)
    }
}
