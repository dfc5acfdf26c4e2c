import Synchronization

/// What all loops of a server share.
final class ServerState: Sendable {
    let handler: any RequestHandler
    let limits: ServerLimits
    let tls: TLSContext?
    /// Connections open on all loops, for `connectionsMax`.
    let connectionsOpen = Atomic<Int>(0)

    init(handler: any RequestHandler, limits: ServerLimits, tls: TLSContext?) {
        precondition(limits.headBytesMax <= 65_535, "places in a head are kept in 16 bits")
        self.handler = handler
        self.limits = limits
        self.tls = tls
    }
}

/// What one loop has counted; written on its thread, read on any.
final class ShardCounters: Sendable {
    let accepted = Atomic<Int>(0)
    let refusedConnections = Atomic<Int>(0)
    let requests = Atomic<Int>(0)
    let refusedRequests = Atomic<Int>(0)
    let received = Atomic<Int>(0)
    let sent = Atomic<Int>(0)

    func add(to sum: inout ServerStatistics) {
        sum.connectionsAccepted += accepted.load(ordering: .relaxed)
        sum.connectionsRefused += refusedConnections.load(ordering: .relaxed)
        sum.requests += requests.load(ordering: .relaxed)
        sum.requestsRefused += refusedRequests.load(ordering: .relaxed)
        sum.bytesReceived += received.load(ordering: .relaxed)
        sum.bytesSent += sent.load(ordering: .relaxed)
    }
}

extension Atomic where Value == Int {
    /// Adds without a locked instruction: only one thread writes.
    func count(_ amount: Int = 1) {
        store(load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }
}
