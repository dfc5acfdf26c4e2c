extension JSON {
    /// The text at a path of member names, found without building anything; nil where there is
    /// none, or where the bytes are plainly no JSON.
    ///
    /// For what comes from strangers: in time that grows with the bytes, and no memory but the
    /// answer's. Names are compared as they are written. What is passed over is not checked, so
    /// that whoever goes by the answer parses the whole before believing it.
    package static func skim(_ bytes: [UInt8], for path: [String]) -> String? {
        bytes.withUnsafeBytes { buffer in
            var skimmer = JSONSkimmer(bytes: buffer)
            return skimmer.text(at: path)
        }
    }
}

/// A place in bytes that are taken for JSON.
private struct JSONSkimmer {
    let bytes: UnsafeRawBufferPointer
    private var place = 0

    init(bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    mutating func text(at path: [String]) -> String? {
        for name in path {
            guard enter(name) else { return nil }
        }
        skipSpace()
        var parser = JSONParser(bytes: bytes, limits: .request)
        parser.place = place
        guard current == UInt8(ascii: "\"") else { return nil }
        // What is no string there is none.
        return try? parser.string()
    }

    /// Steps into the object that begins here, before the value of its first member of that name.
    private mutating func enter(_ name: String) -> Bool {
        skipSpace()
        guard take(UInt8(ascii: "{")) else { return false }
        skipSpace()
        while current == UInt8(ascii: "\"") {
            let start = place + 1
            guard skipString() else { return false }
            let isIt = bytes[start..<place - 1].elementsEqual(name.utf8)
            skipSpace()
            guard take(UInt8(ascii: ":")) else { return false }
            if isIt { return true }
            guard skipValue() else { return false }
            guard take(UInt8(ascii: ",")) else { return false }
            skipSpace()
        }
        return false
    }

    /// Steps over a value and the space around it: to the comma or bracket that ends it.
    private mutating func skipValue() -> Bool {
        var depth = 0
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                guard skipString() else { return false }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return true }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0: return true
            default: break
            }
            place += 1
        }
        return false
    }

    private mutating func skipString() -> Bool {
        place += 1
        while let byte = current {
            place += 1
            if byte == UInt8(ascii: "\"") { return true }
            if byte == UInt8(ascii: "\\") { place += 1 }
        }
        return false
    }

    private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        place += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = current, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
    }
}
