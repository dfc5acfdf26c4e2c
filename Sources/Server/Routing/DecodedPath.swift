/// A path split at its slashes, each segment decoded once.
///
/// A slash that was sent as `%2F` stays inside its segment.
struct DecodedPath {
    /// Deeper paths than any route's.
    static let segmentsMax = 64

    private(set) var bytes: [UInt8] = []
    private(set) var segments: [Range<Int>] = []

    /// Reads `path`; nil for what must not be guessed at: broken escapes, bytes that are no
    /// UTF-8, control characters, dot segments (RFC 3986 §5.2.4) and too many segments.
    init?(_ path: Span<UInt8>) {
        guard !path.isEmpty, path[0] == UInt8(ascii: "/") else { return nil }
        bytes.reserveCapacity(path.count)
        segments.reserveCapacity(8)
        var hasEscapes = false
        var start = 0
        var index = 1
        while index < path.count {
            let byte = path[index]
            index += 1
            switch byte {
            case UInt8(ascii: "/"):
                guard endSegment(from: start) else { return nil }
                start = bytes.count
            case UInt8(ascii: "%"):
                guard index + 1 < path.count, let high = DecodedPath.hexValue(path[index]),
                    let low = DecodedPath.hexValue(path[index + 1])
                else { return nil }
                bytes.append(high << 4 | low)
                index += 2
                hasEscapes = true
            default:
                bytes.append(byte)
            }
        }
        // "/" has no segments; "/v1/" ends in an empty one.
        if path.count > 1 {
            guard endSegment(from: start) else { return nil }
        }
        if hasEscapes, !isText { return nil }
    }

    /// The decoded text of segment `index`.
    func text(_ index: Int) -> String { text(segments[index]) }

    func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    func segment(_ index: Int, equals text: [UInt8]) -> Bool {
        let range = segments[index]
        return range.count == text.count && bytes[range].elementsEqual(text)
    }

    private var isText: Bool {
        String(validating: bytes, as: UTF8.self) != nil
            && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    private mutating func endSegment(from start: Int) -> Bool {
        let segment = bytes[start...]
        let isDots = (1...2).contains(segment.count) && segment.allSatisfy { $0 == 0x2E }
        guard !isDots, segments.count < DecodedPath.segmentsMax else { return false }
        segments.append(start..<bytes.count)
        return true
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
