/// What a server has done since it started; sums over its loops.
package struct ServerStatistics: Sendable, Hashable {
    /// Connections open now.
    package var connectionsOpen = 0
    /// Connections accepted.
    package var connectionsAccepted = 0
    /// Connections turned away because too many were open.
    package var connectionsRefused = 0
    /// Requests whose head was accepted.
    package var requests = 0
    /// Requests refused by the protocol.
    package var requestsRefused = 0
    /// Bytes taken from clients, as they came over the wire.
    package var bytesReceived = 0
    /// Bytes given to clients, as they go over the wire.
    package var bytesSent = 0
}
