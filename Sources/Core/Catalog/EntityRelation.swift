/// What one entity is to another.
package struct EntityRelation: Sendable, Hashable {
    /// Which entity has the relation.
    package let source: EntityReference
    /// What it is: `ownedBy`, `dependsOn` and so on.
    package let type: String
    /// To which entity, whether that exists or not.
    package let target: EntityReference

    /// Puts together the parts as they are.
    package init(_ source: EntityReference, _ type: String, _ target: EntityReference) {
        self.source = source
        self.type = type
        self.target = target
    }
}

/// Two names of one relation, one from each end.
///
/// Source: Backstage, "Well-known Relations between Catalog Entities".
package struct RelationPair: Sendable, Hashable {
    /// What the entity that names the other is to it.
    package let forth: String
    /// What the named entity is to the first.
    package let back: String

    static let ownedBy = RelationPair(forth: "ownedBy", back: "ownerOf")
    static let partOf = RelationPair(forth: "partOf", back: "hasPart")
    static let providesApi = RelationPair(forth: "providesApi", back: "apiProvidedBy")
    static let consumesApi = RelationPair(forth: "consumesApi", back: "apiConsumedBy")
    static let dependsOn = RelationPair(forth: "dependsOn", back: "dependencyOf")
    static let childOf = RelationPair(forth: "childOf", back: "parentOf")
    static let memberOf = RelationPair(forth: "memberOf", back: "hasMember")

    /// The same pair as the other entity would name it.
    var reversed: RelationPair { RelationPair(forth: back, back: forth) }

    /// Every well-known pair; `forth` is what the one that needs or belongs to the other says.
    static let all = [
        ownedBy, partOf, providesApi, consumesApi, dependsOn, childOf, memberOf,
    ]

    /// Every well-known type.
    package static let types: [String] = all.flatMap { [$0.forth, $0.back] }

    /// The type that is written like this in any case.
    package static func type(named text: String) -> String? {
        types.first { $0.lowercased() == text.lowercased() }
    }
}
