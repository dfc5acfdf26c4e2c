import Domain
import HTTP
import JSON
import Storage

/// What time is going to do to environments, without doing it.
struct RehearseExpiry: Operation {
    static let endpoint = Endpoint.reading(
        "rehearseExpiry",
        "/v1/environments:due",
        .readEnvironments,
        parameters: ["within", "limit"]
    )
    /// The farthest that is looked ahead.
    private static let longest = Duration.seconds(31 * 86_400)

    private let within: Duration
    private let limit: Int

    init(reading inputs: Inputs) throws(Problem) {
        within = try inputs.filter("within", Reading.length) ?? .zero
        limit = try ListRequest.limit(inputs.call.query["limit"])
        guard within <= Self.longest else {
            let detail = "At most \(Self.longest.lengthText) ahead."
            throw .invalidQuery([.query("within", "out-of-range", detail)])
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let environments = call.services.storage.environments
        let passages = try await environments.rehearsal(
            within: within,
            limit: limit,
            in: call.services.environments.zones,
            as: call.access
        )
        let pause = try await environments.expiryPause()
        var writer = JSONWriter(reserving: 256 + passages.count * 192)
        writer.object { writer in
            writer.key("items")
            writer.array(passages) { $1.write(to: &$0) }
            writer.pause(pause, at: call.now)
        }
        return .json(.ok, writer.finish())
    }
}

extension DuePassage {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("environment", environment.name)
            writer.member("event", event.description)
            writer.member("dueAt", dueAt.description)
            writer.member("held", isHeld)
            writer.key("neededBy")
            writer.array(neededBy) { $0.string($1.text) }
        }
    }
}

extension JSONWriter {
    /// The member that says whether ends are paused; `null` where they are not.
    mutating func pause(_ pause: ExpiryPause?, at now: Instant) {
        key("paused")
        if let pause, pause.holds(at: now) { pause.write(to: &self) } else { null() }
    }
}
