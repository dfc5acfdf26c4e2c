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
    /// The most prefixes and relations, those of a filter too, times the facets that are counted:
    /// the database walks for each facet anew.
    ///
    /// Twice the conditions of a filter, so that each of them may be a relation.
    package static let facetWalksMax = 2 * EntityFilter.conditionsMax
    /// Bytes of all keys and values.
    package static let bytesMax = 64 << 10
    /// Bytes of the predicate as JSON without white space: 128 KiB.
    ///
    /// Numbers and escapes are longer as they are written than as they are read, and a cursor
    /// carries them as they are written, and comes back in a request.
    package static let textBytesMax = 128 << 10

    /// What everything passes.
    package static let everything = EntityPredicate.all([])

    /// Reads a predicate as Backstage's clients write them, such as
    /// `{"kind": "component", "spec.type": {"$in": ["service", "website"]}}`.
    ///
    /// - Throws: the first thing that is wrong with it, and where.
    package init(reading value: JSON) throws(EntityPredicateFault) {
        guard value.serialized().count <= Self.textBytesMax else {
            throw EntityPredicateFault(
                place: .root,
                reason: "A predicate has at most \(Self.textBytesMax >> 10) KiB as JSON. Write its "
                    + "numbers and texts shorter, or ask for less at once."
            )
        }
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

    /// How many prefixes and relations it looks for.
    package var walks: Int {
        switch self {
        case .all(let parts), .any(let parts): return parts.reduce(0) { $0 + $1.walks }
        case .not(let part): return part.walks
        case .key(_, .hasPrefix): return 1
        case .key(let key, _): return key.hasPrefix("relations.") ? 1 : 0
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
