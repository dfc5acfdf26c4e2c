import Domain
import EventLoop
import Synchronization

/// Remembers for less than a second whom a token stands for, so that a busy caller costs one look
/// into the database a second, and a revoked token stops within one second everywhere.
final class PrincipalCache: Sendable {
    /// How long an answer is believed.
    static let lifetime = Duration.milliseconds(900)
    /// How long a token counts as one that worked lately: long enough for a caller that asks now
    /// and then.
    static let memory = Duration.seconds(600)
    /// Tokens kept at once; beyond that all are forgotten, which costs one look each.
    static let countMax = 4_096

    private struct Entry {
        /// Nil once it must be read again.
        var principal: Principal?
        let readAt: MonotonicTime
    }

    private let entries = Mutex<[TokenDigest: Entry]>([:])

    func principal(for digest: TokenDigest, at now: MonotonicTime) -> Principal? {
        entries.withLock { entries in
            guard let entry = entries[digest], now - entry.readAt < Self.lifetime else {
                return nil
            }
            return entry.principal
        }
    }

    /// Whether the token was good within `memory`.
    ///
    /// This lets nobody in; such a token is looked up where a stranger's is not.
    func worked(_ digest: TokenDigest, at now: MonotonicTime) -> Bool {
        entries.withLock { entries in
            entries[digest].map { now - $0.readAt < Self.memory } ?? false
        }
    }

    /// Keeps what was read at `moment`, the time before the database was asked.
    func keep(_ principal: Principal, for digest: TokenDigest, readAt moment: MonotonicTime) {
        entries.withLock { entries in
            if entries.count >= Self.countMax { entries.removeAll(keepingCapacity: true) }
            entries[digest] = Entry(principal: principal, readAt: moment)
        }
    }

    /// Forgets a token that turned out to be bad.
    func drop(_ digest: TokenDigest) {
        entries.withLock { _ = $0.removeValue(forKey: digest) }
    }

    /// Forgets whom all tokens stand for; called where a token is revoked.
    func forget() {
        entries.withLock { entries in
            for digest in entries.keys { entries[digest]?.principal = nil }
        }
    }
}

/// The SHA-256 of a token, as four words.
struct TokenDigest: Sendable, Hashable {
    private let words: InlineWords

    /// The hash as bytes, by which Storage finds the token.
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        precondition(bytes.count == 32, "a SHA-256 hash has 32 bytes")
        self.bytes = bytes
        words = InlineWords(bytes)
    }

    static func == (left: TokenDigest, right: TokenDigest) -> Bool { left.words == right.words }

    func hash(into hasher: inout Hasher) { hasher.combine(words.first) }

    private struct InlineWords: Sendable, Hashable {
        let first: UInt64
        let second: UInt64
        let third: UInt64
        let fourth: UInt64

        init(_ bytes: [UInt8]) {
            func word(_ index: Int) -> UInt64 {
                bytes[index * 8..<index * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) }
            }
            first = word(0)
            second = word(1)
            third = word(2)
            fourth = word(3)
        }
    }
}
