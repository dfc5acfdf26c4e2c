import Contract
import Domain
import EventLoop
import JSON
import Jobs
import Storage
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct EngineTests {
    @Test func `steps run in order and leave their evidence to the next`() async throws {
        try await JobBench.run { bench in
            let diary = Diary()
            let workflow = Workflow.test(["one", "two", "three"], diary) { context in
                var findings = JSONObject()
                findings["seen"] = .integer(context.observed.count)
                return .done(Evidence(findings))
            }
            let engine = await bench.engine([workflow])
            let job = try await bench.enqueue()
            await engine.claim()
            await engine.settle()
            #expect(diary.all == ["acme one 1", "acme two 1", "acme three 1"])
            #expect(try bench.state(of: job) == "completed")
            #expect(
                try bench.column("steps -> 2 -> 'evidence' ->> 'seen'", of: job) == "2"
            )
        }
    }

    @Test(arguments: 1...5) func `a process that dies at a step boundary repeats no finished step`(
        deathAt boundary: Int
    ) async throws {
        try await JobBench.run { bench in
            let diary = Diary()
            let worker = try await bench.worker()
            let job = try await bench.enqueue()
            // What a process that dies there leaves behind: a claim and some results.
            let claimed = try await bench.claim(as: worker).jobs[0]
            let steps = ["one", "two", "three", "four", "five"]
            for done in 0..<(boundary - 1) {
                let result = StepResult.advanced(findings: JSONObject(), next: steps[done + 1])
                _ = try await bench.queue.record(
                    JobRecord(
                        lease: claimed.lease,
                        subject: claimed.subject,
                        tenant: nil,
                        step: steps[done],
                        result: result
                    )
                )
            }
            try bench.kill(worker)
            let engine = await bench.engine([.test(steps, diary)])
            await engine.rescue()
            await engine.claim()
            await engine.settle()
            #expect(
                diary.all.map { $0.split(separator: " ")[1] }
                    == steps[(boundary - 1)...].map { $0[...] }
            )
            #expect(try bench.state(of: job) == "completed")
            #expect(try bench.column("jsonb_array_length(steps)", of: job) == "5")
        }
    }

    @Test func `a step that hangs is stopped when its time is up`() async throws {
        try await JobBench.run { bench in
            let (begun, begin) = AsyncStream.makeStream(of: Void.self)
            let step = NamedStep("hang", within: .zero) { _ throws(ProviderFault) in
                begin.yield()
                do throws(CancellationError) {
                    try await bench.loop.sleep(for: .seconds(3_600))
                } catch { throw .cancelled }
                return .done
            }
            let engine = await bench.engine([Workflow(.test, steps: [step])])
            let job = try await bench.enqueue()
            await engine.claim()
            for await _ in begun { break }
            await engine.sweep()
            await engine.settle()
            #expect(try bench.state(of: job) == "retryable")
        }
    }

    @Test func `a failed step is tried again and the attempt counted`() async throws {
        try await JobBench.run { bench in
            let diary = Diary()
            let workflow = Workflow.test(["one"], diary) { context in
                context.attempt < 3 ? .transient(retryAfter: nil, reason: "no route") : .done
            }
            let engine = await bench.engine([workflow])
            let job = try await bench.enqueue()
            for expected in ["retryable", "retryable", "completed"] {
                await engine.claim()
                await engine.settle()
                #expect(try bench.state(of: job) == expected)
                try bench.passTime()
            }
            #expect(diary.all == ["acme one 1", "acme one 2", "acme one 3"])
        }
    }

    @Test func `a job that gave up comes back with new attempts on request`() async throws {
        try await JobBench.run { bench in
            let isMended = Atomic(false)
            let workflow = Workflow.test(["one"], Diary()) { _ in
                isMended.load(ordering: .relaxed)
                    ? .done : .transient(retryAfter: nil, reason: "no route")
            }
            let engine = await bench.engine([workflow]) { $0.retry.attemptsMax = 1 }
            let job = try await bench.enqueue()
            await engine.claim()
            await engine.settle()
            #expect(try bench.state(of: job) == "stalled")
            isMended.store(true, ordering: .relaxed)
            #expect(try await bench.queue.retry(job))
            await engine.claim()
            await engine.settle()
            #expect(try bench.state(of: job) == "completed")
        }
    }

    @Test func `a job that nobody works on is cancelled at once`() async throws {
        try await JobBench.run { bench in
            let job = try await bench.enqueue()
            #expect(try await bench.queue.cancel(job) == .ended)
            #expect(try bench.state(of: job) == "cancelled")
            #expect(try await bench.queue.cancel(job) == .absent)
        }
    }

    @Test func `a running job is cancelled after its step`() async throws {
        try await JobBench.run { bench in
            let diary = Diary()
            let queue = bench.queue
            let workflow = Workflow(
                .test,
                steps: [
                    NamedStep("one") { context in
                        diary.note("one")
                        let answer = try? await queue.cancel(context.job)  // nil fails
                        diary.note("\(answer.map { "\($0)" } ?? "failed")")
                        return .done
                    },
                    NamedStep("two") { _ in
                        diary.note("two")
                        return .done
                    },
                ]
            )
            let engine = await bench.engine([workflow])
            let job = try await bench.enqueue()
            await engine.claim()
            await engine.settle()
            #expect(diary.all == ["one", "requested"])
            #expect(try bench.state(of: job) == "cancelled")
        }
    }

    @Test func `a running step hears of the request by the heartbeat`() async throws {
        try await JobBench.run { bench in
            let signal = Gate()
            let workflow = Workflow(
                .test,
                steps: [
                    NamedStep("one") { context throws(ProviderFault) in
                        await signal.wait()
                        try context.continueOrStop()
                        return .done
                    }
                ]
            )
            let engine = await bench.engine([workflow])
            let job = try await bench.enqueue()
            await engine.claim()
            #expect(try await bench.queue.cancel(job) == .requested)
            await engine.beat()
            signal.open()
            await engine.settle()
            #expect(try bench.state(of: job) == "cancelled")
        }
    }

    @Test func `a stopped process that goes on is refused, and its job done by another`()
        async throws
    {
        try await JobBench.run { bench in
            let gate = Gate()
            let diary = Diary()
            let slow = Workflow(
                .test,
                steps: [
                    NamedStep("one") { context in
                        diary.note("slow \(context.key)")
                        await gate.wait()
                        return .done
                    }
                ]
            )
            let fast = Workflow(
                .test,
                steps: [
                    NamedStep("one") { context in
                        diary.note("fast \(context.key)")
                        return .done
                    }
                ]
            )
            let zombie = await bench.engine([slow])
            let job = try await bench.enqueue()
            await zombie.claim()
            try bench.killAll()
            let heir = await bench.engine([fast])
            await heir.rescue()
            await heir.claim()
            await heir.settle()
            #expect(try bench.state(of: job) == "completed")
            gate.open()
            await zombie.settle()
            #expect(diary.all == ["slow \(job)/one", "fast \(job)/one"])
            #expect(try bench.count("job_history") == 1)
            // Its next heartbeat tells it; it goes on under a new name.
            await zombie.beat()
            #expect(zombie.isWorking)
        }
    }

    @Test func `a draining engine hands back what it has not begun`() async throws {
        try await JobBench.run { bench in
            let gate = Gate()
            let workflow = Workflow(
                .test,
                steps: [
                    NamedStep("one") { _ in
                        await gate.wait()
                        return .done
                    },
                    NamedStep("two") { _ in .done },
                ]
            )
            let engine = await bench.engine([workflow]) { $0.stepsAtOnceMax = 1 }
            for number in 0..<3 { try await bench.enqueue(about: "t\(number)") }
            await engine.claim()
            #expect(engine.heldCount == 1)
            async let drained: Void = engine.drain(within: .seconds(60))
            gate.open()
            await drained
            #expect(engine.heldCount == 0)
            #expect(try bench.count("job WHERE state = 'available'") == 3)
            #expect(try bench.count("job_worker") == 0)
            let heir = await bench.engine([.test(["one", "two"], Diary())])
            await heir.claim()
            await heir.settle()
            #expect(try bench.count("job_history") == 3)
        }
    }

    @Test func `a kind that no live worker knows is put aside for a person`() async throws {
        try await JobBench.run { bench in
            let job = try await bench.enqueue(JobKind("from.the.future"))
            let engine = await bench.engine([.test(["one"], Diary())]) {
                $0.unknownKindAfter = .zero
            }
            await engine.claim()
            #expect(try bench.state(of: job) == "available")
            await engine.upkeep()
            #expect(try bench.state(of: job) == "stalled")
        }
    }

    @Test func `what steps write down is kept, up to a limit`() async throws {
        try await JobBench.run { bench in
            let workflow = Workflow.test(["one"], Diary()) { context in
                for number in 0..<10 { context.log.info("line \(number)") }
                return .done
            }
            let engine = await bench.engine([workflow]) { $0.logLinesMax = 5 }
            try await bench.enqueue()
            await engine.claim()
            await engine.settle()
            await engine.flushLogs()
            #expect(try bench.count("job_log") == 5)
        }
    }

    @Test func `two engines drain one queue, nothing lost and nothing twice`() async throws {
        try await JobBench.run { bench in
            try await bench.queue.enqueue(10_000, of: .benchNoop)
            let one = await bench.engine([.benchNoop])
            let two = await bench.engine([.benchNoop])
            while try bench.count("job") > 0 {
                // However slow the machine is, nobody takes them for dead.
                await one.beat()
                await two.beat()
                async let first = one.claim()
                async let second = two.claim()
                _ = await (first, second)
                await one.settle()
                await two.settle()
            }
            #expect(try bench.count("job_history WHERE lease = 1 AND attempt = 1") == 10_000)
        }
    }
}

/// Holds back a step until the test opens it.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [Wakeup<Void, Never>] = []
    }

    private let state = Mutex(State())

    func wait() async {
        await Wakeup<Void, Never>.wait { wakeup in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(wakeup) }
                return state.isOpen
            }
            if isOpen { wakeup.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for wakeup in waiting { wakeup.resume() }
    }
}
