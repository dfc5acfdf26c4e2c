import EventLoop

extension Connection {
    /// Answers one request after the other until the connection ends.
    func serve() async {
        var lingers = true
        while let request = await nextRequest() {
            guard await answer(request) else {
                // A client that asked for the end itself sends nothing more.
                let wasAsked = received?.head.keepsAlive == false && body.progress == .complete
                lingers = !wasAsked || !pendingInput.isEmpty
                break
            }
        }
        end(lingers: lingers)
    }

    /// The next request of the client; nil when there is none any more.
    private func nextRequest() async -> Request? {
        var head = takeHead()
        while !isClosed {
            if outputCount > limits.outputBytesMax {
                await waitForOutput(atMost: limits.outputBytesMax / 2)
                continue
            }
            switch parser.parse(pendingInput, into: &head.head) {
            case .complete(let count): return request(from: head, count: count)
            case .refused(let fault):
                refuse(fault)
                return nil
            case .partial:
                received = head
                guard await hasMoreHead() else { return nil }
                head = takeHead(isFresh: false)
            }
        }
        return nil
    }

    /// The head to fill; the last one again when no handler has kept it.
    private func takeHead(isFresh: Bool = true) -> ReceivedHead {
        if isFresh { parser = RequestParser(limits: limits) }
        guard var last = received else { return ReceivedHead() }
        received = nil
        guard isFresh else { return last }
        guard isKnownUniquelyReferenced(&last) else { return ReceivedHead() }
        last.reset()
        return last
    }

    /// Waits for more of a head; false when none comes or it took too long.
    private func hasMoreHead() async -> Bool {
        let seen = pendingInput.count
        guard !inputIsOver else { return false }
        guard pendingInput.count == seen else { return true }
        let isIdle = pendingInput.isEmpty
        if isIdle, shard.isDraining { return false }
        let hasTimedOut = await waitForInput(isIdle ? .idle : .head)
        if isIdle {
            // A request that came at the last moment is answered.
            return !pendingInput.isEmpty || !hasTimedOut && !shard.isDraining
        }
        if hasTimedOut { refuse(.headTimedOut) }
        return !hasTimedOut
    }

    /// Waits until bytes came, the input ended or the wait's time was up, which it tells.
    func waitForInput(_ wait: Wait) async -> Bool {
        guard !hasMoreDecrypted() else { return false }
        waitFor(wait)
        await Wakeup<Void, Never>.wait { reader = $0 }
        defer { stopWaiting() }
        return hasTimedOut
    }

    private func request(from head: ReceivedHead, count: Int) -> Request? {
        head.bytes.removeAll(keepingCapacity: true)
        head.bytes.append(contentsOf: pendingInput.part(0..<count))
        consumeInput(count)
        headDeadline = nil
        received = head
        serial += 1
        body = RequestBodyState(head.head, limits: limits)
        guard (body.announced ?? 0) <= limits.bodyBytesMax else {
            refuse(.bodyTooLarge)
            return nil
        }
        shard.counters.requests.count()
        if head.head.framing != .none {
            head.body = RequestBody(source: self, serial: serial, length: body.announced)
        }
        head.peer = peer
        head.isSecure = isSecure
        head.receivedAt = loop.now
        return Request(received: head)
    }
}

extension Connection: BodySource {
    func nextBodyPart(of serial: UInt64) async throws(BodyFault) -> [UInt8]? {
        precondition(loop.isCurrent, "a body is read in the task of its request")
        // A body that outlives its exchange has nothing to give.
        guard serial == self.serial, isHandling else { throw .disconnected }
        body.wasRead = true
        sayContinue()
        while true {
            guard !isClosed else { throw .disconnected }
            switch body.progress {
            case .complete: return nil
            case .failed(let fault): throw fault
            case .reading(var reader):
                let step = reader.next(pendingInput)
                body.progress = .reading(reader)
                if let part = try take(step) { return part }
                if case .partial = step { try await waitForBody() }
            }
        }
    }

    /// RFC 9110 §10.1.1: the client sends the body when it is told that somebody reads it.
    private func sayContinue() {
        guard body.awaitsContinue, !isClosed else { return }
        body.awaitsContinue = false
        // What has begun to come needs no invitation.
        if pendingInput.isEmpty { takeOutput().append("HTTP/1.1 100 Continue\r\n\r\n") }
    }

    private func take(_ step: BodyStep) throws(BodyFault) -> [UInt8]? {
        switch step {
        case .partial(let consumed):
            consumeInput(consumed)
            return nil
        case .data(let range):
            let part = Array(pendingInput.part(range))
            consumeInput(range.upperBound)
            body.bytes += part.count
            guard body.bytes <= limits.bodyBytesMax else {
                throw fail(.tooLarge(limit: limits.bodyBytesMax))
            }
            return part
        case .end(let consumed):
            consumeInput(consumed)
            body.progress = .complete
            return nil
        case .malformed(let rule):
            throw fail(.malformed(rule))
        }
    }

    private func waitForBody() async throws(BodyFault) {
        let before = pendingInput.count
        guard !inputIsOver, reader == nil else { throw fail(.disconnected) }
        guard pendingInput.count == before else { return }
        let waitsUntil = body.budget.deadline(at: loop.now)
        let hasTimedOut = await waitForInput(.body)
        let arrived = pendingInput.count - before
        if arrived > 0 {
            body.budget.moved(arrived, at: loop.now, deadline: waitsUntil)
        } else if hasTimedOut {
            throw fail(.timedOut)
        }
    }

    private func fail(_ fault: BodyFault) -> BodyFault {
        body.progress = .failed(fault)
        return fault
    }
}
