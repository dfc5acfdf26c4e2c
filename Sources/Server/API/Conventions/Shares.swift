import Domain
import Synchronization

/// Bounds what is under way at once, in all and for each token.
final class Shares: Sendable {
    /// One place; it is free again when nobody holds it any more.
    final class Place: Sendable {
        private let shares: Shares
        private let token: TokenID

        fileprivate init(_ shares: Shares, _ token: TokenID) {
            self.shares = shares
            self.token = token
        }

        deinit {
            shares.leave(token)
        }
    }

    private struct State {
        var count = 0
        var held: [TokenID: Int] = [:]
    }

    private let state = Mutex(State())
    private let most: Int
    private let share: Int

    /// At most `most` at once, and `share` of one token.
    init(most: Int, share: Int) {
        self.most = most
        self.share = share
    }

    /// A place for the token's next one; nil where there is none.
    func place(for token: TokenID) -> Place? {
        let isFree = state.withLock { state in
            guard state.count < most, state.held[token, default: 0] < share else { return false }
            state.count += 1
            state.held[token, default: 0] += 1
            return true
        }
        return isFree ? Place(self, token) : nil
    }

    /// A place for the token's next one.
    ///
    /// - Throws: `overloaded` where there is none.
    func enter(for token: TokenID) throws(Problem) -> Place {
        guard let place = place(for: token) else {
            throw Problem(
                .overloaded,
                "As many of these as may run at once are under way. Send the request again.",
                retryAfter: 2
            )
        }
        return place
    }

    private func leave(_ token: TokenID) {
        state.withLock { state in
            state.count -= 1
            state.held[token] = state.held[token].flatMap { $0 > 1 ? $0 - 1 : nil }
        }
    }
}
