import Contract
import Domain
import EventLoop
import JSON
import Jobs
import Logging
import Postgres
import Storage
import Synchronization
import Telemetry
import TestSupport

/// A queue in a database of its own, and engines that are driven by hand.
struct JobBench: Sendable {
    let target: TestDatabase
    let database: Database
    let queue: JobQueue
    let loop: EventLoop

    /// Runs `body` on a loop, with a fresh database.
    static func run(_ body: @escaping @Sendable (JobBench) async throws -> Void) async throws {
        let target = try TestDatabase(migrations: embeddedMigrations)
        let group = try EventLoopGroup(count: 1)
        group.start()
        let database = Database(group: group, connection: target.connection, logger: quiet)
        let bench = JobBench(
            target: target,
            database: database,
            queue: JobQueue(database),
            loop: group.loops[0]
        )
        let result: Result<Void, any Error>
        do {
            try await database.start()
            try await Task(executorPreference: bench.loop) { try await body(bench) }.value
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await database.stop()
        group.stop()
        try result.get()
    }

    private static var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    /// An engine that the database knows.
    func engine(
        _ workflows: [Workflow],
        _ change: (inout EngineSettings) -> Void = { _ in }
    ) async -> JobEngine {
        var settings = EngineSettings()
        change(&settings)
        let engine = JobEngine(
            queue: queue,
            workflows: workflows,
            settings: settings,
            loop: loop,
            metrics: JobMetrics(in: MetricsRegistry()),
            logger: Self.quiet
        )
        await engine.beat()
        return engine
    }

    /// Stores a job about a thing of that name; jobs of one name share a lane.
    @discardableResult
    func enqueue(
        _ kind: JobKind = .test,
        about name: String = "acme",
        tenant: TenantID? = nil
    ) async throws -> JobID {
        var random = SystemRandomNumberGenerator()
        let id = JobID(at: Instant(microseconds: 1_700_000_000_000_000), using: &random)
        let subject = ObjectReference(kind: .tenant, id: nil, name: name)
        try await queue.enqueue(NewJob(id: id, kind: kind, subject: subject, tenant: tenant))
        return id
    }

    /// Claims as a worker of its own that never speaks again.
    func claim(
        as worker: WorkerID,
        room: Int = 100,
        tenantLimit: Int = 100,
        floor: Int64 = 0
    ) async throws -> Claim {
        try await queue.claim(
            ClaimRequest(
                worker: worker,
                kinds: [.test],
                room: room,
                tenantLimit: tenantLimit,
                floor: floor,
                aliveFor: .seconds(9)
            )
        )
    }

    /// A worker that the database knows and that nobody runs.
    func worker() async throws -> WorkerID {
        var random = SystemRandomNumberGenerator()
        let worker = WorkerID(at: Instant(microseconds: 0), using: &random)
        try await queue.register(worker, name: "test", kinds: [.test])
        return worker
    }

    /// The worker's heartbeat stopped a minute ago.
    func kill(_ worker: WorkerID) throws {
        try target.run(
            """
            UPDATE job_worker SET heartbeat_at = now() - interval '1 minute'
             WHERE id = '\(worker)'
            """
        )
    }

    /// All workers' heartbeats stopped a minute ago.
    func killAll() throws {
        try target.run("UPDATE job_worker SET heartbeat_at = now() - interval '1 minute'")
    }

    /// Whatever is postponed is due now.
    func passTime() throws {
        try target.run(
            "UPDATE job SET run_at = now() - interval '1 second' WHERE run_at IS NOT NULL"
        )
    }

    func state(of job: JobID) throws -> String? {
        try column("state", of: job)
    }

    func column(_ name: String, of job: JobID) throws -> String? {
        try target.run("SELECT \(name) FROM any_job WHERE id = '\(job)'").first?.first ?? nil
    }

    func count(_ table: String) throws -> Int {
        Int(try target.run("SELECT count(*) FROM \(table)")[0][0] ?? "") ?? -1
    }
}

extension JobKind {
    static let test = JobKind("test.steps")
}

/// What the steps of a test did, in order.
final class Diary: Sendable {
    private let lines = Mutex<[String]>([])

    func note(_ line: String) {
        lines.withLock { $0.append(line) }
    }

    var all: [String] { lines.withLock { $0 } }
}

extension Workflow {
    /// A workflow whose steps note that they ran and end as `outcome` says.
    static func test(
        _ steps: [String],
        _ diary: Diary,
        _ outcome: @escaping @Sendable (StepContext) -> Outcome = { _ in .done }
    ) -> Workflow {
        Workflow(
            .test,
            steps: steps.map { name in
                NamedStep(name) { context in
                    diary.note("\(context.subject.name) \(context.step) \(context.attempt)")
                    return outcome(context)
                }
            }
        )
    }
}
