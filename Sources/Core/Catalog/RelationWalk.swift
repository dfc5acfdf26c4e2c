/// Which relations are followed from an entity, and how far.
package struct RelationWalk: Sendable, Hashable {
    /// The most steps.
    package static let depthMax = 5
    /// The most relations that are told.
    package static let relationsMax = 1_000

    /// To which side relations are followed.
    package enum Direction: String, Sendable, CaseIterable {
        /// What the entity names or needs: its owner, what it depends on, what it is a part of.
        case out
        /// What names or needs the entity.
        case `in`
        /// Either.
        case both

        /// The types that lead to that side; nil for all of them, also those that nobody knows.
        var types: [String]? {
            switch self {
            case .out: RelationPair.all.map(\.forth)
            case .in: RelationPair.all.map(\.back)
            case .both: nil
            }
        }
    }

    /// The side.
    package let direction: Direction
    /// Only relations of this type.
    package let type: String?
    /// How many steps.
    package let depth: Int

    /// A walk; `depth` is held to 1…5.
    package init(direction: Direction = .both, type: String? = nil, depth: Int = 1) {
        self.direction = direction
        self.type = type
        self.depth = max(1, min(depth, Self.depthMax))
    }

    /// The types that are followed; nil for all.
    package var types: [String]? {
        type.map { [$0] } ?? direction.types
    }
}

/// A relation that a walk came along.
package struct WalkedRelation: Sendable, Hashable {
    /// The reference of the entity that has the relation.
    package let source: String
    /// What it is.
    package let type: String
    /// The reference of the entity that it leads to.
    package let target: String
    /// After how many steps it leads there, from 1.
    package let depth: Int
    /// Whether there is such an entity that the caller may see.
    package let isKnown: Bool

    /// Puts together the parts as they are.
    package init(source: String, type: String, target: String, depth: Int, isKnown: Bool) {
        self.source = source
        self.type = type
        self.target = target
        self.depth = depth
        self.isKnown = isKnown
    }
}
