package import EventLoop

/// One request whose head has been parsed; its body may still be on the way.
///
/// One reference, because it is handed from layer to layer.
package struct Request: Sendable {
    let received: ReceivedHead

    init(received: ReceivedHead) {
        self.received = received
    }

    /// Where the body comes from.
    package var body: RequestBody { received.body }
    /// The other side's address as text, `unix` for a unix socket.
    package var peer: String { received.peer }
    /// Whether it came through TLS.
    package var isSecure: Bool { received.isSecure }
    /// When its head was complete.
    package var receivedAt: MonotonicTime { received.receivedAt }

    /// What the client wants done.
    package var method: Method { received.head.method }

    /// The absolute path as it was sent, not decoded; `*` for OPTIONS on the whole server.
    package var path: String {
        let head = received.head
        return head.path.isEmpty ? Request.impliedPath(head).description : received.text(head.path)
    }

    /// What follows `?`, not decoded.
    package var query: String? {
        received.head.query.map { received.text($0) }
    }

    /// The field lines.
    package var headers: HeaderFields { HeaderFields(received: received) }

    /// Lends the bytes of `path`, which are ASCII, without making a `String`.
    package func withPath<Value>(_ body: (Span<UInt8>) -> Value) -> Value {
        let path = received.head.path
        guard path.isEmpty else {
            let bytes = received.bytes
            let whole = bytes.span
            let part = whole.extracting(path)
            return body(part)
        }
        let implied = Request.impliedPath(received.head)
        return implied.withUTF8Buffer { body(Span(_unsafeElements: $0)) }
    }

    // RFC 9112 §3.2.1 and §3.2.4: an absolute-form target without a path stands for "/", with
    // OPTIONS for "*".
    private static func impliedPath(_ head: RequestHead) -> StaticString {
        head.method == .options && head.query == nil ? "*" : "/"
    }
}

extension Request {
    /// A request that comes from no connection, for tests of handlers.
    ///
    /// - Throws: `RequestFault` when the parts do not make a valid request.
    package init(
        _ method: Method,
        _ target: String,
        headers: [(HeaderName, String)] = [],
        body: [UInt8] = [],
        peer: String = "127.0.0.1",
        isSecure: Bool = false
    ) throws(RequestFault) {
        var text = "\(method.name) \(target) HTTP/1.1\r\n"
        if !headers.contains(where: { $0.0 == .host }) { text += "host: localhost\r\n" }
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if !body.isEmpty { text += "content-length: \(body.count)\r\n" }
        let received = ReceivedHead()
        received.bytes = Array("\(text)\r\n".utf8)
        var parser = RequestParser(limits: ServerLimits())
        switch received.bytes.withUnsafeBytes({ parser.parse($0, into: &received.head) }) {
        case .complete: break
        case .partial: throw .malformed(.requestLine)
        case .refused(let fault): throw fault
        }
        received.body = RequestBody(bytes: body)
        received.peer = peer
        received.isSecure = isSecure
        received.receivedAt = .now()
        self.init(received: received)
    }
}
