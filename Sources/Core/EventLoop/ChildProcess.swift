import CLinux
import Glibc

/// How a child process ended.
package enum ExitStatus: Sendable, Equatable {
    /// It returned this code.
    case code(Int32)
    /// This signal ended it.
    case signal(Int32)
    /// Somebody else took its status.
    case unknown

    /// Whether it ended as one that succeeded.
    package var isSuccess: Bool { self == .code(0) }

    /// Whether a signal ended it, or a shell says so of the program that it ran (sh(1)).
    package var isEndedBySignal: Bool {
        switch self {
        case .code(let code): Self.signalCodes.contains(code)
        case .signal: true
        case .unknown: false
        }
    }

    private static let signalCodes: ClosedRange<Int32> = 129...192
}

/// A program in a process group of its own, its standard streams on pipes of the loop.
///
/// One task at a time may read and one may write. Whoever spawns it calls `exit` in the end, which
/// closes everything; a call waiting for a pipe ends when its task is cancelled.
// Safety: touched only on its loop's thread.
package final class ChildProcess: @unchecked Sendable {
    /// What is kept of the last that the program wrote to its standard error.
    package static let errorTailBytesMax = 8192

    /// The kernel's number for the process, also of its group.
    package let processID: Int32
    /// The end of what it wrote to its standard error, at most `errorTailBytesMax`.
    package private(set) var standardError: [UInt8] = []

    private let loop: EventLoop
    private let input: PipeEnd
    private let output: PipeEnd
    private let errors: PipeEnd
    private let end: EndOfProcess
    private var errorReader: Task<Void, Never>?
    private var grace: Timer?
    private var hasEnded = false

    /// How long a program may take to clean up before it is killed.
    package static let graceTime = Duration.seconds(2)

    /// Starts `executable` (looked up on PATH unless it holds a slash) with exactly this
    /// environment.
    ///
    /// Loop thread only.
    ///
    /// - Throws: `SystemFault`: no such program, or no descriptors, processes or memory left.
    package static func spawn(
        executable: String,
        arguments: [String],
        environment: [String: String],
        directory: String? = nil,
        loop: EventLoop
    ) throws(SystemFault) -> ChildProcess {
        let input = try Pipe()
        let output = try Pipe()
        let errors = try Pipe()
        var processID: pid_t = 0
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        let result = withCStrings([executable] + arguments) { words in
            withCStrings(variables) { variables in
                slipway_spawn(
                    &processID,
                    executable,
                    words,
                    variables,
                    directory,
                    input.read.raw,
                    output.write.raw,
                    errors.write.raw
                )
            }
        }
        guard result == 0 else { throw SystemFault(call: "spawn \(executable)", errno: result) }
        do {
            return try ChildProcess(
                processID,
                input: PipeEnd(input.write, for: .write, on: loop),
                output: PipeEnd(output.read, for: .read, on: loop),
                errors: PipeEnd(errors.read, for: .read, on: loop),
                loop
            )
        } catch {
            _ = Glibc.kill(-processID, SIGKILL)
            _ = slipway_reap(processID)
            throw error
        }
    }

    private init(
        _ processID: Int32,
        input: PipeEnd,
        output: PipeEnd,
        errors: PipeEnd,
        _ loop: EventLoop
    ) throws(SystemFault) {
        self.processID = processID
        self.loop = loop
        self.input = input
        self.output = output
        self.errors = errors
        end = try EndOfProcess(processID, on: loop)
        // Ends with the stream of errors: awaited and closed by `exit`.
        errorReader = Task(executorPreference: loop) { await self.collectErrors() }
    }

    /// Gives `bytes` to the program's standard input, as fast as it takes them.
    ///
    /// - Throws: `SystemFault`: EPIPE when it no longer reads, ECANCELED when the task was.
    package func write(_ bytes: [UInt8]) async throws(SystemFault) {
        try await input.write(bytes)
    }

    /// Tells the program that its input has ended.
    package func closeInput() {
        input.close()
    }

    /// At most `count` bytes of its standard output as soon as there are some; nil at the end.
    ///
    /// - Throws: `SystemFault`: ECANCELED when the task was cancelled.
    package func read(upTo count: Int) async throws(SystemFault) -> [UInt8]? {
        try await output.read(upTo: count)
    }

    /// Asks the program and all that it started to clean up and end, and kills it when it has not
    /// within that time.
    package func terminate(within time: Duration = graceTime) {
        guard !hasEnded, grace == nil else { return }
        _ = Glibc.kill(-processID, SIGTERM)
        grace = loop.schedule(after: time) { [weak self] in self?.kill() }
    }

    /// Ends the program and all that it started, at once.
    package func kill() {
        guard !hasEnded else { return }
        _ = Glibc.kill(-processID, SIGKILL)
    }

    /// Closes its streams and waits until it has ended; must be called once, whatever happened.
    package func exit() async -> ExitStatus {
        input.close()
        output.close()
        await end.wait()
        // What it started may hold the stream of errors open: the group ends with its leader.
        _ = Glibc.kill(-processID, SIGKILL)
        hasEnded = true
        if let grace { loop.cancel(grace) }
        let status = slipway_reap(processID)
        await errorReader?.value
        errors.close()
        switch status {
        case ..<0: return .unknown
        case 256...: return .signal(status - 256)
        default: return .code(status)
        }
    }

    private func collectErrors() async {
        // A stream that fails has ended: what was read until then stays.
        while let bytes = try? await errors.read(upTo: ChildProcess.errorTailBytesMax) {
            standardError.append(contentsOf: bytes)
            standardError.removeFirst(
                max(0, standardError.count - ChildProcess.errorTailBytesMax)
            )
        }
    }
}

/// Wakes a task when a process has ended.
private final class EndOfProcess: ReadinessHandler {
    private let descriptor: Descriptor
    private let loop: EventLoop
    private var registration: Registration?
    private var waiting: Wakeup<Void, Never>?

    init(_ processID: Int32, on loop: EventLoop) throws(SystemFault) {
        let raw = slipway_pidfd_open(processID)
        guard raw >= 0 else { throw SystemFault(call: "pidfd_open", errno: errno) }
        descriptor = Descriptor(owning: raw)
        self.loop = loop
        registration = try loop.register(raw, for: .read, self)
    }

    /// Waits on the loop until the process has ended.
    func wait() async {
        guard registration != nil else { return }
        await Wakeup<Void, Never>.wait { waiting = $0 }
    }

    func ready(_ readiness: Readiness) {
        if let registration { loop.deregister(registration) }
        registration = nil
        let woken = waiting
        waiting = nil
        woken?.resume()
    }
}

/// Lends `strings` as a C array that ends with NULL.
private func withCStrings<Result>(
    _ strings: [String],
    _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let copies = strings.map { (string: String) in strdup(string) }
    defer { copies.forEach { free($0) } }
    return body(copies + [nil])
}
