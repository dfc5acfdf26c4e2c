/// The commands at the front of a push, read while they pass by: which reference goes from where
/// to where.
///
/// gitprotocol-pack, "Reference Update Request": packets of `old new reference`, the first with
/// capabilities behind a NUL, up to a flush packet; the pack follows.
struct PushCommands: Sendable {
    /// One reference that the client wants to move; nil where it does not exist.
    struct Command: Sendable, Hashable {
        let reference: String
        let before: String?
        let after: String?
    }

    /// The most bytes of commands that are looked at: 1 MiB, some ten thousand references.
    private static let bytesMax = 1 << 20
    private static let packetHeadBytes = 4

    private(set) var commands: [Command] = []
    private var pending: [UInt8] = []
    private var seen = 0
    private var isOver = false

    /// Takes the next piece of the request.
    mutating func received(_ bytes: [UInt8]) {
        guard !isOver else { return }
        seen += bytes.count
        pending += bytes
        var start = 0
        while let packet = packet(at: start) {
            read(packet)
            start = packet.endIndex
        }
        pending.removeFirst(start)
        if isOver || seen > Self.bytesMax {
            isOver = true
            pending = []
        }
    }

    /// The inside of the packet at that place; nil while it is not whole, and at the end.
    private mutating func packet(at start: Int) -> ArraySlice<UInt8>? {
        let inside = start + Self.packetHeadBytes
        guard pending.count >= inside else { return nil }
        let digits = String(decoding: pending[start..<inside], as: UTF8.self)
        guard let length = Int(digits, radix: 16), length > Self.packetHeadBytes else {
            isOver = true
            return nil
        }
        guard pending.count >= start + length else { return nil }
        return pending[inside..<(start + length)]
    }

    private mutating func read(_ packet: ArraySlice<UInt8>) {
        let line = packet.prefix { $0 != 0 && $0 != UInt8(ascii: "\n") }
        let parts = String(decoding: line, as: UTF8.self).split(separator: " ", maxSplits: 2)
        guard parts.count == 3 else { return }
        commands.append(
            Command(
                reference: String(parts[2]),
                before: Self.commit(parts[0]),
                after: Self.commit(parts[1])
            )
        )
    }

    /// An id of zeros stands for no commit.
    private static func commit(_ text: Substring) -> String? {
        text.allSatisfy { $0 == "0" } ? nil : String(text)
    }
}
