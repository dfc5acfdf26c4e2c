extension JSON {
    /// Reads one JSON text by RFC 8259, strictly.
    ///
    /// Beyond the grammar these are refused: a byte order mark, invalid UTF-8, half a surrogate
    /// pair, a member name that appears twice in its object, and whatever exceeds `limits`.
    package static func parse(
        _ bytes: UnsafeRawBufferPointer,
        limits: JSONLimits = .request
    ) throws(JSONFault) -> JSON {
        var parser = JSONParser(bytes: bytes, limits: limits)
        return try parser.document()
    }

    /// Reads one JSON text by RFC 8259, strictly.
    package static func parse(
        _ bytes: [UInt8],
        limits: JSONLimits = .request
    ) throws(JSONFault) -> JSON {
        try bytes.withUnsafeBufferPointer { (buffer) throws(JSONFault) in
            try parse(UnsafeRawBufferPointer(buffer), limits: limits)
        }
    }

    /// Reads one JSON text by RFC 8259, strictly.
    package static func parse(
        _ text: String,
        limits: JSONLimits = .request
    ) throws(JSONFault) -> JSON {
        try parse(Array(text.utf8), limits: limits)
    }
}

/// The reader: a place in the bytes and how deep it stands.
///
/// It calls itself once for each open array or object, never deeper than `JSONLimits.depthMax`.
struct JSONParser {
    let bytes: UnsafeRawBufferPointer
    let limits: JSONLimits
    var place = 0
    private var depth = 0

    init(bytes: UnsafeRawBufferPointer, limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func document() throws(JSONFault) -> JSON {
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
            throw fault("a byte order mark is not allowed")
        }
        skipSpace()
        let value = try value()
        skipSpace()
        guard place == bytes.count else {
            throw fault("nothing may follow the value")
        }
        return value
    }

    func fault(_ reason: String, at offset: Int? = nil) -> JSONFault {
        JSONFault(reason, at: offset ?? place, in: bytes)
    }

    /// The byte at the current place, or nil at the end.
    var current: UInt8? { place < bytes.count ? bytes[place] : nil }

    mutating func skipSpace() {
        while place < bytes.count {
            switch bytes[place] {
            case 0x20, 0x09, 0x0A, 0x0D: place += 1
            default: return
            }
        }
    }

    private mutating func value() throws(JSONFault) -> JSON {
        guard let byte = current else {
            throw fault("the text ends where a value must stand")
        }
        switch byte {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return .number(try number())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: throw fault("a value must stand here")
        }
    }

    private mutating func literal(_ name: StaticString, _ value: JSON) throws(JSONFault) -> JSON {
        let count = name.utf8CodeUnitCount
        let expected = UnsafeRawBufferPointer(start: name.utf8Start, count: count)
        guard bytes.count - place >= count, bytes[place..<(place + count)].elementsEqual(expected)
        else { throw fault("a value must stand here; did you mean \(name)?") }
        place += count
        return value
    }

    private mutating func descend() throws(JSONFault) {
        guard depth < limits.depthMax else {
            throw fault("arrays and objects may be nested at most \(limits.depthMax) deep")
        }
        depth += 1
        place += 1
        skipSpace()
    }

    private mutating func array() throws(JSONFault) -> [JSON] {
        let start = place
        try descend()
        var elements: [JSON] = []
        if current == UInt8(ascii: "]") {
            place += 1
            depth -= 1
            return elements
        }
        while true {
            elements.append(try value())
            guard try goesOn(until: UInt8(ascii: "]"), of: "array", from: start) else { break }
        }
        return elements
    }

    private mutating func object() throws(JSONFault) -> JSONObject {
        let start = place
        try descend()
        var object = JSONObject()
        if current == UInt8(ascii: "}") {
            place += 1
            depth -= 1
            return object
        }
        while true {
            let keyPlace = place
            guard current == UInt8(ascii: "\"") else {
                throw fault("a member name in double quotes must stand here")
            }
            let key = try string()
            skipSpace()
            guard current == UInt8(ascii: ":") else {
                throw fault("a colon must follow the member name")
            }
            place += 1
            skipSpace()
            guard object.append(key, try value()) else {
                throw fault("the member name \(JSON.string(key)) appears twice", at: keyPlace)
            }
            guard try goesOn(until: UInt8(ascii: "}"), of: "object", from: start) else { break }
        }
        return object
    }

    /// Steps over a comma (true) or the closing bracket (false).
    private mutating func goesOn(
        until end: UInt8,
        of kind: StaticString,
        from start: Int
    ) throws(JSONFault) -> Bool {
        skipSpace()
        switch current {
        case UInt8(ascii: ","):
            place += 1
            skipSpace()
            return true
        case end:
            place += 1
            depth -= 1
            return false
        case nil:
            let opened = JSONFault("", at: start, in: bytes)
            throw fault(
                "the \(kind) opened in line \(opened.line), column \(opened.column) is not closed"
            )
        default:
            throw fault("a comma or the end of the \(kind) must stand here")
        }
    }
}
