import HTTP
import JSON

/// Reads a request's body in the form that its endpoint takes.
enum BodyReader {
    /// Bytes of a JSON body: 1 MiB (DESIGN §5).
    static let bytesMax = 1 << 20

    /// The bytes of the body; `place` counts those of strangers as they come.
    static func read(
        _ request: Request,
        as body: Endpoint.Body,
        in place: BodyRoom.Place?
    ) async throws(Problem) -> [UInt8] {
        switch body {
        case .none:
            if request.method != .get, request.method != .head { try await refuse(request.body) }
            return []
        case .json:
            try check(request.headers, accepts: [.json])
        case .mergePatch:
            try check(request.headers, accepts: [.mergePatch, .json])
        case .form:
            try check(request.headers, accepts: [.form])
        case .raw(let types, let most):
            let sent = request.headers[.contentType].flatMap(MediaType.init(parsing:))
            guard let sent, types.contains(sent.essence) else { throw .unsupported(types) }
            return try await collect(request.body, upTo: most, in: place)
        case .stream(let contentType):
            let sent = request.headers[.contentType].flatMap(MediaType.init(parsing:))
            guard sent?.essence == contentType else { throw .unsupported([contentType]) }
            return []
        }
        return try await collect(request.body)
    }

    private static func collect(
        _ body: RequestBody,
        upTo bytesMax: Int = bytesMax,
        in place: BodyRoom.Place? = nil
    ) async throws(Problem) -> [UInt8] {
        do {
            return try await body.collect(upTo: bytesMax) { try place?.take($0) }
        } catch let problem as Problem {
            throw problem
        } catch let fault as BodyFault {
            throw Problem(reading: fault)
        } catch {
            throw .internalError
        }
    }

    /// What an operation that takes nothing is sent must say nothing: what it says would be ignored
    /// silently.
    private static func refuse(_ body: RequestBody) async throws(Problem) {
        guard body.length != 0 else { return }
        let said = try await collect(body).filter { !" \t\r\n".utf8.contains($0) }
        guard !said.isEmpty, said != Array("{}".utf8) else { return }
        let collector = FaultCollector()
        collector.add(.root, "unexpected-body", "Nothing is read here: send no body, or `{}`.")
        try collector.throwIfAny()
    }

    private static func check(
        _ headers: HeaderFields,
        accepts types: [MediaType]
    ) throws(Problem) {
        let coding = headers[.contentEncoding]?.lowercased() ?? "identity"
        guard coding == "identity" else {
            throw Problem(
                .unsupportedContentEncoding,
                "Send the body without `Content-Encoding`."
            )
        }
        let sent = headers[.contentType].flatMap(MediaType.init(parsing:))
        guard let sent, types.contains(sent) else { throw .unsupported(types.map(\.essence)) }
    }

    /// - Throws: `invalid-json` with the place of the fault.
    static func parse(_ bytes: [UInt8]) throws(Problem) -> JSON {
        do {
            return try JSON.parse(bytes)
        } catch {
            let place = "line \(error.line), column \(error.column)"
            throw Problem(
                .invalidJSON,
                "The body is not JSON at \(place): \(error.reason).",
                faults: [
                    Fault(
                        .body(.root),
                        code: "invalid-json",
                        detail: "At \(place): \(error.reason)."
                    )
                ]
            )
        }
    }
}

extension Problem {
    fileprivate static func unsupported(_ types: [String]) -> Problem {
        Problem(
            .unsupportedMediaType,
            "Send the body with `Content-Type: \(types.joined(separator: "` or `"))`."
        )
    }

    /// Why the body did not arrive.
    init(reading fault: BodyFault) {
        switch fault {
        case .tooLarge(let limit):
            self.init(.bodyTooLarge, "Send at most \(limit) bytes.")
        case .timedOut:
            self.init(.requestTimeout, "The body did not arrive in time; send it in one go.")
        case .malformed(let rule):
            self.init(.malformedRequest, "The body breaks HTTP/1.1: \(rule.rawValue).")
        case .disconnected:
            self.init(.requestTimeout, "The connection ended before the body did.")
        }
    }
}
