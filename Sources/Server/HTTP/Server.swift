package import EventLoop

/// An HTTP/1.1 server on the loops of a group.
package final class Server: Sendable {
    /// Makes a server that listens nowhere yet.
    package init(
        group: EventLoopGroup,
        handler: any RequestHandler,
        limits: ServerLimits = ServerLimits(),
        tls: TLSContext? = nil
    ) {
        preconditionFailure("not built yet")
    }

    /// Accepts connections on `address`, with TLS where the server has it.
    ///
    /// - Returns: the address with the port that the kernel chose.
    /// - Throws: `SystemFault` when the address is taken or may not be used.
    package func listen(on address: ListenAddress) throws(SystemFault) -> ListenAddress {
        preconditionFailure("not built yet")
    }

    /// Ends the server: no new connections, idle ones closed, answers under way finished with
    /// `Connection: close`; what is left after `limit` is cut off.
    package func drain(within limit: Duration) async {
        preconditionFailure("not built yet")
    }

    /// What the server has done so far.
    package var statistics: ServerStatistics {
        preconditionFailure("not built yet")
    }
}
