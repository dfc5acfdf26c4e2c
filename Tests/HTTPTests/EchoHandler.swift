import HTTP
import Synchronization

/// Answers each request with its method, target and body, and some paths in ways of their own.
final class EchoHandler: RequestHandler {
    /// Exchanges that ended, as one line each.
    let exchanges = Mutex<[String]>([])
    /// Lets a test know what handlers have come to.
    let signals = Signals()
    static let bodyBytesMax = 64 * 1024 * 1024

    func respond(to request: Request) async -> Response {
        switch request.path {
        case "/ignore": Response(status: .ok, body: .bytes(Array("ignored".utf8)))
        case "/small": await echo(request, limit: 10)
        case "/nothing": Response(status: .noContent)
        case "/hang": await hang()
        case "/stream": stream(request)
        case "/endless": endless()
        case "/short": short()
        case "/broken": broken()
        case "/pipe": pipe(request)
        case "/headers": Response(status: .ok, headers: hostileHeaders())
        default: await echo(request, limit: EchoHandler.bodyBytesMax)
        }
    }

    func ended(_ exchange: Exchange) {
        let target = exchange.request.map { "\($0.method.name) \($0.path)" } ?? "refused"
        exchanges.withLock {
            $0.append("\(target) \(exchange.status.code) \(exchange.bodyBytes) \(exchange.outcome)")
        }
        signals.send("ended \(target)")
    }

    private func echo(_ request: Request, limit: Int) async -> Response {
        do {
            var text = Array("\(request.method.name) \(request.path)\n".utf8)
            text += try await request.body.collect(upTo: limit)
            return Response(status: .ok, headers: [.contentType: "text/plain"], body: .bytes(text))
        } catch {
            return refusal(error, from: request.peer)
        }
    }

    private func refusal(_ fault: BodyFault, from peer: String) -> Response {
        switch fault {
        case .tooLarge: Response(status: .contentTooLarge)
        case .timedOut: Response(status: .requestTimeout)
        case .malformed(let rule): answer(to: RequestFault.malformed(rule), from: peer)
        case .disconnected: Response(status: .badRequest)
        }
    }

    /// Waits until the client goes away.
    private func hang() async -> Response {
        signals.send("hanging")
        await withTaskCancellationHandler {
            await signals.wait(for: "cancelled")
        } onCancel: { [signals] in
            signals.send("cancelled")
        }
        return Response(status: .ok)
    }

    private func stream(_ request: Request) -> Response {
        Response(
            status: .ok,
            body: .stream(length: nil) { writer in
                for number in 0..<3 {
                    try await writer.write("part \(number)\n")
                    try await writer.flush()
                }
            }
        )
    }

    private func endless() -> Response {
        Response(
            status: .ok,
            body: .stream(length: nil) { [signals] writer in
                let block = [UInt8](repeating: UInt8(ascii: "x"), count: 16 * 1024)
                do {
                    while true { try await writer.write(block) }
                } catch {
                    signals.send("stream \(error)")
                    throw error
                }
            }
        )
    }

    private func short() -> Response {
        Response(status: .ok, body: .stream(length: 10) { try await $0.write("short") })
    }

    private func broken() -> Response {
        Response(
            status: .ok,
            body: .stream(length: nil) { writer in
                try await writer.write("begun")
                try await writer.flush()
                throw StreamFault.disconnected
            }
        )
    }

    /// Sends the request's body back while it still comes.
    private func pipe(_ request: Request) -> Response {
        Response(
            status: .ok,
            body: .stream(length: request.body.length) { writer in
                while let part = try await request.body.next() { try await writer.write(part) }
            }
        )
    }

    private func hostileHeaders() -> ResponseHeaders {
        var headers: ResponseHeaders = [.etag: "\"1\""]
        headers.add("x-split", "a\r\nSet-Cookie: b")
        headers.add("x bad", "value")
        headers.add(.contentLength, "9999")
        headers.add(.transferEncoding, "chunked")
        headers.add("x-good", "tab\tand caf\u{E9}")
        return headers
    }
}

/// Words that tests and handlers wait for; a word that was sent stays.
final class Signals: Sendable {
    private struct State {
        var sent: Set<String> = []
        var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]
    }

    private let state = Mutex(State())

    func send(_ word: String) {
        let waiting = state.withLock { state in
            state.sent.insert(word)
            return state.waiting.removeValue(forKey: word) ?? []
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait(for word: String) async {
        await withCheckedContinuation { continuation in
            let isSent = state.withLock { state in
                if !state.sent.contains(word) {
                    state.waiting[word, default: []].append(continuation)
                }
                return state.sent.contains(word)
            }
            if isSent { continuation.resume() }
        }
    }
}
