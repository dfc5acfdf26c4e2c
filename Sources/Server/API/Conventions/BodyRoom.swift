import Domain
import Synchronization

/// Bounds the memory that bodies of strangers take, in all and for each of their networks.
///
/// Counted as the bytes arrive, so that who only announces many holds nothing.
final class BodyRoom: Sendable {
    private struct State {
        var held = 0
        var heldBy: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let bytesMax: Int
    private let bytesPerAddressMax: Int

    init(bytesMax: Int, perAddress bytesPerAddressMax: Int) {
        self.bytesMax = bytesMax
        self.bytesPerAddressMax = bytesPerAddressMax
    }

    /// The bytes that are held right now.
    var bytesHeld: Int { state.withLock { $0.held } }

    /// What one body takes, for as long as somebody holds this.
    final class Place: Sendable {
        private let room: BodyRoom
        private let address: String
        private let count = Atomic(0)

        fileprivate init(_ room: BodyRoom, _ address: String) {
            self.room = room
            self.address = address
        }

        deinit {
            room.give(back: count.load(ordering: .relaxed), from: address)
        }

        /// Takes more of the room.
        ///
        /// - Throws: `rate-limited` where the address holds as much as it may, `overloaded` where
        ///   all together do.
        func take(_ bytes: Int) throws(Problem) {
            try room.take(bytes, for: address)
            count.add(bytes, ordering: .relaxed)
        }
    }

    /// A place for a body from that address.
    func place(for address: String) -> Place { Place(self, Self.network(of: address)) }

    /// Whose an address is: of IPv6 the first 64 bits, since everybody has at least as many
    /// addresses as the rest can name.
    static func network(of address: String) -> String {
        guard address.contains(":"), !address.hasPrefix("::ffff:") else { return address }
        let sides = address.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        var groups = sides[0].split(separator: ":").map(String.init)
        if sides.count > 1 {
            let after = sides[1].split(separator: ":").map(String.init)
            let zeros = max(0, 8 - groups.count - after.count)
            groups += Array(repeating: "0", count: zeros) + after
        }
        return groups.prefix(4).joined(separator: ":")
    }

    private func take(_ bytes: Int, for address: String) throws(Problem) {
        let refusal = state.withLock { state -> Problem? in
            let own = state.heldBy[address, default: 0] + bytes
            guard own <= bytesPerAddressMax else { return Self.tooManyAtOnce }
            guard state.held + bytes <= bytesMax else { return Self.overloaded }
            state.held += bytes
            state.heldBy[address] = own
            return nil
        }
        if let refusal { throw refusal }
    }

    private func give(back bytes: Int, from address: String) {
        guard bytes > 0 else { return }
        state.withLock { state in
            state.held -= bytes
            let own = state.heldBy[address, default: 0] - bytes
            state.heldBy[address] = own > 0 ? own : nil
        }
    }

    private static let tooManyAtOnce = Problem(
        .rateLimited,
        "Too many deliveries of this address are on their way at once. Send it again.",
        retryAfter: 2
    )
    private static let overloaded = Problem(
        .overloaded,
        "Too many deliveries are on their way at once. Send it again.",
        retryAfter: 2
    )
}
