import Domain
import JSON
import Storage
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct QueueTests {
    private func record(_ job: ClaimedJob, _ result: StepResult) -> JobRecord {
        JobRecord(lease: job.lease, subject: job.subject, tenant: nil, step: "one", result: result)
    }

    @Test func `of one lane the oldest runs and nothing beside it`() async throws {
        try await JobBench.run { bench in
            let first = try await bench.enqueue()
            let second = try await bench.enqueue()
            let other = try await bench.enqueue(about: "other")
            let worker = try await bench.worker()
            #expect(try await bench.claim(as: worker).jobs.map(\.lease.job) == [first, other])
            #expect(try await bench.claim(as: worker).jobs.isEmpty)
            let record = JobRecord(
                lease: Lease(job: first, number: 1),
                subject: .job(first),
                tenant: nil,
                step: "one",
                result: .completed(findings: JSONObject())
            )
            _ = try await bench.queue.record(record)
            #expect(try await bench.claim(as: worker).jobs.map(\.lease.job) == [second])
        }
    }

    @Test func `a stalled job holds nobody up, and does not overtake when it comes back`()
        async throws
    {
        try await JobBench.run { bench in
            let first = try await bench.enqueue()
            let second = try await bench.enqueue()
            let worker = try await bench.worker()
            let claimed = try await bench.claim(as: worker).jobs
            _ = try await bench.queue.record(record(claimed[0], .stall(reason: "help")))
            #expect(try await bench.claim(as: worker).jobs.map(\.lease.job) == [second])
            #expect(try await bench.queue.retry(first))
            #expect(try await bench.claim(as: worker).jobs.isEmpty)
        }
    }

    @Test func `of one tenant no more run than its limit, in all workers together`() async throws {
        try await JobBench.run { bench in
            let tenant = TenantID(high: 1, low: 1)
            for number in 0..<5 { try await bench.enqueue(about: "t\(number)", tenant: tenant) }
            for number in 0..<2 { try await bench.enqueue(about: "other\(number)") }
            let (one, two) = (try await bench.worker(), try await bench.worker())
            let first = try await bench.claim(as: one, room: 3, tenantLimit: 2)
            #expect(first.jobs.count == 2)
            #expect(first.mayHaveMore && first.floor == nil)
            let second = try await bench.claim(as: two, tenantLimit: 2)
            #expect(second.jobs.map(\.subject.name) == ["other0", "other1"])
        }
    }

    @Test func `a floor is offered only where nothing was passed over`() async throws {
        try await JobBench.run { bench in
            for number in 0..<4 { try await bench.enqueue(about: "t\(number)") }
            let worker = try await bench.worker()
            let first = try await bench.claim(as: worker, room: 2)
            let floor = try #require(first.floor)
            let second = try await bench.claim(as: worker, room: 5, floor: floor)
            #expect(second.jobs.map(\.subject.name) == ["t2", "t3"])
            #expect(second.floor == nil && !second.mayHaveMore)
        }
    }

    @Test func `only the current lease may record a result`() async throws {
        try await JobBench.run { bench in
            let job = try await bench.enqueue()
            let (zombie, heir) = (try await bench.worker(), try await bench.worker())
            let early = try await bench.claim(as: zombie).jobs[0]
            try bench.kill(zombie)
            #expect(try await bench.queue.rescue(deadAfter: .seconds(9), batch: 10) == 1)
            await #expect(throws: QueueFault.leaseLost) {
                _ = try await bench.queue.record(record(early, .stall(reason: "late")))
            }
            let late = try await bench.claim(as: heir).jobs[0]
            #expect(late.lease.number > early.lease.number)
            for result in [
                StepResult.completed(findings: JSONObject()), .cancel, .handBack,
                .advanced(findings: JSONObject(), next: "two"), .stall(reason: "late"),
                .retry(after: .zero, reason: "late"),
                .wait(on: "x", releasedBy: nil, recheckAfter: .zero),
            ] {
                await #expect(throws: QueueFault.leaseLost) {
                    _ = try await bench.queue.record(record(early, result))
                }
            }
            let done = record(early, .completed(findings: JSONObject()))
            #expect(try await bench.queue.complete([done]).isEmpty)
            #expect(try bench.state(of: job) == "running")
            _ = try await bench.queue.record(record(late, .completed(findings: JSONObject())))
            #expect(try bench.state(of: job) == "completed")
        }
    }

    @Test func `a rescue leaves alone what was finished or taken meanwhile`() async throws {
        try await JobBench.run { bench in
            let finished = try await bench.enqueue(about: "one")
            let kept = try await bench.enqueue(about: "two")
            let (dead, alive) = (try await bench.worker(), try await bench.worker())
            let first = try await bench.claim(as: dead, room: 1).jobs[0]
            _ = try await bench.claim(as: alive)
            try bench.kill(dead)
            _ = try await bench.queue.record(record(first, .completed(findings: JSONObject())))
            #expect(try await bench.queue.rescue(deadAfter: .seconds(9), batch: 10) == 0)
            #expect(try bench.state(of: finished) == "completed")
            #expect(try bench.state(of: kept) == "running")
        }
    }

    @Test func `a worker taken for dead claims nothing`() async throws {
        try await JobBench.run { bench in
            try await bench.enqueue()
            let worker = try await bench.worker()
            try bench.kill(worker)
            #expect(try await bench.claim(as: worker).jobs.isEmpty)
        }
    }

    @Test func `a job whose process ended waits longer each time, and has used up no attempt`()
        async throws
    {
        try await JobBench.run { bench in
            let job = try await bench.enqueue()
            for crash in 1...4 {
                let worker = try await bench.worker()
                let claimed = try await bench.claim(as: worker).jobs
                #expect(claimed.map(\.attempt) == [1])
                #expect(claimed.map(\.crashes) == [crash - 1])
                try bench.kill(worker)
                #expect(try await bench.queue.rescue(deadAfter: .seconds(9), batch: 10) == 1)
                #expect(
                    try bench.state(of: job)
                        == ["available", "available", "retryable", "retryable"][crash - 1]
                )
                try bench.passTime()
            }
            #expect(try await bench.queue.retry(job))
            #expect(try bench.column("crashes", of: job) == "0")
        }
    }

    @Test func `a step whose first record lost its answer is recorded once`() async throws {
        try await JobBench.run { bench in
            let job = try await bench.enqueue()
            let claimed = try await bench.claim(as: try await bench.worker()).jobs[0]
            var done = record(claimed, .advanced(findings: JSONObject(), next: "two"))
            for facts in [[], [StepFact.event(.tenantReady, data: JSONObject())]] {
                done.facts = facts
                #expect(try await bench.queue.record(done) == false)
            }
            #expect(try bench.column("jsonb_array_length(steps)", of: job) == "1")
            #expect(try bench.target.run("SELECT FROM event").isEmpty)
        }
    }

    @Test func `a job of a kind that nobody knows says so of what it is about`() async throws {
        try await JobBench.run { bench in
            let job = try await bench.enqueue()
            try bench.target.run("UPDATE job SET updated_at = now() - interval '1 hour'")
            let stalled = try await bench.queue.stallUnknownKinds(
                after: .seconds(600),
                deadAfter: .seconds(9),
                batch: 10
            )
            #expect(stalled == 1)
            #expect(try bench.state(of: job) == "stalled")
            let told = try bench.target.run("SELECT type FROM event ORDER BY type")
            #expect(told == [["dev.slipway.job.stalled"], ["dev.slipway.tenant.degraded"]])
        }
    }

    @Test func `a claim whose answer was lost is found and given back`() async throws {
        try await JobBench.run { bench in
            let job = try await bench.enqueue()
            let worker = try await bench.worker()
            let claimed = try await bench.claim(as: worker).jobs[0]
            let held = try await bench.queue.held(by: worker)
            #expect(held == [claimed.lease])
            try await bench.queue.release(held)
            #expect(try bench.state(of: job) == "available")
        }
    }

    @Test func `what waits keeps the time since when it waits`() async throws {
        try await JobBench.run { bench in
            let job = try await bench.enqueue()
            let worker = try await bench.worker()
            var since: Set<String?> = []
            for _ in 0..<2 {
                let claimed = try await bench.claim(as: worker).jobs[0]
                #expect(claimed.attempt == 1)
                let wait = StepResult.wait(on: "rain", releasedBy: "x", recheckAfter: .seconds(5))
                _ = try await bench.queue.record(record(claimed, wait))
                since.insert(try bench.column("waiting_since", of: job))
                try bench.passTime()
            }
            #expect(since.count == 1)
            #expect(try bench.column("attempt", of: job) == "0")
        }
    }

    @Test func `old finished jobs are forgotten with their lines`() async throws {
        try await JobBench.run { bench in
            let job = try await bench.enqueue()
            let worker = try await bench.worker()
            let claimed = try await bench.claim(as: worker).jobs[0]
            let line = JobQueue.LogLine(job: job, step: "one", level: .info, message: "hello")
            try await bench.queue.append([line, line, line], linesMax: 1000)
            _ = try await bench.queue.record(record(claimed, .completed(findings: JSONObject())))
            #expect(try await bench.queue.forgetFinished(olderThan: .seconds(60), batch: 10) == 0)
            try bench.target.run("UPDATE job_history SET finished_at = now() - interval '1 hour'")
            #expect(try await bench.queue.forgetFinished(olderThan: .seconds(60), batch: 10) == 1)
            #expect(try bench.count("job_log") == 0)
        }
    }

    @Test func `the last step is told with the others, and what it left behind`() async throws {
        try await JobBench.run { bench in
            let job = try await bench.enqueue()
            let worker = try await bench.worker()
            let claimed = try await bench.claim(as: worker).jobs[0]
            var findings = JSONObject()
            findings["sha"] = .string("abc")
            _ = try await bench.queue.record(
                record(claimed, .advanced(findings: findings, next: "one"))
            )
            let done = record(claimed, .completed(findings: findings))
            #expect(try await bench.queue.complete([done]) == [job])
            let text = try #require(try bench.column("steps", of: job))
            let steps = try JSON.parse(Array(text.utf8)).array
            #expect(steps?.count == 2)
            let last = steps?.last
            #expect(last?["name"]?.string == "one")
            #expect(last?["state"]?.string == "completed")
            #expect(last?["evidence"] == .object(findings))
            #expect(last?["startedAt"]?.string != nil && last?["finishedAt"]?.string != nil)
        }
    }

    @Test func `the oldest unfinished job is found, parked or not`() async throws {
        try await JobBench.run { bench in
            for number in 0..<3 { try await bench.enqueue(about: "t\(number)") }
            let worker = try await bench.worker()
            let jobs = try await bench.claim(as: worker).jobs
            let oldest = try await bench.queue.oldestPlace(above: 0)
            _ = try await bench.queue.record(record(jobs[0], .stall(reason: "help")))
            #expect(try await bench.queue.oldestPlace(above: oldest) == oldest)
            #expect(try await bench.queue.cancel(jobs[0].lease.job) == .ended)
            #expect(try await bench.queue.oldestPlace(above: oldest) == oldest + 1)
            for job in jobs.dropFirst() {
                _ = try await bench.queue.record(record(job, .completed(findings: JSONObject())))
            }
            #expect(try await bench.queue.oldestPlace(above: oldest) == oldest + 2)
        }
    }

    @Test func `no index of jobs holds what a claim changes`() throws {
        // Or the new version of each claimed row would need an entry in all of them.
        let database = try TestDatabase(migrations: embeddedMigrations)
        let held = try database.run(
            """
            SELECT indexdef FROM pg_indexes
             WHERE tablename = 'job'
               AND indexdef ~ '\\y(state|worker|lease|attempt|revision|updated_at|started_at)\\y'
            """
        )
        #expect(held.isEmpty, "\(held)")
    }
}
