extension SemanticVersion {
    /// A text that sorts bytewise as SemVer §11 orders versions: candidates before their release.
    package var sortKey: String {
        var key = [major, minor, patch].map { Self.sortable(String($0)) }.joined()
        for identifier in prerelease {
            let isNumber = identifier.utf8.allSatisfy { (0x30...0x39).contains($0) }
            key += isNumber ? "1" + Self.sortable(identifier) : "2" + identifier + " "
        }
        return key + (prerelease.isEmpty ? "~" : "")
    }

    /// The digits behind a character that says how many there are; the count is at most 19 for
    /// the numbers, and past 90 digits of an identifier the order is that of the text.
    private static func sortable(_ digits: String) -> String {
        let length = UInt8(ascii: "!") + UInt8(min(digits.utf8.count, 90))
        return String(decoding: [length], as: UTF8.self) + digits
    }
}
