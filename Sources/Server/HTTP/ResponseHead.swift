/// The head of a response as it is decided for one request, ready to be written.
struct ResponseHead {
    /// How the client finds the end of the body (RFC 9112 §6.3).
    enum Framing: Equatable {
        /// The status or the method says that there is none.
        case none
        case length(Int)
        case chunked
        /// The body ends with the connection: HTTP/1.0 has no chunks.
        case untilClose
    }

    /// What becomes of the connection (RFC 9112 §9.3).
    enum Persistence: Equatable {
        /// Nothing has to be said.
        case keepAlive
        /// A client of HTTP/1.0 asked for it and has to be told.
        case keepAliveSaid
        case close
    }

    let status: Status
    let framing: Framing
    let persistence: Persistence

    /// Decides on framing and persistence for the answer to a request with `head`; nil stands
    /// for bytes that were no request.
    init(_ response: Response, to head: RequestHead?, closes: Bool) {
        status = response.status
        let isOld = head?.minorVersion == 0
        framing = ResponseHead.framing(of: response, isOld: isOld, isHead: head?.method == .head)
        if closes || framing == .untilClose {
            persistence = .close
        } else {
            persistence = isOld ? .keepAliveSaid : .keepAlive
        }
    }

    private static func framing(of response: Response, isOld: Bool, isHead: Bool) -> Framing {
        guard !response.status.forbidsBody else { return .none }
        switch response.body {
        case .empty: return .length(0)
        case .bytes(let bytes): return .length(bytes.count)
        case .stream(.some(let length), _): return .length(length)
        case .stream(.none, _) where isHead: return .none
        case .stream(.none, _): return isOld ? .untilClose : .chunked
        }
    }

    /// Appends the head with the handler's `fields` and the empty line.
    func append(to buffer: ByteBuffer, fields: ResponseHeaders, date: inout DateField, second: Int)
    {
        buffer.append("HTTP/1.1 ")
        buffer.append(status.code)
        buffer.append(" ")
        buffer.append(status.reason)
        buffer.append("\r\n")
        date.append(to: buffer, second: second)
        switch framing {
        case .length(let length):
            buffer.append("Content-Length: ")
            buffer.append(length)
            buffer.append("\r\n")
        case .chunked:
            buffer.append("Transfer-Encoding: chunked\r\n")
        case .none, .untilClose:
            break
        }
        switch persistence {
        case .keepAlive: break
        case .keepAliveSaid: buffer.append("Connection: keep-alive\r\n")
        case .close: buffer.append("Connection: close\r\n")
        }
        let lines = fields.fields.span
        for index in lines.indices { ResponseHead.append(lines[index], to: buffer) }
        buffer.append("\r\n")
    }

    private static func append(_ field: ResponseHeaders.Field, to buffer: ByteBuffer) {
        if field.name.known == .unknown {
            buffer.append(field.name.custom)
        } else {
            buffer.append(field.name.known.spelling)
        }
        buffer.append(": ")
        buffer.append(field.value)
        buffer.append("\r\n")
    }
}
