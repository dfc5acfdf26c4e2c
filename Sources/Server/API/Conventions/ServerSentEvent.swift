/// One message of a server-sent event stream (WHATWG HTML §9.2).
struct ServerSentEvent: Sendable, Hashable {
    /// Comes back as `Last-Event-ID`.
    let id: String
    /// Which listeners it reaches.
    let type: String
    /// One line of JSON.
    let data: [UInt8]

    /// The message as it is sent.
    ///
    /// JSON has no line breaks of its own; the other two come from Slipway and hold none either.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.count + 64)
        bytes += "id: \(id)\nevent: \(type)\ndata: ".utf8
        bytes += data
        bytes += "\n\n".utf8
        return bytes
    }

    /// A comment that keeps proxies from closing a quiet stream.
    static let heartbeat = Array(": still here\n\n".utf8)
    /// Tells clients to come back after a second when the stream breaks.
    static let preamble = Array("retry: 1000\n\n".utf8)
}
