package import JSON

/// What must hold for what is asked for: tests of flat keys, put together with «and», «or» and
/// «not».
package indirect enum EntityPredicate: Sendable, Hashable {
    /// All of these; without any it lets everything through.
    case all([EntityPredicate])
    /// One of these; without any it lets nothing through.
    case any([EntityPredicate])
    /// The opposite.
    case not(EntityPredicate)
    /// What stands under a flat key, in lower case.
    case key(String, Test)

    /// What is asked of the values of a key.
    package enum Test: Sendable, Hashable {
        /// That there is one.
        case exists
        /// That one of them is one of these, in lower case.
        case isOne(of: [String])
        /// That one of them begins so, in lower case.
        case hasPrefix(String)
        /// That the list which stands there has this element, in lower case.
        case contains(String)
    }

    /// The most levels of operators, one within the other.
    package static let depthMax = 16
    /// The most keys and operators of one predicate.
    package static let partsMax = 200
    /// The most values of one predicate, all its keys together.
    package static let valuesMax = 1_000
    /// The most prefixes and relations of one predicate: the database walks an index for each.
    package static let walksMax = 20
    /// Bytes of all keys and values: a cursor carries them, and comes back in a request.
    package static let bytesMax = 64 << 10

    /// What everything passes.
    package static let everything = EntityPredicate.all([])

    /// Reads a predicate as Backstage's clients write them, such as
    /// `{"kind": "component", "spec.type": {"$in": ["service", "website"]}}`.
    ///
    /// - Throws: the first thing that is wrong with it, and where.
    package init(reading value: JSON) throws(EntityPredicateFault) {
        var reader = EntityPredicateReader()
        self = try reader.predicate(value, at: .root, depth: 1)
    }

    /// This and more.
    package func and(_ other: EntityPredicate) -> EntityPredicate {
        guard self != .everything else { return other }
        return other == .everything ? self : .all([self, other])
    }

    /// The keys that are asked about.
    package var keys: Set<String> {
        switch self {
        case .all(let parts), .any(let parts):
            parts.reduce(into: []) { $0.formUnion($1.keys) }
        case .not(let part): part.keys
        case .key(let key, _): [key]
        }
    }
}

extension EntityFilter {
    /// The same as a predicate.
    package var predicate: EntityPredicate {
        guard !sets.isEmpty else { return .everything }
        let sets = sets.map { set in
            EntityPredicate.all(
                set.map { condition in
                    .key(condition.key, condition.values.map { .isOne(of: $0) } ?? .exists)
                }
            )
        }
        return sets.count == 1 ? sets[0] : .any(sets)
    }
}

/// Why a value is no predicate.
package struct EntityPredicateFault: Error, Equatable {
    /// Where it is wrong.
    package let place: JSONPointer
    /// What is wrong, as a sentence for the caller.
    package let reason: String

    /// What is wrong, and where.
    package var detail: String {
        place == .root ? reason : "\(reason) (at \(place.description))"
    }
}
