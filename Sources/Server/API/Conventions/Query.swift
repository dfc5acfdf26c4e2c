import JSON

/// The query of a request, decoded once and checked against what the operation knows.
struct Query: Sendable {
    /// The most parameters of one request.
    static let parametersMax = 32

    private static let encodingRule =
        "Encode it as UTF-8 with `%` and two digits a byte; NUL is not allowed."

    private let values: [(name: String, value: String)]

    /// No parameters.
    static let none = Query(values: [])

    private init(values: [(name: String, value: String)]) {
        self.values = values
    }

    /// Decodes `text` (WHATWG URL, `application/x-www-form-urlencoded`) and refuses what `known`
    /// does not name, or passes it over; takes a parameter once, or as often as it is sent.
    init(
        parsing text: String,
        known: [String],
        ignoringOthers: Bool = false,
        repeating: Bool = false
    ) throws(Problem) {
        var values: [(name: String, value: String)] = []
        var faults: [Fault] = []
        for part in text.utf8.split(separator: UInt8(ascii: "&")) {
            let halves = part.split(
                separator: UInt8(ascii: "="),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            guard let name = Self.decode(halves[0]),
                let value = halves.count == 2 ? Self.decode(halves[1]) : ""
            else {
                let raw = String(decoding: halves[0], as: UTF8.self)
                faults.append(.query(raw, "bad-encoding", Self.encodingRule))
                continue
            }
            if !known.contains(name) {
                guard !ignoringOthers else { continue }
                faults.append(.unknownParameter(name, known: known))
            } else if !repeating, values.contains(where: { $0.name == name }) {
                faults.append(.query(name, "repeated", "The parameter is given more than once."))
            } else {
                values.append((name, value))
            }
            guard values.count + faults.count <= Self.parametersMax else { break }
        }
        guard faults.isEmpty else { throw .invalidQuery(faults) }
        self.values = values
    }

    subscript(name: String) -> String? {
        values.first { $0.name == name }?.value
    }

    /// Every value of a parameter that may be sent several times.
    func values(of name: String) -> [String] {
        values.filter { $0.name == name }.map(\.value)
    }

    /// All parameters but those named, by name: what a cursor is tied to.
    func filters(without names: Set<String>) -> [(name: String, value: String)] {
        values.filter { !names.contains($0.name) }.sorted { $0.name < $1.name }
    }

    /// The query with `name` set to `value` and without some others, encoded.
    func replacing(
        _ name: String,
        with value: String,
        without names: Set<String> = []
    ) -> String {
        let kept = values.filter { $0.name != name && !names.contains($0.name) }
        let others = kept + [(name, value)]
        return others.map { "\(Self.encode($0.name))=\(Self.encode($0.value))" }
            .joined(separator: "&")
    }

    private static func decode(_ bytes: some Collection<UInt8>) -> String? {
        var decoded: [UInt8] = []
        var rest = bytes.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"): decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(hexValue),
                    let low = rest.next().flatMap(hexValue)
                else { return nil }
                decoded.append(high << 4 | low)
            default: decoded.append(byte)
            }
        }
        guard !decoded.contains(0) else { return nil }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Everything but the unreserved characters of RFC 3986 §2.3 as `%XX`.
    static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Fault {
    /// A fault of a query parameter.
    static func query(_ name: String, _ code: String, _ detail: String) -> Fault {
        Fault(.parameter(name), code: code, detail: detail)
    }

    static func unknownParameter(_ name: String, known: [String]) -> Fault {
        let hint =
            if let near = nearest(to: name, in: known) {
                "Did you mean `\(near)`?"
            } else if known.isEmpty {
                "This operation takes none."
            } else {
                "Known are: \(known.sorted().joined(separator: ", "))."
            }
        return .query(name, "unknown-parameter", "There is no such parameter. \(hint)")
    }
}

extension Problem {
    static func invalidQuery(_ faults: [Fault]) -> Problem {
        Problem(
            .invalidQuery,
            "Correct the query parameters listed in `errors`.",
            faults: faults
        )
    }

    static func invalidHeader(_ name: String, _ code: String, _ detail: String) -> Problem {
        Problem(
            .invalidHeader,
            "Correct the header field listed in `errors`.",
            faults: [Fault(.header(name), code: code, detail: detail)]
        )
    }
}
