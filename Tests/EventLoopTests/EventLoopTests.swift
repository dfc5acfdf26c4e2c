import Glibc
import Testing

@testable import EventLoop

/// A started loop that ends with the test.
private final class RunningLoop: Sendable {
    let group: EventLoopGroup
    var loop: EventLoop { group.loops[0] }

    init(count: Int = 1) throws {
        group = try EventLoopGroup(count: count)
        group.start()
    }

    deinit {
        group.stop()
    }

    /// Runs `body` in a task that prefers the loop.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (EventLoop) async throws -> Value
    ) async throws -> Value {
        let loop = loop
        // Awaited here, cancelled by nobody.
        return try await Task(executorPreference: loop) { try await body(loop) }.value
    }
}

/// A plain count.
// Safety: touched only on one loop's thread.
private final class Counter: @unchecked Sendable {
    var count = 0
}

struct EventLoopTests {
    @Test func `a task that prefers the loop runs and resumes on its thread`() async throws {
        let running = try RunningLoop()
        let places = try await running.run { loop in
            let before = loop.isCurrent
            try await loop.sleep(for: .milliseconds(1))
            await Wakeup<Void, Never>.wait { wakeup in
                loop.execute { wakeup.resume() }
            }
            return [before, loop.isCurrent]
        }
        #expect(places == [true, true])
    }

    @Test func `work handed in by many threads all runs`() async throws {
        let running = try RunningLoop()
        let loop = running.loop
        let counter = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { @Sendable in
                    for _ in 0..<1000 { loop.execute { counter.count += 1 } }
                }
            }
        }
        let count = try await running.run { _ in counter.count }
        #expect(count == 8000)
    }

    @Test func `a cancelled sleep ends at once`() async throws {
        let running = try RunningLoop()
        let loop = running.loop
        // Cancelled and awaited by this test.
        let task = Task(executorPreference: loop) { () -> Bool in
            do {
                try await loop.sleep(for: .seconds(3600))
                return false
            } catch {
                return true
            }
        }
        task.cancel()
        #expect(await task.value)
    }

    @Test func `what is gathered in a tick is sent once at its end`() async throws {
        final class Client: EndOfTick {
            var calls = 0
            func endOfTick() { calls += 1 }
        }
        let running = try RunningLoop()
        let calls = try await running.run { loop in
            let client = Client()
            loop.atEndOfTick(client)
            #expect(client.calls == 0)
            try await loop.sleep(for: .milliseconds(1))
            return client.calls
        }
        #expect(calls == 1)
    }

    @Test func `readiness for a deregistered handler is dropped`() async throws {
        final class Reader: ReadinessHandler {
            let loop: EventLoop
            var other: Registration?
            var calls = 0
            init(loop: EventLoop) { self.loop = loop }
            func ready(_ readiness: Readiness) {
                calls += 1
                if let other { loop.deregister(other) }
            }
        }
        let running = try RunningLoop()
        let calls = try await running.run { loop in
            let (first, second) = (try EventLoop.pair(), try EventLoop.pair())
            defer { for raw in first + second { close(raw) } }
            for raw in [first[1], second[1]] { #expect(write(raw, "x", 1) == 1) }
            let one = Reader(loop: loop)
            let two = Reader(loop: loop)
            let registrations = [
                try loop.register(first[0], for: .read, one),
                try loop.register(second[0], for: .read, two),
            ]
            (one.other, two.other) = (registrations[1], registrations[0])
            try await loop.sleep(for: .milliseconds(2))
            let total = (one.calls > 0 ? 1 : 0) + (two.calls > 0 ? 1 : 0)
            registrations.forEach(loop.deregister)
            return total
        }
        #expect(calls == 1)
    }

    @Test func `a group gives its loops in turn and the caller its own`() async throws {
        let running = try RunningLoop(count: 2)
        let group = running.group
        let seen = Set((0..<4).map { _ in group.next().index })
        #expect(seen == [0, 1])
        let own = try await running.run { loop in (0..<3).allSatisfy { _ in group.next() === loop }
        }
        #expect(own)
    }
}

extension EventLoop {
    /// Two connected descriptors.
    fileprivate static func pair() throws -> [Int32] {
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue)
        try #require(socketpair(AF_UNIX, kind, 0, &ends) == 0)
        return ends
    }
}

struct BlockingPoolTests {
    @Test func `work runs on the pool and the caller goes on on its loop`() async throws {
        let running = try RunningLoop()
        let pool = BlockingPool(threads: 2, queueLimit: 16, name: "test")
        defer { pool.stop() }
        let places = try await running.run { loop in
            let inside = try await pool.run { EventLoop.current == nil }
            return [inside, loop.isCurrent]
        }
        #expect(places == [true, true])
    }

    @Test func `a full queue refuses work and says its limit`() async throws {
        let running = try RunningLoop()
        let pool = BlockingPool(threads: 1, queueLimit: 1, name: "test")
        defer { pool.stop() }
        let gate = Semaphore()
        let entered = Semaphore()
        // Both are awaited below, when the gate is open.
        let first = Task(executorPreference: running.loop) {
            try await pool.run {
                entered.signal()
                gate.wait()
            }
        }
        let second = try await running.run { loop in
            entered.wait()
            // Fills the queue: awaited below.
            return Task(executorPreference: loop) { try await pool.run {} }
        }
        await #expect(throws: PoolFault.full(limit: 1)) {
            try await running.run { _ in try await pool.run {} }
        }
        gate.signal()
        try await first.value
        try await second.value
    }

    @Test func `an error of the work reaches the caller`() async throws {
        let pool = BlockingPool(threads: 1, queueLimit: 1, name: "test")
        defer { pool.stop() }
        await #expect(throws: SystemFault(call: "open", errno: ENOENT)) {
            try await pool.run { throw SystemFault(call: "open", errno: ENOENT) }
        }
    }

    @Test func `a stopped pool refuses work`() async throws {
        let pool = BlockingPool(threads: 1, queueLimit: 1, name: "test")
        pool.stop()
        await #expect(throws: PoolFault.stopped) { try await pool.run {} }
    }
}

struct ChildProcessTests {
    private let environment = ["PATH": "/usr/bin:/bin"]

    @Test func `a program gets its input and gives its output`() async throws {
        let running = try RunningLoop()
        let environment = environment
        let (text, status) = try await running.run { loop in
            let child = try ChildProcess.spawn(
                executable: "cat",
                arguments: [],
                environment: environment,
                loop: loop
            )
            let sent = [UInt8](repeating: 0x61, count: 300_000)
            // Awaited below, ends when the program has taken everything.
            let writer = Task(executorPreference: loop) {
                try await child.write(sent)
                child.closeInput()
            }
            var received: [UInt8] = []
            while let bytes = try await child.read(upTo: 65_536) { received += bytes }
            try await writer.value
            return (received == sent, await child.exit())
        }
        #expect(text)
        #expect(status == .code(0))
    }

    @Test func `the exit code and the end of the errors are told`() async throws {
        let running = try RunningLoop()
        let environment = environment
        let (errors, status) = try await running.run { loop in
            let child = try ChildProcess.spawn(
                executable: "sh",
                arguments: ["-c", "echo wrong >&2; exit 3"],
                environment: environment,
                loop: loop
            )
            let status = await child.exit()
            return (String(decoding: child.standardError, as: UTF8.self), status)
        }
        #expect(errors == "wrong\n")
        #expect(status == .code(3))
    }

    @Test func `a killed program says so and takes its children along`() async throws {
        let running = try RunningLoop()
        let environment = environment
        let status = try await running.run { loop in
            let child = try ChildProcess.spawn(
                executable: "sh",
                arguments: ["-c", "sleep 600 & sleep 600"],
                environment: environment,
                loop: loop
            )
            child.kill()
            return await child.exit()
        }
        #expect(status == .signal(SIGKILL))
    }

    @Test(arguments: [
        ("exit 7", Duration.seconds(60), Int32?(7)), (":", .milliseconds(1), nil),
    ])
    func `a program may clean up before it is killed`(
        _ answer: String,
        _ time: Duration,
        _ code: Int32?
    ) async throws {
        let running = try RunningLoop()
        let environment = environment
        let endless = "while :; do sleep 600 & wait; done"
        let status = try await running.run { loop in
            let child = try ChildProcess.spawn(
                executable: "sh",
                arguments: ["-c", "trap '\(answer)' TERM; echo; \(endless)"],
                environment: environment,
                loop: loop
            )
            _ = try await child.read(upTo: 1)
            child.terminate(within: time)
            return await child.exit()
        }
        #expect(status == (code.map { .code($0) } ?? .signal(SIGKILL)))
    }

    @Test func `a reader that is cancelled stops waiting`() async throws {
        let running = try RunningLoop()
        let environment = environment
        let fault = try await running.run { loop in
            let child = try ChildProcess.spawn(
                executable: "sleep",
                arguments: ["600"],
                environment: environment,
                loop: loop
            )
            // Cancelled and awaited here.
            let reader = Task(executorPreference: loop) { () -> SystemFault? in
                do throws(SystemFault) {
                    _ = try await child.read(upTo: 1)
                    return nil
                } catch {
                    return error
                }
            }
            try await loop.sleep(for: .milliseconds(1))
            reader.cancel()
            let fault = await reader.value
            child.kill()
            _ = await child.exit()
            return fault
        }
        #expect(fault == SystemFault(call: "read", errno: ECANCELED))
    }

    @Test func `a program that does not exist is an error`() async throws {
        let running = try RunningLoop()
        let environment = environment
        await #expect(throws: SystemFault(call: "spawn no-such-program", errno: ENOENT)) {
            try await running.run { loop in
                _ = try ChildProcess.spawn(
                    executable: "no-such-program",
                    arguments: [],
                    environment: environment,
                    loop: loop
                )
            }
        }
    }
}
