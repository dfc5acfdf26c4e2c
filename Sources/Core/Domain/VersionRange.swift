/// Versions between bounds, as in `>=1.2.0 <2.0.0`: every bound must hold.
package struct VersionRange: Sendable, Hashable, CustomStringConvertible {
    /// The most bounds of one range.
    package static let boundsMax = 10

    private enum Relation: String, CaseIterable {
        // The longer ones first: `>` starts `>=` as well.
        case atLeast = ">="
        case atMost = "<="
        case above = ">"
        case below = "<"
        case exactly = "="

        func holds(_ version: SemanticVersion, _ bound: SemanticVersion) -> Bool {
            switch self {
            case .atLeast: version >= bound
            case .atMost: version <= bound
            case .above: version > bound
            case .below: version < bound
            case .exactly: !(version < bound) && !(bound < version)
            }
        }
    }

    private struct Bound: Hashable {
        let relation: Relation
        let version: SemanticVersion
    }

    private let bounds: [Bound]
    /// The range as it was written.
    package let description: String

    /// Reads bounds with blanks between them; a version alone stands for itself.
    package init?(_ text: String) {
        let parts = text.split(separator: " ")
        guard (1...Self.boundsMax).contains(parts.count) else { return nil }
        var bounds: [Bound] = []
        for part in parts {
            let relation = Relation.allCases.first { part.hasPrefix($0.rawValue) }
            let rest = part.dropFirst(relation?.rawValue.count ?? 0)
            guard let version = SemanticVersion(rest) else { return nil }
            bounds.append(Bound(relation: relation ?? .exactly, version: version))
        }
        self.bounds = bounds
        description = text
    }

    /// Whether the version is within all bounds.
    package func contains(_ version: SemanticVersion) -> Bool {
        bounds.allSatisfy { $0.relation.holds(version, $0.version) }
    }
}
