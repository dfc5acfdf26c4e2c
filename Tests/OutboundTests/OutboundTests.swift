import Outbound
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct OutboundTests {
    @Test(arguments: ["GET", "POST", "PUT", "PATCH", "DELETE"])
    func `a request arrives as it was sent, whatever the answer's status`(
        method: String
    ) async throws {
        try await Peer.run { peer in
            var request = OutboundRequest(method, "\(peer.base)/a/b?c=d%2Fe")
            request.headers = [OutboundHeader("Content-Type", "application/apply-patch+yaml")]
            request.body = method == "GET" ? nil : Array("a: ü\n".utf8)
            let answer = try await peer.client.send(request)
            #expect(answer.head.status == 404)
            #expect(answer.head.version == "HTTP/1.1")
            let text = "\(method) /a/b?c=d%2Fe application/apply-patch+yaml\n"
            let sent = method == "GET" ? "" : "a: ü\n"
            #expect(String(decoding: answer.body, as: UTF8.self) == text + sent)
            #expect(answer.head["content-length"] == "\(answer.body.count)")
        }
    }

    @Test func `content without a type is sent without one, and HEAD has no content`() async throws
    {
        try await Peer.run { peer in
            let posted = try await peer.client.send(
                OutboundRequest("POST", "\(peer.base)/x", body: [])
            )
            #expect(posted.body == Array("POST /x? none\n".utf8))
            let head = try await peer.client.send(OutboundRequest("HEAD", "\(peer.base)/x"))
            #expect(head.body.isEmpty && head.head["content-length"] != nil)
        }
    }

    @Test func `requests at once share connections`() async throws {
        var limits = LaneLimits()
        limits.connectionsPerHostMax = 2
        try await Peer.run(limits: limits) { peer in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        let request = OutboundRequest("GET", "\(peer.base)/\(number)")
                        return try await peer.client.send(request).head.status
                    }
                }
                for try await status in group { #expect(status == 404) }
            }
        }
    }

    @Test(
        arguments: [
            ("GE T", "/", OutboundHeader("a", "b")), ("", "/", OutboundHeader("a", "b")),
            ("GET", "/", OutboundHeader("a", "b\r\nc: d")),
            ("GET", "/", OutboundHeader("a\n", "b")), ("GET", "/", OutboundHeader("", "b")),
            ("GET", "/", OutboundHeader("a:", "b")), ("GET", "/\u{7}", OutboundHeader("a", "b")),
        ]
    )
    func `what would become another request is not sent`(
        method: String,
        path: String,
        header: OutboundHeader
    ) async throws {
        try await Peer.run { peer in
            let request = OutboundRequest(method, peer.base + path, headers: [header])
            await expectFault(peer, request) { fault in
                if case .malformed = fault { true } else { false }
            }
        }
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "no", ""])
    func `nothing but the web is spoken`(url: String) async throws {
        try await Peer.run { peer in
            await expectFault(peer, OutboundRequest("GET", url)) { fault in
                if case .malformed = fault { true } else { false }
            }
        }
    }

    @Test func `a redirect is an answer and is not followed`() async throws {
        try await Peer.run { peer in
            let request = OutboundRequest("GET", "\(peer.base)/elsewhere")
            let answer = try await peer.client.send(request)
            #expect(answer.head.status == 308 && answer.head["location"] == "/large")
        }
    }

    @Test func `a server that is not there is told from one that does not answer`() async throws {
        try await Peer.run { peer in
            await expectFault(peer, OutboundRequest("GET", "http://127.0.0.1:1/")) {
                fault in
                if case .unreachable = fault { true } else { false }
            }
            var request = OutboundRequest("GET", "\(peer.base)/hang")
            request.limits.totalTimeout = .milliseconds(50)
            await expectFault(peer, request) { fault in
                if case .timedOut = fault { true } else { false }
            }
        }
    }

    @Test func `an answer that breaks off is no answer`() async throws {
        try await Peer.run { peer in
            let request = OutboundRequest("GET", "\(peer.base)/broken")
            await expectFault(peer, request) { fault in
                if case .brokenOff = fault { true } else { false }
            }
        }
    }

    @Test func `an answer larger than wanted is given up`() async throws {
        try await Peer.run { peer in
            var request = OutboundRequest("GET", "\(peer.base)/large")
            request.limits.answerBytesMax = 1_000_000
            await expectFault(peer, request) { $0 == .tooLarge(limit: 1_000_000) }
            request.limits.answerBytesMax = PeerHandler.largeBytes
            let answer = try await peer.client.send(request)
            #expect(answer.body.count == PeerHandler.largeBytes)
        }
    }

    @Test func `while nobody reads the server is held back`() async throws {
        try await Peer.run { peer in
            let request = OutboundRequest("GET", "\(peer.base)/large")
            let answer = try await peer.client.open(request)
            // Other requests go on meanwhile, long enough for the kernel's buffers to fill.
            for _ in 0..<200 {
                let other = try await peer.client.send(OutboundRequest("GET", "\(peer.base)/x"))
                #expect(other.head.status == 404)
            }
            #expect(peer.handler.written.load(ordering: .relaxed) < PeerHandler.largeBytes)
            var count = 0
            while let bytes = try await answer.next() { count += bytes.count }
            #expect(count == PeerHandler.largeBytes)
        }
    }

    @Test func `a cancelled task gets its answer at once, and so does one whose client closes`()
        async throws
    {
        try await Peer.run { peer in
            let request = OutboundRequest("GET", "\(peer.base)/hang")
            for closes in [false, true] {
                let answer = try await peer.client.open(request)
                #expect(try await answer.next() == Array("first".utf8))
                let task = Task(executorPreference: peer.loop) { try await answer.next() }
                if closes { await peer.client.close() } else { task.cancel() }
                let result = await task.result
                #expect(throws: OutboundFault.cancelled) { try result.get() }
            }
            await expectFault(peer, request) { $0 == .cancelled }
        }
    }

    @Test func `more requests than the lane takes are refused at once`() async throws {
        var limits = LaneLimits()
        limits.transfersMax = 1
        try await Peer.run(limits: limits) { peer in
            let request = OutboundRequest("GET", "\(peer.base)/hang")
            let first = try await peer.client.open(request)
            await expectFault(peer, request) { $0 == .busy }
            #expect(first.head.status == 200)
        }
    }
}

/// Expects a request to end in a fault of a kind.
func expectFault(
    _ peer: Peer,
    _ request: OutboundRequest,
    _ isExpected: (OutboundFault) -> Bool,
    at location: SourceLocation = #_sourceLocation
) async {
    do throws(OutboundFault) {
        let answer = try await peer.client.send(request)
        Issue.record("answered \(answer.head.status)", sourceLocation: location)
    } catch {
        #expect(isExpected(error), "\(error)", sourceLocation: location)
    }
}
