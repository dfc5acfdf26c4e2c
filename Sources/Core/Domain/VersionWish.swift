/// What must run in an environment on which others depend.
package enum VersionWish: Sendable, Hashable {
    /// The most characters of its text.
    package static let lengthMax = 128
    /// The most bounds of a range.
    private static let boundsMax = 4

    /// That commit.
    case revision(String)
    /// Images of exactly that tag.
    case tag(String)
    /// Images whose tags are versions within all those bounds; the text as it was written.
    case range(String, [Bound])

    /// One end of a range of versions.
    package struct Bound: Sendable, Hashable {
        /// On which side of the version others are right.
        package enum Side: Sendable, Hashable {
            case below, upTo, from, above
        }

        /// On which side of the version others are right.
        package var side: Side
        /// The version.
        package var version: SemanticVersion

        /// Whether a version is on the right side.
        func holds(_ other: SemanticVersion) -> Bool {
            switch side {
            case .below: other < version
            case .upTo: other <= version
            case .from: other >= version
            case .above: other > version
            }
        }
    }

    /// Reads a commit's 40 or 64 hexadecimal digits, a range such as `^1.4` or `>=1.4 <2`, or a
    /// tag; nil for anything else.
    package init?(parsing text: String) {
        guard (1...Self.lengthMax).contains(text.utf8.count) else { return nil }
        if [40, 64].contains(text.utf8.count), text.allSatisfy({ $0.isASCII && $0.isHexDigit }) {
            self = .revision(text.lowercased())
            return
        }
        if let first = text.first, "<>=^~".contains(first) {
            let parts = text.split(separator: " ", omittingEmptySubsequences: false)
            let bounds = parts.map(Self.bounds)
            guard parts.count <= Self.boundsMax, bounds.allSatisfy({ !$0.isEmpty }) else {
                return nil
            }
            self = .range(text, bounds.flatMap { $0 })
            return
        }
        let isTag = text.utf8.first.map { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "-") }
        guard isTag == true,
            text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) })
        else { return nil }
        self = .tag(text)
    }

    /// The text as it was written.
    package var text: String {
        switch self {
        case .revision(let text), .tag(let text), .range(let text, _): text
        }
    }

    /// Whether that is what a roll-out has put there; `image` is the one that counts, nil for all.
    package func isMet(by content: DeploymentContent, image: String? = nil) -> Bool {
        if case .revision(let revision) = self {
            return content.source?.revision?.lowercased() == revision
        }
        let images = content.images.all.filter { image == nil || $0.name == image }
        return !images.isEmpty && images.allSatisfy { isMet(byTag: $0.tag) }
    }

    private func isMet(byTag tag: String?) -> Bool {
        switch self {
        case .revision: false
        case .tag(let wanted): tag == wanted
        case .range(_, let bounds):
            tag.flatMap { SemanticVersion($0) }.map { version in
                bounds.allSatisfy { $0.holds(version) }
            } ?? false
        }
    }

    /// The bounds of one part of a range; empty for what is none.
    private static func bounds(_ part: Substring) -> [Bound] {
        let sign = part.prefix { "<>=^~".contains($0) }
        let given = part.dropFirst(sign.count)
        let numbers = given.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...3).contains(numbers.count) || given.contains("-") else { return [] }
        let missing = max(0, 3 - numbers.count)
        let whole = given + String(repeating: ".0", count: missing)
        guard let version = SemanticVersion(whole) else { return [] }
        let from = Bound(side: .from, version: version)
        /// Candidates of the next one are not before it.
        func before(_ major: Int, _ minor: Int) -> [Bound] {
            SemanticVersion("\(major).\(minor).0-0").map { [Bound(side: .below, version: $0)] }
                ?? []
        }
        switch sign {
        case ">=": return [from]
        case ">": return [Bound(side: .above, version: version)]
        case "<=": return [Bound(side: .upTo, version: version)]
        case "<": return [Bound(side: .below, version: version)]
        case "=": return [from, Bound(side: .upTo, version: version)]
        case "~": return [from] + before(version.major, version.minor + 1)
        case "^" where version.major > 0: return [from] + before(version.major + 1, 0)
        case "^": return [from] + before(0, version.minor + 1)
        default: return []
        }
    }
}

extension DeploymentContent {
    /// The lowest version among the tags of its images, or the one of `image`; nil where no tag is
    /// a version.
    func version(of image: String?) -> SemanticVersion? {
        images.all.filter { image == nil || $0.name == image }
            .compactMap { $0.tag.flatMap { SemanticVersion($0) } }.min()
    }
}

extension EnvironmentImages.Image {
    /// The tag of the reference; nil where it has none.
    var tag: String? {
        let named = reference.prefix { $0 != "@" }
        let last = named.split(separator: "/", omittingEmptySubsequences: false).last ?? named
        // A colon before the last slash belongs to the host's port.
        guard let colon = last.firstIndex(of: ":") else { return nil }
        return String(last[last.index(after: colon)...])
    }
}
