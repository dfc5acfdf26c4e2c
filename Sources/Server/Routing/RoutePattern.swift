/// A route's path taken apart.
struct RoutePattern {
    enum Segment: Hashable {
        case literal(String)
        case parameter(String)
        /// A parameter that a colon and a verb follow, such as `{job}:cancel`.
        case verb(parameter: String, verb: String)
        /// Everything that is left, at least one segment.
        case rest(String)
    }

    let segments: [Segment]

    /// The parameters' names from left to right.
    var names: [String] {
        segments.compactMap { segment in
            switch segment {
            case .literal: nil
            case .parameter(let name), .verb(let name, _), .rest(let name): name
            }
        }
    }

    /// Reads a pattern; nil, with the reasons in `faults`, when it is none.
    init?(_ text: String, faults: inout [String]) {
        guard text.hasPrefix("/") else {
            faults.append("\(text): a path begins with `/`")
            return nil
        }
        var segments: [Segment] = []
        let parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for part in text == "/" ? [] : parts {
            guard let segment = RoutePattern.segment(String(part)) else {
                faults.append("\(text): `\(part)` is no literal, `{name}`, or `{name}:verb`")
                return nil
            }
            segments.append(segment)
        }
        self.segments = segments
        for case .rest in segments.dropLast() {
            faults.append("\(text): only the last segment can take the rest")
            return nil
        }
        guard Set(names).count == names.count else {
            faults.append("\(text): a parameter's name is used twice")
            return nil
        }
    }

    private static func segment(_ text: String) -> Segment? {
        guard text.hasPrefix("{") else { return isLiteral(text) ? .literal(text) : nil }
        guard let close = text.firstIndex(of: "}") else { return nil }
        let name = String(text[text.index(after: text.startIndex)..<close])
        let suffix = text[text.index(after: close)...]
        if name.hasSuffix("..."), suffix.isEmpty {
            let name = String(name.dropLast(3))
            return isName(name) ? .rest(name) : nil
        }
        guard isName(name) else { return nil }
        if suffix.isEmpty { return .parameter(name) }
        let verb = String(suffix.dropFirst())
        return suffix.hasPrefix(":") && isName(verb) ? .verb(parameter: name, verb: verb) : nil
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// Unreserved characters (RFC 3986 §2.3) and the colon of a verb; no dot segments.
    private static func isLiteral(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".."
            && text.utf8.allSatisfy { isLetterOrDigit($0) || "-._~:".utf8.contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
