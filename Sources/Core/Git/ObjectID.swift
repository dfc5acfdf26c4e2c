import CGit

/// The name of a Git object: its SHA-1.
package struct ObjectID: Hashable, Sendable {
    /// The twenty bytes as libgit2 holds them.
    var raw: git_oid

    /// The number of hexadecimal digits.
    package static let digits = 40

    init(_ raw: git_oid) {
        self.raw = raw
    }

    /// Reads forty lower-case hexadecimal digits; nil for anything else.
    package init?(_ hex: String) {
        guard hex.utf8.count == Self.digits,
            hex.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        var raw = git_oid()
        guard git_oid_fromstr(&raw, hex) == 0 else { return nil }
        self.raw = raw
    }

    /// The forty hexadecimal digits.
    package var hex: String {
        var text = ""
        text.reserveCapacity(Self.digits)
        withUnsafeBytes(of: raw.id) { bytes in
            for byte in bytes {
                text.unicodeScalars.append(Self.digit(byte >> 4))
                text.unicodeScalars.append(Self.digit(byte & 15))
            }
        }
        return text
    }

    private static func digit(_ value: UInt8) -> Unicode.Scalar {
        Unicode.Scalar(value < 10 ? 0x30 + value : 0x57 + value)
    }

    package static func == (left: ObjectID, right: ObjectID) -> Bool {
        withUnsafeBytes(of: left.raw.id) { a in
            withUnsafeBytes(of: right.raw.id) { b in a.elementsEqual(b) }
        }
    }

    package func hash(into hasher: inout Hasher) {
        withUnsafeBytes(of: raw.id) { hasher.combine(bytes: $0) }
    }
}

extension ObjectID: CustomStringConvertible {
    /// The text that people read.
    package var description: String { hex }
}
