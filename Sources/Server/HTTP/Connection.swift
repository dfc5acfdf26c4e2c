import CLinux
import EventLoop
import Glibc

/// One client's connection: a socket, what it sent and what it is to be sent, and the task that
/// answers its requests one after the other.
// Safety: touched only on its loop's thread; its task prefers that loop's executor.
final class Connection: ReadinessHandler, EndOfTick, @unchecked Sendable {
    enum Stage {
        case handshake
        case serving
        /// The last answer is being sent.
        case ending(lingers: Bool)
        /// The sending side is shut; what still comes is dropped, so that the kernel does not
        /// reset the connection before the client has read the answer (RFC 9112 §9.6).
        case lingering
        case closed
    }

    let shard: Shard
    let peer: String
    let isSecure: Bool
    /// The place among the shard's connections.
    var place = 0

    // The socket.
    var socket: Descriptor?
    var registration: Registration?
    let tls: TLSSession?
    var stage: Stage

    // From the client.
    var input: ByteBuffer?
    var inputHasEnded = false
    var lingeredBytes = 0
    var reader: Wakeup<Void, Never>?

    // The request under way.
    var received: ReceivedHead?
    var parser: RequestParser
    var body: RequestBodyState
    var serial: UInt64 = 0
    var isHandling = false

    // To the client.
    var output: ByteBuffer?
    /// The output as it goes over the wire, with TLS.
    var encrypted: ByteBuffer?
    var response = ResponseProgress()
    var writer: OutputWait?
    var willFlush = false

    // Time.
    var wait = Wait.none
    var deadline: MonotonicTime?
    var headDeadline: MonotonicTime?
    var halfCloseDeadline: MonotonicTime?
    var outputDeadline: MonotonicTime?
    var outputBudget: TransferBudget

    private var task: Task<Void, Never>?

    init(_ socket: consuming Descriptor, shard: Shard, peer: String, tls: TLSSession?) {
        let limits = shard.state.limits
        self.socket = consume socket
        self.shard = shard
        self.peer = peer
        self.tls = tls
        isSecure = tls != nil
        stage = tls == nil ? .serving : .handshake
        parser = RequestParser(limits: limits)
        body = RequestBodyState(limits: limits)
        outputBudget = TransferBudget(limits: limits)
    }

    var loop: EventLoop { shard.loop }
    var limits: ServerLimits { shard.state.limits }

    var isClosed: Bool {
        if case .closed = stage { return true }
        return false
    }

    /// Begins to serve a connection that was just accepted.
    func open() {
        guard let raw = socket?.raw else { return }
        // Answers are gathered here; waiting for more in the kernel would only delay them.
        ListeningSocket.setOption(raw, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        do {
            registration = try loop.register(raw, for: .read, self)
        } catch {
            return close()
        }
        if case .handshake = stage {
            waitFor(.handshake)
        } else {
            startServing()
        }
    }

    /// Starts the task that lives as long as the connection.
    func startServing() {
        stage = .serving
        // Cancelled by `abort`; nobody awaits it, it ends with the connection.
        task = Task(executorPreference: loop) { [self] in
            await serve()
        }
    }

    func ready(_ readiness: Readiness) {
        guard !readiness.contains(.hangup) else { return abort() }
        if readiness.contains(.writable) { flush() }
        if readiness.contains(.readable) || readiness.contains(.readHangup) { receive() }
    }

    func endOfTick() {
        willFlush = false
        flush()
    }

    /// Asks the kernel for what is wanted now.
    func updateInterest() {
        guard let registration else { return }
        var interest = Interest.none
        if wantsInput { interest.formUnion(.read) }
        if hasOutput { interest.formUnion(.write) }
        loop.update(registration, to: interest)
    }

    /// Cuts the connection off: the client is gone, too slow, or the server stops.
    func abort() {
        guard !isClosed else { return }
        let task = task
        close()
        task?.cancel()
    }

    /// Gives everything back; the task, if it still runs, finds the connection closed.
    func close() {
        guard !isClosed else { return }
        stage = .closed
        if let registration { loop.deregister(registration) }
        registration = nil
        socket = nil
        task = nil
        // Its body holds the connection.
        received = nil
        releaseInput()
        releaseOutput()
        wake()
        wakeWriter()
        shard.remove(self)
    }
}
