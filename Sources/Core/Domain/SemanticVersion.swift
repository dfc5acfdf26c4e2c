/// A version by semver.org 2.0.0, with or without a `v` in front.
package struct SemanticVersion: Hashable, Sendable {
    /// The number that changes when callers must change.
    package let major: Int
    /// The number that changes when something was added.
    package let minor: Int
    /// The number that changes when something was mended.
    package let patch: Int
    /// What stands between `-` and `+`, split at the dots; empty for a release.
    package let prerelease: [String]
    /// What stands behind `+`; without meaning for the order.
    package let build: String?

    /// Reads `1.2.3`, `v1.2.3`, `1.2.3-rc.1+build.5`; nil for anything else.
    package init?(_ text: some StringProtocol) {
        var rest = Substring(text)
        guard rest.utf8.count <= 256 else { return nil }
        if rest.hasPrefix("v") { rest.removeFirst() }
        let atPlus = rest.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        let atDash = atPlus[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = atDash[0].split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3,
            let major = Self.number(numbers[0]), let minor = Self.number(numbers[1]),
            let patch = Self.number(numbers[2])
        else { return nil }
        let prerelease = atDash.count > 1 ? Self.identifiers(atDash[1]) : []
        guard let prerelease, prerelease.allSatisfy(Self.isFreeOfLeadingZero) else { return nil }
        if atPlus.count > 1, Self.identifiers(atPlus[1]) == nil { return nil }
        self.major = major
        self.minor = minor
        self.patch = patch
        self.prerelease = prerelease
        build = atPlus.count > 1 ? String(atPlus[1]) : nil
    }

    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            isFreeOfLeadingZero(String(text))
        else { return nil }
        return Int(text)
    }

    private static func identifiers(_ text: Substring) -> [String]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let areValid = parts.allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D: true
                    default: false
                    }
                }
        }
        return areValid ? parts.map(String.init) : nil
    }

    private static func isFreeOfLeadingZero(_ text: String) -> Bool {
        text.utf8.count < 2 || text.utf8.first != 0x30
            || !text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

extension SemanticVersion: CustomStringConvertible {
    /// The version without a `v`.
    package var description: String {
        var text = "\(major).\(minor).\(patch)"
        if !prerelease.isEmpty { text += "-" + prerelease.joined(separator: ".") }
        if let build { text += "+" + build }
        return text
    }
}

extension SemanticVersion: Comparable {
    /// The precedence of semver.org §11; builds do not count.
    package static func < (left: SemanticVersion, right: SemanticVersion) -> Bool {
        let mine = (left.major, left.minor, left.patch)
        let other = (right.major, right.minor, right.patch)
        guard mine == other else { return mine < other }
        guard !left.prerelease.isEmpty else { return false }
        guard !right.prerelease.isEmpty else { return true }
        for (a, b) in zip(left.prerelease, right.prerelease) where a != b {
            return precedes(a, b)
        }
        return left.prerelease.count < right.prerelease.count
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        let areDigits = [left, right].map { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        switch (areDigits[0], areDigits[1]) {
        case (true, true):
            // Longer is larger: there is no leading zero, and no number is too large to compare.
            return (left.utf8.count, left) < (right.utf8.count, right)
        case (true, false): return true
        case (false, true): return false
        case (false, false):
            return left.utf8.lexicographicallyPrecedes(right.utf8)
        }
    }
}
