import Domain
import EventLoop
import HTTP
import JSON
import Storage

/// Where a reader of an ordered log stands, and how it wants to go on: the convention of events
/// and job logs.
struct Following: Sendable {
    /// The last position that the reader has seen; nil starts at the front.
    let after: Int64?
    let limit: Int
    /// Whether the answer is a stream of server-sent events.
    let isStream: Bool

    init(reading inputs: Inputs) throws(Problem) {
        let call = inputs.call
        limit = try ListRequest.limit(call.query["limit"])
        isStream = MediaType.eventStream.isAskedFor(by: call.request.headers)
        if isStream, let last = call.request.headers[.lastEventID] {
            guard let position = Int(digits: last) else {
                throw .invalidHeader(
                    "Last-Event-ID",
                    "invalid-value",
                    "Send a position as the stream gave it."
                )
            }
            after = Int64(position)
        } else if let text = call.query["after"] {
            guard let position = Int(digits: text) else {
                throw .invalidQuery([
                    .query("after", "invalid-value", "Expected a position, as `next` gave it.")
                ])
            }
            after = Int64(position)
        } else {
            after = nil
        }
    }

    /// A piece of the log as JSON, with the way to go on.
    func page<Item>(
        _ items: [Item],
        next: Int64,
        _ call: Invocation,
        _ write: (inout JSONWriter, Item) -> Void
    ) -> Answer {
        var writer = JSONWriter(reserving: 256 + items.count * 512)
        writer.beginObject()
        writer.key("items")
        writer.array(items, write)
        writer.member("next", String(next))
        writer.endObject()
        let query = call.query.replacing("after", with: String(next))
        return Answer.json(.ok, writer.finish())
            .with(.link, "<\(call.request.path)?\(query)>; rel=\"next\"")
    }
}

/// A live stream of server-sent events out of an ordered log.
struct LiveStream: Sendable {
    /// One look into the log.
    struct Look: Sendable {
        let events: [ServerSentEvent]
        /// Where to go on.
        let next: Int64
        /// Whether there is more right now.
        let hasMore: Bool
        /// Whether nothing will follow any more.
        let isEnd: Bool
    }

    /// How often a quiet stream makes sure that its token still works: 1 s.
    private static let tokenCheck = Duration.seconds(1)

    let call: Invocation
    let signal: ChangeSignal
    let look: @Sendable (Int64?) async throws -> Look

    /// The answer that goes on until the reader leaves, the log ends, or the token stops working.
    ///
    /// - Throws: what the first look throws, and `overloaded` where too many streams are open.
    func answer(after position: Int64?) async throws -> Answer {
        let services = call.services
        guard services.streams.hasRoom(below: services.limits.streamsMax) else {
            throw Problem(
                .overloaded,
                "Too many streams are open. Try again later, or poll.",
                retryAfter: 5
            )
        }
        let first = try await look(position)
        let stream = self
        var answer = Answer(
            .ok,
            body: .stream(length: nil) { writer in
                _ = services.streams.begin(atMost: .max)
                defer { services.streams.end() }
                try await stream.run(first, writer)
            }
        )
        answer.headers.add(.contentType, MediaType.eventStream.essence)
        return answer
    }

    private func run(_ first: Look, _ writer: BodyWriter) async throws {
        try await writer.write(ServerSentEvent.preamble)
        var current = first
        var spokenAt = MonotonicTime.now()
        while true {
            let generation = signal.generation
            if !current.events.isEmpty {
                try await writer.write(current.events.flatMap(\.bytes))
                spokenAt = .now()
            }
            // The reader comes back by `Last-Event-ID`, to a server that stays.
            if current.isEnd || signal.isClosed { return }
            if !current.hasMore {
                guard try await isStillAdmitted() else { return }
                await signal.wait(since: generation, upTo: Self.tokenCheck)
                try Task.checkCancellation()
            }
            if MonotonicTime.now() - spokenAt >= call.services.limits.heartbeat {
                try await writer.write(ServerSentEvent.heartbeat)
                spokenAt = .now()
            }
            current = try await look(current.next)
        }
    }

    /// A stream ends with its token.
    private func isStillAdmitted() async throws -> Bool {
        guard let caller = call.caller else { return false }
        let found = try await call.services.storage.tokens.find(caller.token, as: .system)
        return found.map { $0.token.phase(at: call.now) == "active" } ?? false
    }
}
