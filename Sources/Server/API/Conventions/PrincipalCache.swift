import Domain
import EventLoop
import Synchronization

/// Remembers for less than a second whom a token stands for, so that a busy caller costs one look
/// into the database a second, and a revoked token stops within one second everywhere.
final class PrincipalCache: Sendable {
    /// How long an answer is believed.
    static let lifetime = Duration.milliseconds(900)
    /// Tokens kept at once; beyond that all are forgotten, which costs one look each.
    static let countMax = 4_096

    private struct Entry {
        let principal: Principal
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

    /// Keeps what was read at `moment`, the time before the database was asked.
    func keep(_ principal: Principal, for digest: TokenDigest, readAt moment: MonotonicTime) {
        entries.withLock { entries in
            if entries.count >= Self.countMax { entries.removeAll(keepingCapacity: true) }
            entries[digest] = Entry(principal: principal, readAt: moment)
        }
    }

    /// Forgets everybody; called where a token is revoked.
    func forget() {
        entries.withLock { $0.removeAll(keepingCapacity: true) }
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
