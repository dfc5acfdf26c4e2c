import EventLoop
import Glibc

/// What has been sent of the answer under way.
struct ResponseProgress {
    var framing = ResponseHead.Framing.none
    var isStreaming = false
    var bodyBytes = 0
    var isTooLong = false
    /// The head of a streamed answer, as long as the request's body still comes in: proxies stop
    /// sending a body once an answer begins, and `100 Continue` has to come before it.
    var heldHead: (head: ResponseHead, fields: ResponseHeaders)?
}

extension Connection {
    /// Bytes of a body that nobody has asked for which are read and dropped, so that the
    /// connection can go on after the answer.
    private static let droppedBodyBytesMax = 64 * 1024

    /// Lets the handler answer `request`; whether the connection goes on.
    func answer(_ request: Request) async -> Bool {
        isHandling = true
        if inputHasEnded { halfCloseDeadline = loop.now.advanced(by: limits.halfCloseTimeout) }
        var answer = await shard.state.handler.respond(to: request)
        // A streaming handler may still read the body while it answers.
        if !answer.body.isStream, body.progress != .complete, let fault = await dropUnreadBody() {
            shard.counters.refusedRequests.count()
            answer = shard.state.handler.answer(to: fault, from: peer)
        }
        let keepsAlive = request.received.head.keepsAlive && !shard.isDraining
        let closes = !keepsAlive || !answer.body.isStream && body.progress != .complete
        var isWhole = append(answer, to: request, closes: closes)
        if isWhole, let write = streamed(answer, to: request) { isWhole = await stream(write) }
        isHandling = false
        halfCloseDeadline = nil
        shard.state.handler.ended(
            exchange(answer, request: request, outcome: isWhole ? .sent : .cutOff)
        )
        if !isWhole { abort() }
        return isWhole && !closes && body.progress == .complete
            && response.framing != .untilClose
    }

    /// Answers bytes that are no request; the connection ends after it.
    func refuse(_ fault: RequestFault) {
        shard.counters.refusedRequests.count()
        let answer = shard.state.handler.answer(to: fault, from: peer)
        response = ResponseProgress()
        let head = ResponseHead(answer, to: nil, closes: true)
        append(head, answer.headers)
        if case .bytes(let bytes) = answer.body { append(body: bytes) }
        shard.state.handler.ended(exchange(answer, request: nil, fault: fault, outcome: .sent))
    }

    /// Reads the rest of a body that the handler did not ask for, as far as that is short; what is
    /// left closes the connection.
    ///
    /// Returns what is wrong with it.
    private func dropUnreadBody() async -> RequestFault? {
        guard body.progress != .complete, !body.wasRead, !body.awaitsContinue,
            (body.announced ?? 0) <= Connection.droppedBodyBytesMax
        else { return nil }
        do throws(BodyFault) {
            while body.bytes <= Connection.droppedBodyBytesMax {
                guard try await nextBodyPart(of: serial) != nil else { return nil }
            }
        } catch {
            switch error {
            case .malformed(let rule): return .malformed(rule)
            case .disconnected: return .malformed(.bodyEnd)
            case .tooLarge, .timedOut: return nil
            }
        }
        return nil
    }

    /// Appends the head of `answer`, and the body where it is there already; false when the client
    /// is gone.
    private func append(_ answer: Response, to request: Request, closes: Bool) -> Bool {
        guard !isClosed else { return false }
        let head = ResponseHead(answer, to: request.received.head, closes: closes)
        response = ResponseProgress()
        response.framing = head.framing
        if answer.body.isStream, hasBody(request), body.progress != .complete {
            response.heldHead = (head, answer.headers)
        } else {
            append(head, answer.headers)
        }
        if case .bytes(let bytes) = answer.body, hasBody(request) { append(body: bytes) }
        return true
    }

    /// What writes the body of `answer`, where one is sent and is not there yet.
    private func streamed(
        _ answer: Response,
        to request: Request
    ) -> (@Sendable (BodyWriter) async throws -> Void)? {
        guard case .stream(_, let write) = answer.body, hasBody(request) else { return nil }
        return write
    }

    private func hasBody(_ request: Request) -> Bool {
        response.framing != .none && request.method != .head
    }

    private func stream(_ write: @Sendable (BodyWriter) async throws -> Void) async -> Bool {
        response.isStreaming = true
        defer { response.isStreaming = false }
        do {
            try await write(BodyWriter(sink: self, serial: serial))
        } catch {
            // The client learns from the missing end that the body is not whole (RFC 9112 §8).
            return false
        }
        guard !isClosed, !response.isTooLong else { return false }
        releaseHead()
        switch response.framing {
        case .chunked: takeOutput().append("0\r\n\r\n")
        case .length(let length): return response.bodyBytes == length
        case .none, .untilClose: break
        }
        return true
    }

    private func append(_ head: ResponseHead, _ fields: ResponseHeaders) {
        head.append(to: takeOutput(), fields: fields, date: &shard.date, second: time(nil))
    }

    private func releaseHead() {
        guard let (head, fields) = response.heldHead else { return }
        response.heldHead = nil
        append(head, fields)
    }

    private func append(body bytes: [UInt8]) {
        response.bodyBytes = bytes.count
        bytes.withUnsafeBytes { takeOutput().append($0) }
    }

    private func exchange(
        _ answer: Response,
        request: Request?,
        fault: RequestFault? = nil,
        outcome: Exchange.Outcome
    ) -> Exchange {
        Exchange(
            request: request,
            fault: fault,
            peer: peer,
            status: answer.status,
            tag: answer.tag,
            bodyBytes: response.bodyBytes,
            duration: request.map { MonotonicTime.now() - $0.receivedAt } ?? .zero,
            outcome: outcome
        )
    }
}

extension Connection: BodySink {
    func write(_ bytes: UnsafeRawBufferPointer, of serial: UInt64) {
        precondition(loop.isCurrent, "a stream is written in the task of its request")
        guard serial == self.serial, response.isStreaming, !isClosed, !bytes.isEmpty else { return }
        response.bodyBytes += bytes.count
        releaseHead()
        let output = takeOutput()
        switch response.framing {
        case .chunked:
            // RFC 9112 §7.1; an empty chunk would be the last.
            output.append(bytes.count, radix: 16)
            output.append("\r\n")
            output.append(bytes)
            output.append("\r\n")
        case .length(let length) where response.bodyBytes > length:
            response.isTooLong = true
        case .length, .untilClose:
            output.append(bytes)
        case .none:
            break
        }
    }

    func room(of serial: UInt64) async throws(StreamFault) {
        try await waitUntilSent(of: serial, atMost: limits.outputBytesMax)
    }

    func flush(of serial: UInt64) async throws(StreamFault) {
        if serial == self.serial, response.isStreaming, !isClosed { releaseHead() }
        flush()
        try await waitUntilSent(of: serial, atMost: 0)
    }

    private func waitUntilSent(of serial: UInt64, atMost most: Int) async throws(StreamFault) {
        while true {
            guard serial == self.serial, response.isStreaming, !isClosed else {
                throw .disconnected
            }
            guard !response.isTooLong else { throw .tooLong }
            guard outputCount > most else { return }
            await waitForOutput(atMost: most / 2)
        }
    }
}
