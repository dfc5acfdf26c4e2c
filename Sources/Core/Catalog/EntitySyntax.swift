/// The shapes of names in a descriptor, as Backstage's catalog checks them.
///
/// Source: `KubernetesValidatorFunctions` and `CommonValidatorFunctions` of Backstage.
enum EntitySyntax {
    /// Characters of a name, a kind, a namespace, a tag or a label.
    static let labelMax = 63
    /// Characters of the part of a key before its `/`.
    static let prefixMax = 253

    /// `[<dns-subdomain>/]` and 1 to 63 letters and digits.
    static func isAPIVersion(_ text: String) -> Bool {
        hasParts(text, suffix: { isWord($0, first: isAlphanumeric) })
    }

    /// A letter, then letters and digits.
    static func isKind(_ text: String) -> Bool {
        isWord(Array(text.utf8), first: isLetter)
    }

    /// Letters and digits with `-`, `_` and `.` within.
    static func isName(_ text: String) -> Bool { isName(Array(text.utf8)) }

    /// Lower-case letters and digits in groups joined by one `-`.
    static func isNamespace(_ text: String) -> Bool { isDNSLabel(Array(text.utf8)) }

    /// A name, maybe behind a DNS subdomain and `/`.
    static func isKey(_ text: String) -> Bool { hasParts(text, suffix: isName) }

    /// A name or nothing.
    static func isLabelValue(_ text: String) -> Bool { text.isEmpty || isName(text) }

    /// `a-z0-9:+#` in groups joined by one `-`.
    static func isTag(_ text: String) -> Bool {
        isGrouped(Array(text.utf8)) { byte in
            isLowerOrDigit(byte)
                || [UInt8(ascii: ":"), UInt8(ascii: "+"), UInt8(ascii: "#")]
                    .contains(byte)
        }
    }

    private static func hasParts(_ text: String, suffix: ([UInt8]) -> Bool) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map(Array.init)
        return switch parts.count {
        case 1: suffix(parts[0])
        case 2: isDNSSubdomain(parts[0]) && suffix(parts[1])
        default: false
        }
    }

    private static func isDNSSubdomain(_ bytes: [UInt8]) -> Bool {
        (1...prefixMax).contains(bytes.count)
            && bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
                .allSatisfy { isDNSLabel(Array($0)) }
    }

    private static func isDNSLabel(_ bytes: [UInt8]) -> Bool {
        isGrouped(bytes, isLowerOrDigit)
    }

    private static func isGrouped(_ bytes: [UInt8], _ isPart: (UInt8) -> Bool) -> Bool {
        (1...labelMax).contains(bytes.count)
            && bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
                .allSatisfy { !$0.isEmpty && $0.allSatisfy(isPart) }
    }

    private static func isName(_ bytes: [UInt8]) -> Bool {
        guard (1...labelMax).contains(bytes.count), let first = bytes.first, let last = bytes.last
        else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && bytes.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
    }

    private static func isWord(_ bytes: [UInt8], first isFirst: (UInt8) -> Bool) -> Bool {
        (1...labelMax).contains(bytes.count) && isFirst(bytes[0])
            && bytes.allSatisfy(isAlphanumeric)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }

    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || isDigit(byte)
    }
}
