import EventLoop
import Postgres
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct ListenTests {
    /// What a listener heard.
    private final class Ear: Sendable {
        let heard = Mutex<[Postgres.Notification]>([])

        func hear(_ notification: Postgres.Notification) {
            heard.withLock { $0.append(notification) }
        }

        func count(_ wanted: Postgres.Notification) -> Int {
            heard.withLock { $0.count { $0 == wanted } }
        }

        func waits(for wanted: Postgres.Notification, times: Int = 1) async {
            await Task.detached { [self] in
                while count(wanted) < times { await Task.yield() }
            }.value
        }
    }

    private let jobs = Postgres.Notification.received(channel: "jobs", payload: "")

    @Test func `listeners are told to look, then hear their channels only`() async throws {
        try await TestBench.run { bench async throws in
            let ear = Ear()
            bench.database.listen(to: ["jobs", "Odd \"name"]) { ear.hear($0) }
            await ear.waits(for: .resynchronise)
            try bench.target.run("NOTIFY other; NOTIFY \"Odd \"\"name\", 'x'")
            bench.database.notify(channel: "jobs")
            await ear.waits(for: jobs)
            await ear.waits(for: .received(channel: "Odd \"name", payload: "x"))
            #expect(ear.heard.withLock { $0.count } == 3)
        }
    }

    @Test func `a listener whose session is lost listens again and is told to look`()
        async throws
    {
        try await TestBench.run { bench async throws in
            let ear = Ear()
            bench.database.listen(to: ["jobs"]) { ear.hear($0) }
            await ear.waits(for: .resynchronise)
            try bench.terminateSessions(where: "query LIKE 'LISTEN%'")
            await ear.waits(for: .resynchronise, times: 2)
            bench.database.notify(channel: "jobs")
            await ear.waits(for: jobs)
        }
    }

    @Test func `many calls in a row are told a few times`() async throws {
        var options = DatabaseOptions()
        options.notifyInterval = .milliseconds(200)
        try await TestBench.run(options) { bench async throws in
            let ear = Ear()
            bench.database.listen(to: ["jobs", "end"]) { ear.hear($0) }
            await ear.waits(for: .resynchronise)
            for _ in 0..<1_000 { bench.database.notify(channel: "jobs") }
            // The first at once, and one for all the others when the interval is over.
            await ear.waits(for: jobs, times: 2)
            bench.database.notify(channel: "end")
            await ear.waits(for: .received(channel: "end", payload: ""))
            #expect(ear.count(jobs) == 2)
        }
    }

    @Test func `a silent session is asked whether it lives`() async throws {
        var options = DatabaseOptions()
        options.listenCheckInterval = .milliseconds(5)
        try await TestBench.run(options) { bench async throws in
            let ear = Ear()
            bench.database.listen(to: ["jobs"]) { ear.hear($0) }
            await ear.waits(for: .resynchronise)
            await bench.waits(
                forRowOf: """
                    SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_backend_pid()'
                    """
            )
            bench.database.notify(channel: "jobs")
            await ear.waits(for: jobs)
        }
    }
}
