import EventLoop
import HTTP
import Storage

extension Following {
    /// The longest that an empty answer is held: 60 seconds.
    private static let waitMax = 60

    /// How many seconds an answer without events may be held.
    static func wait(_ inputs: Inputs) throws(Problem) -> Int {
        let text = inputs.call.query["wait"] ?? "0"
        guard let wait = Int(digits: text), wait <= waitMax else {
            throw .invalidQuery([
                .query("wait", "out-of-range", "Expected 0 to \(waitMax) seconds.")
            ])
        }
        return wait
    }

    /// What `read` finds behind a position of the event log: a page, or a stream where that is
    /// asked for.
    func answer(
        _ call: Invocation,
        wait: Int,
        read: @escaping @Sendable (Int64?) async throws -> EventPage
    ) async throws -> Answer {
        guard isStream else {
            let page = try await page(call, wait: wait, read: read)
            return self.page(page.events, next: page.next, call, EventView.write)
        }
        let stream = LiveStream(call: call, signal: call.services.eventSignal) { position in
            let page = try await read(position)
            return LiveStream.Look(
                events: page.events.map(EventView.message),
                next: page.next,
                hasMore: page.hasMore,
                isEnd: false
            )
        }
        return try await stream.answer(after: after)
    }

    /// The next events; with `wait` not before there are any, or the time is over.
    private func page(
        _ call: Invocation,
        wait: Int,
        read: (Int64?) async throws -> EventPage
    ) async throws -> EventPage {
        let services = call.services
        let until = MonotonicTime.now().advanced(by: .seconds(wait))
        var mayWait = wait > 0 && services.holds.begin(atMost: services.limits.waitsMax)
        defer { if mayWait { services.holds.end() } }
        while true {
            let generation = services.eventSignal.generation
            let page = try await read(after)
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
}
