import Domain
import EventLoop
import HTTP
import JSON
import Storage

/// The event log: by page, by long poll, or live.
struct ListEvents: Operation {
    /// The longest that an empty answer is held: 60 seconds.
    private static let waitMax = 60

    static let endpoint = Endpoint(
        "listEvents",
        .get,
        "/v1/events",
        for: .permitted(.readEvents),
        parameters: ["after", "limit", "wait", "tenant"]
    )

    private let following: Following
    private let tenant: TenantName?
    private let wait: Int

    init(reading inputs: Inputs) throws(Problem) {
        following = try Following(reading: inputs)
        tenant = try inputs.filter("tenant", Reading.name)
        let text = inputs.call.query["wait"] ?? "0"
        guard let wait = Int(digits: text), wait <= Self.waitMax else {
            throw .invalidQuery([
                .query("wait", "out-of-range", "Expected 0 to \(Self.waitMax) seconds.")
            ])
        }
        self.wait = wait
    }

    func answer(_ call: Invocation) async throws -> Answer {
        if following.isStream { return try await stream(call) }
        let page = try await page(call)
        return following.page(page.events, next: page.next, call, EventView.write)
    }

    /// The next events; with `wait` not before there are any, or the time is over.
    private func page(_ call: Invocation) async throws -> EventPage {
        let services = call.services
        let until = MonotonicTime.now().advanced(by: .seconds(wait))
        var mayWait = wait > 0 && services.holds.begin(atMost: services.limits.waitsMax)
        defer { if mayWait { services.holds.end() } }
        while true {
            let generation = services.eventSignal.generation
            let page = try await read(call, after: following.after)
            let left = until - .now()
            guard page.events.isEmpty, mayWait, left > .zero, !services.eventSignal.isClosed
            else { return page }
            await services.eventSignal.wait(
                since: generation,
                upTo: min(services.limits.recheck, left)
            )
            try Task.checkCancellation()
            mayWait = true
        }
    }

    private func stream(_ call: Invocation) async throws -> Answer {
        let stream = LiveStream(call: call, signal: call.services.eventSignal) { position in
            let page = try await read(call, after: position)
            return LiveStream.Look(
                events: page.events.map(EventView.message),
                next: page.next,
                hasMore: page.hasMore,
                isEnd: false
            )
        }
        return try await stream.answer(after: following.after)
    }

    private func read(_ call: Invocation, after: Int64?) async throws -> EventPage {
        let query = EventQuery(after: after, limit: following.limit, tenant: tenant)
        return try await call.services.storage.events.read(query, as: call.access)
    }
}
