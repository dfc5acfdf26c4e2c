import EventLoop
import Postgres
import Synchronization
import Telemetry
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct TransactionTests {
    private struct Refused: Error {}

    private func count(_ bench: TestBench) async throws -> Int {
        try await bench.database.read("SELECT count(*) FROM t")[0].decode(0)
    }

    @Test func `a transaction holds or leaves nothing`() async throws {
        try await TestBench.run { bench async throws in
            try await bench.database.write("CREATE TABLE t (id int PRIMARY KEY)")
            let ids = try await bench.database.transaction { transaction in
                try await transaction.execute("INSERT INTO t VALUES (1)")
                let rows = try await transaction.execute("SELECT id FROM t")
                try await transaction.execute(all: [
                    "INSERT INTO t VALUES (2)", "INSERT INTO t VALUES (3)",
                ])
                return try rows.map { try $0.decode(0, as: Int.self) }
            }
            #expect(ids == [1])
            #expect(try await count(bench) == 3)
            await #expect(throws: Refused.self) {
                try await bench.database.transaction { transaction in
                    try await transaction.execute("DELETE FROM t")
                    throw Refused()
                }
            }
            let fault = await bench.fault {
                try await bench.database.transaction { transaction in
                    try await transaction.execute("INSERT INTO t VALUES (4)")
                    try await transaction.execute("INSERT INTO t VALUES (1)")
                }
            }
            #expect(fault == .unique(constraint: "t_pkey"))
            #expect(try await count(bench) == 3)
        }
    }

    @Test func `a body that hides a failed statement does not commit`() async throws {
        try await TestBench.run { bench async throws in
            try await bench.database.write("CREATE TABLE t (id int PRIMARY KEY)")
            let fault = await bench.fault {
                try await bench.database.transaction { transaction in
                    try await transaction.execute("INSERT INTO t VALUES (1)")
                    _ = await bench.fault {
                        try await transaction.execute("INSERT INTO t VALUES (1)")
                    }
                }
            }
            #expect(fault == .unique(constraint: "t_pkey"))
            #expect(try await count(bench) == 0)
        }
    }

    @Test func `a transaction without a statement costs nothing`() async throws {
        try await TestBench.run { bench async throws in
            #expect(try await bench.database.transaction { _ in 7 } == 7)
        }
    }

    @Test func `transactions that collide run again`() async throws {
        var options = DatabaseOptions()
        options.transactionAttemptsMax = 50
        try await TestBench.run(options) { bench async throws in
            try bench.target.run("CREATE TABLE t (id int, n int); INSERT INTO t VALUES (1, 0)")
            let workers = (0..<4).map { _ in
                Task(executorPreference: bench.group.loops[0]) {
                    for _ in 0..<10 {
                        try await bench.database.transaction { transaction in
                            try await transaction.execute(
                                "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"
                            )
                            let n: Int = try await transaction.execute("SELECT n FROM t")[0]
                                .decode(0)
                            try await transaction.execute("UPDATE t SET n = \(n + 1)::int")
                        }
                    }
                }
            }
            for worker in workers { try await worker.value }
            #expect(try await bench.database.read("SELECT n FROM t")[0].decode(0) == 40)
        }
    }

    @Test func `a collision without end is reported`() async throws {
        try await TestBench.run { bench async throws in
            let runs = Mutex(0)
            let fault = await bench.fault {
                try await bench.database.transaction { transaction in
                    runs.withLock { $0 += 1 }
                    try await transaction.execute(
                        "DO $$ BEGIN RAISE 'always' USING ERRCODE = '40P01'; END $$"
                    )
                }
            }
            #expect(fault == .serialization)
            #expect(runs.withLock { $0 } == bench.database.options.transactionAttemptsMax)
        }
    }

    @Test func `a transaction whose session is lost before its end runs again`() async throws {
        try await TestBench.run { bench async throws in
            try await bench.database.write("CREATE TABLE t (id int)")
            let runs = Mutex(0)
            try await bench.database.transaction { transaction in
                let run = runs.withLock { runs in
                    runs += 1
                    return runs
                }
                try await transaction.execute("INSERT INTO t VALUES (1)")
                if run == 1 { try bench.terminateSessions(where: "state LIKE 'idle in%'") }
                try await transaction.execute("INSERT INTO t VALUES (2)")
            }
            #expect(runs.withLock { $0 } == 2)
            #expect(try await count(bench) == 2)
        }
    }

    @Test func `more transactions than sessions wait their turn`() async throws {
        var options = DatabaseOptions()
        options.exclusiveSessionsPerLoop = 2
        try await TestBench.run(options) { bench async throws in
            try await bench.database.write("CREATE TABLE t (id int)")
            let workers = (0..<30).map { number in
                Task(executorPreference: bench.group.loops[0]) {
                    try await bench.database.transaction {
                        try await $0.execute("INSERT INTO t VALUES (\(number))")
                        try await $0.execute("SELECT pg_sleep(0.001)")
                    }
                }
            }
            for worker in workers { _ = try await worker.value }
            #expect(try await count(bench) == 30)
            let sessions = try bench.target.run(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'slipway'
                """
            )
            #expect(sessions == [["5"]])  // reads, writes, reserved, two for transactions
        }
    }

    private static func selectOne(_ bench: TestBench) async throws {
        _ = try await bench.database.transaction { try await $0.execute("SELECT 1").count }
    }

    @Test func `a transaction that waits too long is told to come back`() async throws {
        var options = DatabaseOptions()
        options.exclusiveSessionsPerLoop = 1
        options.transactionWaitMax = .milliseconds(30)
        options.transactionsWaitingMax = 2
        try await TestBench.run(options) { bench async throws in
            // The first one opens the session, which may take longer than a wait may here.
            while await bench.fault({ try await Self.selectOne(bench) }) != nil {}
            try await bench.database.transaction { transaction in
                try await transaction.execute("SELECT 1")
                let others = (0..<5).map { _ in
                    Task(executorPreference: bench.group.loops[0]) {
                        () async -> DatabaseFault? in
                        await bench.fault {
                            _ = try await bench.database.transaction { transaction in
                                try await transaction.execute("SELECT 1").count
                            }
                        }
                    }
                }
                for other in others {
                    #expect(await other.value == .overloaded(retryAfter: .seconds(1)))
                }
            }
            #expect(bench.database.statistics.transactionsWaiting.value == 0)
        }
    }

    @Test func `a cancelled transaction is undone and its session used again`() async throws {
        try await TestBench.run { bench async throws in
            try await bench.database.write("CREATE TABLE t (id int)")
            let task = Task(executorPreference: bench.group.loops[0]) {
                try await bench.database.transaction { transaction in
                    try await transaction.execute("INSERT INTO t VALUES (1)")
                    withUnsafeCurrentTask { $0?.cancel() }
                    try Task.checkCancellation()
                }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            try await bench.database.transaction { try await $0.execute("SELECT 1") }
            #expect(try await count(bench) == 0)
        }
    }
}
