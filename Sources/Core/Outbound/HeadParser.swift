/// Puts the header lines of an answer together, one line at a time, as libcurl hands them over.
struct HeadParser: Sendable, Equatable {
    /// What a line came to.
    enum Action: Sendable, Equatable {
        /// More lines follow.
        case none
        /// The head of the final answer is complete.
        case complete(OutboundHead)
        /// The lines have more bytes together than are taken.
        case tooLarge
    }

    /// Bytes of all header lines together: 256 KiB, the double of what large proxies send.
    static let bytesMax = 256 << 10

    private var head: OutboundHead?
    private var bytes = 0
    private var isComplete = false

    /// Takes one line with its end.
    ///
    /// Interim answers (1xx) are dropped, trailers are ignored.
    mutating func received(_ line: UnsafeRawBufferPointer) -> Action {
        bytes += line.count
        guard bytes <= Self.bytesMax else { return .tooLarge }
        guard !isComplete else { return .none }
        let text = String(decoding: line, as: UTF8.self)
        let trimmed = Self.trim(text[...])
        if trimmed.hasPrefix("HTTP/") {
            head = Self.status(trimmed)
        } else if trimmed.isEmpty {
            return end()
        } else if let colon = trimmed.firstIndex(of: ":") {
            let name = trimmed[..<colon].lowercased()
            let value = Self.trim(trimmed[trimmed.index(after: colon)...])
            head?.headers.append(OutboundHeader(name, String(value)))
        }
        return .none
    }

    private mutating func end() -> Action {
        guard let head, head.status >= 200 else { return .none }
        isComplete = true
        return .complete(head)
    }

    /// RFC 9112 §4: the version, a space, three digits; HTTP/2 has no reason.
    private static func status(_ line: Substring) -> OutboundHead? {
        let parts = line.split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[1].utf8.count == 3,
            parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let status = Int(parts[1])
        else { return nil }
        return OutboundHead(version: String(parts[0]), status: status, headers: [])
    }

    private static func trim(_ text: Substring) -> Substring {
        let isBlank = { (byte: Unicode.Scalar) in [" ", "\t", "\r", "\n"].contains(byte) }
        var scalars = text.unicodeScalars
        while let last = scalars.last, isBlank(last) { scalars.removeLast() }
        while let first = scalars.first, isBlank(first) { scalars.removeFirst() }
        return Substring(scalars)
    }
}
