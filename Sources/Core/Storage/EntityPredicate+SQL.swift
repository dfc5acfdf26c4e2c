import Catalog
import Domain
import Postgres

/// What is asked of the relations of the entity `e`.
private enum RelationsSeen {
    /// Those that are seen within a scope.
    case within(Access.Scope)
    /// Those that the entity's own tenant sees.
    case byOwner
}

extension EntityPredicate {
    /// What holds for the entity `e` where it passes, as it is seen within a scope.
    func condition(within scope: Access.Scope) -> SQL { condition(.within(scope)) }

    /// What holds for the entity `e` where it passes, as its own tenant sees it.
    var conditionToOwner: SQL { condition(.byOwner) }

    private func condition(_ seen: RelationsSeen) -> SQL {
        switch self {
        case .all(let parts):
            guard !parts.isEmpty else { return "true" }
            return "(\(SQL.joined(parts.map { $0.condition(seen) }, by: " AND ")))"
        case .any(let parts):
            guard !parts.isEmpty else { return "false" }
            return "(\(SQL.joined(parts.map { $0.condition(seen) }, by: " OR ")))"
        case .not(let part): return "NOT \(part.condition(seen))"
        case .key(let key, let test):
            return key.hasPrefix("relations.")
                ? test.relation(key, seen) : "(\(test.term(of: key)))"
        }
    }
}

extension EntityPredicate.Test {
    /// A test of the entity `e` alone.
    fileprivate func term(of key: String) -> SQL {
        switch self {
        case .exists: return "e.terms @> \([EntityTerms.hash(key)])"
        case .contains(let value): return "e.terms @> \([EntityTerms.hash(key, value)])"
        case .isOne(let values):
            let hashes = values.map { EntityTerms.hash(key, $0) }
            guard hashes.count != 1 else { return "e.terms @> \(hashes)" }
            return "e.terms && \(hashes)"
        case .hasPrefix(let prefix):
            // Ids are nobody's value: they are found as they are.
            if key == "metadata.uid" { return "starts_with(e.id::text, \(prefix))" }
            return """
                e.id IN (
                    SELECT k.entity_id FROM catalog_key k
                     WHERE k.key = \(key) AND \(Self.range("k.folded", prefix)))
                """
        }
    }

    /// A test of what is said about the entity `e`; what another tenant's entity says to whoever
    /// may not see it does not count.
    fileprivate func relation(_ key: String, _ seen: RelationsSeen) -> SQL {
        guard let type = CatalogStore.relationType(in: key) else { return "false" }
        let targets: SQL =
            switch self {
            case .exists: ""
            case .isOne(let values): "AND r.target = ANY (\(values))"
            case .contains(let value): "AND r.target = \(value)"
            case .hasPrefix(let prefix): "AND \(Self.range("r.target", prefix))"
            }
        return switch seen {
        case .within(let scope):
            """
            e.ref IN (
                SELECT r.source FROM catalog_relation r
                 WHERE r.type = \(type) \(targets) AND \(scope.orPlatform(on: "r.tenant_id")))
            """
        case .byOwner:
            """
            EXISTS (
                SELECT FROM catalog_relation r
                 WHERE r.source = e.ref AND r.type = \(type) \(targets)
                   AND (r.tenant_id IS NULL OR r.tenant_id = e.tenant_id))
            """
        }
    }

    /// The part of an index in which the texts begin so.
    private static func range(_ column: SQL, _ prefix: String) -> SQL {
        guard let end = prefix.successor else { return "\(column) >= \(prefix)" }
        return "(\(column) >= \(prefix) AND \(column) < \(end))"
    }
}

extension String {
    /// The first text behind all that begin with this one, by code points; nil where none is.
    var successor: String? {
        var scalars = Array(unicodeScalars)
        while let last = scalars.popLast() {
            // Between these two are no characters.
            let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
            guard let scalar = Unicode.Scalar(next) else { continue }
            var text = String.UnicodeScalarView(scalars)
            text.append(scalar)
            return String(text)
        }
        return nil
    }
}
