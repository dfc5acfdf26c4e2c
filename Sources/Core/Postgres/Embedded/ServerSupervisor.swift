internal import CLinux
internal import EventLoop
internal import Glibc
internal import Logging
internal import Synchronization

/// The thread that starts the server, starts it again when it dies, and stops it.
final class ServerSupervisor: Sendable {
    /// The first wait before a server that died is started again; doubled each time.
    static let restartDelayMin = Duration.milliseconds(100)
    static let restartDelayMax = Duration.seconds(10)
    /// A server that ran for longer is started again without waiting.
    static let runIsLongEnough = Duration.seconds(60)
    /// How long each way of stopping may take before a harder one follows.
    static let stopWait: [(signal: Int32, limit: Duration)] = [
        (SIGINT, .seconds(20)), (SIGQUIT, .seconds(5)), (SIGKILL, .seconds(5)),
    ]

    private struct State {
        var processID: pid_t?
        var hasFailed = false
        var isStopping = false
        var thread: WorkerThread?
    }

    private let command: [String]
    private let cluster: ClusterDirectory
    private let socketDirectory: String
    private let deathSignal: Int32
    private let logger: Logger
    private let state = Mutex(State())
    private let stopping: Descriptor

    init(
        command: [String],
        cluster: ClusterDirectory,
        socketDirectory: String,
        deathSignal: Int32,
        logger: Logger
    ) {
        self.command = command
        self.cluster = cluster
        self.socketDirectory = socketDirectory
        self.deathSignal = deathSignal
        self.logger = logger
        let event = eventfd(0, Int32(EFD_CLOEXEC))
        precondition(event >= 0, "no descriptors are left at the start of the program")
        stopping = Descriptor(owning: event)
    }

    /// The server's process, while there is one.
    var processID: pid_t? { state.withLock { $0.processID } }

    /// Whether a first start may still succeed.
    var isAlive: Bool { state.withLock { !$0.hasFailed } }

    func start() {
        let thread = WorkerThread(named: "postgres") { [self] in supervise() }
        state.withLock { $0.thread = thread }
    }

    func stop() {
        let thread = state.withLock { state in
            state.isStopping = true
            defer { state.thread = nil }
            return state.thread
        }
        guard let thread else { return }
        var one: UInt64 = 1
        _ = write(stopping.raw, &one, MemoryLayout<UInt64>.size)
        thread.join()
    }

    private func supervise() {
        var delay = Self.restartDelayMin
        while !state.withLock({ $0.isStopping }) {
            let began = ContinuousClock.now
            runOnce()
            state.withLock { $0.hasFailed = true }
            if ContinuousClock.now.duration(to: began) < .zero - Self.runIsLongEnough {
                delay = Self.restartDelayMin
            }
            if Waiting.readable([stopping.raw], within: delay) { return }
            delay = min(delay * 2, Self.restartDelayMax)
            sweep()
        }
    }

    /// Runs the server until it ends by itself or we are told to stop it.
    private func runOnce() {
        do {
            let log = try cluster.openLog()
            let process = try ServerProcess(
                command,
                as: cluster.user.isOther ? cluster.user : nil,
                output: log.raw,
                deathSignal: deathSignal,
                directory: "/"
            )
            state.withLock { $0.processID = process.id }
            _ = Waiting.readable([process.ending.raw, stopping.raw], within: nil)
            if Waiting.readable([stopping.raw], within: .zero) { end(process) }
            let status = process.reap()
            let wasTold = state.withLock { state in
                state.processID = nil
                return state.isStopping
            }
            if !wasTold {
                logger.error(
                    "the private PostgreSQL ended and is started again",
                    metadata: ["status": "\(status)", "log": "\(cluster.log)"]
                )
            }
        } catch {
            logger.error("the private PostgreSQL cannot be run", metadata: ["reason": "\(error)"])
        }
    }

    private func end(_ process: borrowing ServerProcess) {
        for step in Self.stopWait {
            kill(process.id, step.signal)
            if Waiting.readable([process.ending.raw], within: step.limit) { return }
        }
    }

    private func sweep() {
        do {
            try OrphanSweep(data: cluster.data, sockets: socketDirectory).run()
        } catch {
            logger.error("the private PostgreSQL cannot be run", metadata: ["reason": "\(error)"])
        }
    }
}
