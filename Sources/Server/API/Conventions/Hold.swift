import Domain
import EventLoop
import HTTP
import Storage
import Synchronization

/// Holds an answer as `Prefer: wait=N` asks (RFC 7240 §4.3), without blocking anything.
struct Hold {
    /// The least time between two looks, however often the signal rings: 20 ms.
    private static let pauseMin = Duration.milliseconds(20)

    private let call: Invocation

    init(_ call: Invocation) {
        self.call = call
    }

    /// Whether the caller wants the answer to be held.
    var isWanted: Bool { (call.preferences.wait ?? 0) > 0 }

    /// The answer with what was done about the caller's preference.
    func noting(_ answer: Answer) -> Answer {
        if let seconds = call.preferences.wait {
            answer.with(.preferenceApplied, "wait=\(seconds)")
        } else if call.preferences.isAsynchronous {
            answer.with(.preferenceApplied, "respond-async")
        } else {
            answer
        }
    }

    /// The job as it is when it has ended, a person must act, or the time is over.
    func end(of job: JobID) async throws -> Job? {
        let services = call.services
        guard services.holds.begin(atMost: services.limits.waitsMax) else { return nil }
        defer { services.holds.end() }
        let until = MonotonicTime.now().advanced(by: .seconds(call.preferences.wait ?? 0))
        while true {
            let generation = services.jobSignal.generation
            let found = try await services.storage.jobs.find(job, as: call.access)
            guard let found else { return nil }
            let now = MonotonicTime.now()
            let isOver = now >= until || services.jobSignal.isClosed
            if found.state.isFinal || found.state == .stalled || isOver { return found }
            let limit = min(services.limits.recheck, until - now)
            await services.jobSignal.wait(since: generation, upTo: limit)
            try await EventLoop.current?.sleep(for: min(Self.pauseMin, limit))
        }
    }
}

/// Counts what is held at once, with a maximum.
final class HoldCounter: Sendable {
    private let count = Atomic<Int>(0)

    /// Whether one more may begin; `end` must follow if so.
    func begin(atMost most: Int) -> Bool {
        guard count.add(1, ordering: .relaxed).newValue <= most else {
            end()
            return false
        }
        return true
    }

    /// Whether fewer than `most` are held.
    func hasRoom(below most: Int) -> Bool {
        count.load(ordering: .relaxed) < most
    }

    func end() {
        count.subtract(1, ordering: .relaxed)
    }
}
