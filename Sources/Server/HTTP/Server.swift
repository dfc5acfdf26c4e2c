package import EventLoop
import Glibc
import Synchronization

/// An HTTP/1.1 server on the loops of a group.
package final class Server: Sendable {
    private let state: ServerState
    private let shards: [Shard]

    /// Makes a server that listens nowhere yet.
    package init(
        group: EventLoopGroup,
        handler: any RequestHandler,
        limits: ServerLimits = ServerLimits(),
        tls: TLSContext? = nil
    ) {
        let state = ServerState(handler: handler, limits: limits, tls: tls)
        self.state = state
        shards = group.loops.map { Shard(loop: $0, state: state) }
    }

    /// Accepts connections on `address`, with TLS where the server has it; a unix socket is
    /// always plain.
    ///
    /// - Returns: the address with the port that the kernel chose.
    /// - Throws: `SystemFault` when the address is taken or may not be used.
    package func listen(on address: ListenAddress) throws(SystemFault) -> ListenAddress {
        switch address {
        case .unix(let path):
            try listen(path: path)
            return address
        case .host(let host, let port):
            let chosen = try listen(try SocketAddress.resolve(host, port: port), port: port)
            return .host(host, port: chosen)
        }
    }

    /// Finds out whether a server could listen there now.
    ///
    /// - Throws: `SystemFault` when the address is taken or may not be used.
    package static func examine(_ address: ListenAddress) throws(SystemFault) {
        switch address {
        case .unix(let path):
            _ = try isStaleSocket(path, try SocketAddress(path: path))
        case .host(let host, let port):
            for var address in try SocketAddress.resolve(host, port: port) {
                address.port = port
                do throws(SystemFault) {
                    _ = try ListeningSocket.bound(address, isShared: false)
                } catch  where unavailable.contains(error.errno) {
                    continue  // The machine may lack IPv6, say; `listen` wants one that works.
                }
            }
        }
    }

    /// The machine has no such address.
    private static let unavailable = [EADDRNOTAVAIL, EAFNOSUPPORT]

    /// Ends the server once all answers under way are sent, or after `limit`.
    ///
    /// Nothing new is accepted, idle connections are closed, answers carry `Connection: close`;
    /// what is left at the limit is cut off. Called once, from a task.
    package func drain(within limit: Duration) async {
        let shards = shards
        // Cancelled below when nothing is left; it has nothing to wait for then.
        let cutOff = Task.detached {
            do { try await shards[0].loop.sleep(for: limit) } catch { return }
            for shard in shards { shard.loop.execute { shard.abort() } }
        }
        for shard in shards { shard.loop.execute { shard.drain() } }
        for shard in shards {
            await Wakeup<Void, Never>.wait { wakeup in
                shard.loop.execute { shard.whenDrained(wakeup) }
            }
        }
        cutOff.cancel()
    }

    /// What the server has done so far.
    package var statistics: ServerStatistics {
        var sum = ServerStatistics()
        for shard in shards { shard.counters.add(to: &sum) }
        sum.connectionsOpen = state.connectionsOpen.load(ordering: .relaxed)
        return sum
    }

    /// Listens on all addresses of a name that this machine has; it may lack IPv6, say.
    private func listen(_ addresses: [SocketAddress], port: UInt16) throws(SystemFault) -> UInt16 {
        var chosen: UInt16?
        var fault = SystemFault(call: "bind", errno: EADDRNOTAVAIL)
        for address in addresses {
            do throws(SystemFault) {
                chosen = try listen(address, port: chosen ?? port)
            } catch {
                guard Self.unavailable.contains(error.errno) else { throw error }
                fault = error
            }
        }
        guard let chosen else { throw fault }
        return chosen
    }

    /// One listener on each loop.
    private func listen(_ address: SocketAddress, port: UInt16) throws(SystemFault) -> UInt16 {
        var address = address
        address.port = port
        // SO_REUSEPORT would let a second server of the same user share the port in silence;
        // a socket without it finds the first one out.
        if port != 0 { _ = try ListeningSocket.bound(address, isShared: false) }
        for shard in shards {
            let descriptor = try ListeningSocket.make(
                address,
                backlog: state.limits.backlog,
                isShared: true
            )
            address.port = ListeningSocket.port(of: descriptor)
            start(descriptor, on: shard, targets: [shard], isSecure: state.tls != nil)
        }
        return address.port
    }

    /// One listener that hands its connections to all loops in turn.
    private func listen(path: String) throws(SystemFault) {
        let address = try SocketAddress(path: path)
        // What a killed server leaves behind.
        if try Self.isStaleSocket(path, address) { unlink(path) }
        let descriptor = try ListeningSocket.make(
            address,
            backlog: state.limits.backlog,
            isShared: false
        )
        start(descriptor, on: shards[0], targets: shards, isSecure: false)
    }

    private func start(
        _ descriptor: consuming Descriptor,
        on shard: Shard,
        targets: [Shard],
        isSecure: Bool
    ) {
        let listener = Listener(descriptor, shard: shard, targets: targets, isSecure: isSecure)
        shard.loop.execute { shard.add(listener) }
    }

    /// Whether a socket is there that nobody listens on any more.
    ///
    /// - Throws: `EADDRINUSE` when somebody does.
    private static func isStaleSocket(
        _ path: String,
        _ address: SocketAddress
    ) throws(SystemFault) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return false }
        let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw SystemFault(call: "socket", errno: errno) }
        let probe = Descriptor(owning: raw)
        if address.withPointer({ connect(probe.raw, $0, $1) }) == 0 {
            throw SystemFault(call: "bind", errno: EADDRINUSE)
        }
        return errno == ECONNREFUSED
    }
}
