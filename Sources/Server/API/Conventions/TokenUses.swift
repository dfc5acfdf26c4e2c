import Domain
import EventLoop
import Storage
import Synchronization

/// Notes when tokens were last used: to the minute, and so at most one write a minute for each.
final class TokenUses: Sendable {
    /// Tokens remembered at once; beyond that all are forgotten, which costs one write each.
    private static let countMax = 4_096

    private let storage: Storage
    private let clock: @Sendable () -> Domain.Instant
    private let minutes = Mutex<[TokenID: Int64]>([:])

    init(_ storage: Storage, clock: @escaping @Sendable () -> Domain.Instant) {
        self.storage = storage
        self.clock = clock
    }

    /// Notes that a token was used now; returns at once.
    func note(_ token: TokenID) {
        let moment = clock()
        let minute = moment.microseconds / 60_000_000
        let isNew = minutes.withLock { minutes in
            if minutes.count >= Self.countMax { minutes.removeAll() }
            return minutes.updateValue(minute, forKey: token) != minute
        }
        guard isNew else { return }
        let storage = storage
        // One statement, which nobody waits for: the next minute tells the same again.
        Task(executorPreference: EventLoop.current) {
            do {
                try await storage.tokens.noteUse(of: [token], at: moment)
            } catch {
                // The database is away: what is missed is one minute of accuracy.
            }
        }
    }
}
