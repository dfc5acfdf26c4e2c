import CLinux
import EventLoop
import Glibc
import Synchronization

/// The part of a server that lives on one loop: its listeners and connections.
// Safety: touched only on its loop's thread; `counters` and `state` are for any thread.
final class Shard: @unchecked Sendable {
    let loop: EventLoop
    let state: ServerState
    let counters = ShardCounters()
    var buffers = BufferPool()
    var date = DateField()
    /// Where bytes go that are decrypted or dropped at once.
    let scratch = ByteBuffer(capacity: BufferPool.capacity)
    private(set) var isDraining = false
    private var connections: [Connection] = []
    private var listeners: [Listener] = []
    private var sweepTimer: Timer?
    private var drained: Wakeup<Void, Never>?

    init(loop: EventLoop, state: ServerState) {
        self.loop = loop
        self.state = state
    }

    /// Begins to accept from `listener`.
    func add(_ listener: Listener) {
        guard !isDraining else { return }
        listeners.append(listener)
        listener.resume()
    }

    /// Takes a new connection over.
    func adopt(_ descriptor: consuming Descriptor, peer: String, isSecure: Bool) {
        let session = isSecure ? state.tls?.session() : nil
        guard !isSecure || session != nil else {
            // No memory for a session: rather closed than answered in clear.
            state.connectionsOpen.subtract(1, ordering: .relaxed)
            return
        }
        let connection = Connection(descriptor, shard: self, peer: peer, tls: session)
        connection.place = connections.count
        connections.append(connection)
        counters.accepted.count()
        connection.open()
        startSweeping()
    }

    /// Forgets a connection that is closed.
    func remove(_ connection: Connection) {
        let last = connections.removeLast()
        if last !== connection {
            last.place = connection.place
            connections[connection.place] = last
        }
        state.connectionsOpen.subtract(1, ordering: .relaxed)
        finishDraining()
    }

    /// Stops accepting and closes what is idle.
    func drain() {
        isDraining = true
        for listener in listeners { listener.close() }
        listeners = []
        for connection in connections { connection.drain() }
    }

    /// Resumes `wakeup` as soon as no connection is left.
    func whenDrained(_ wakeup: Wakeup<Void, Never>) {
        drained = wakeup
        finishDraining()
    }

    /// Cuts off what is left.
    func abort() {
        for connection in connections { connection.abort() }
    }

    private func finishDraining() {
        guard connections.isEmpty, let drained else { return }
        self.drained = nil
        drained.resume()
    }

    private func startSweeping() {
        guard sweepTimer == nil else { return }
        sweepTimer = loop.schedule(after: state.limits.sweepInterval) { [self] in
            sweepTimer = nil
            let now = loop.now
            // Backwards, because a connection that closes gives its place to the last one.
            for connection in connections.reversed() { connection.sweep(at: now) }
            if !connections.isEmpty { startSweeping() }
        }
    }
}
