import JSON

extension EntityCheck {
    /// The most elements of a list of texts in `spec`.
    private static let textsMax = 1_000

    /// Checks `spec` by the rules of its kind, and tells what it says of other entities.
    mutating func spec(
        _ value: JSON?,
        of reference: EntityReference,
        _ kind: String,
        apiVersion: String
    ) -> [EntityRelation] {
        let rules = EntityKind.known(kind, apiVersion: apiVersion)
        guard let value, !value.isNull else {
            if rules != nil {
                faults.add(JSONPointer(["spec"]), "missing", "A \(kind) needs its `spec`.")
            }
            return []
        }
        guard let spec = value.object else {
            faults.add(JSONPointer(["spec"]), "wrong-type", Self.expected("an object", value))
            return []
        }
        var relations: [EntityRelation] = []
        var seen: Set<EntityRelation> = []
        for member in rules?.members ?? [] {
            for (pair, target) in named(by: member, in: spec, of: reference) {
                let forth = EntityRelation(reference, pair.forth, target)
                guard seen.insert(forth).inserted else { continue }
                relations.append(forth)
                let back = EntityRelation(target, pair.back, reference)
                if seen.insert(back).inserted { relations.append(back) }
            }
        }
        return relations
    }

    private mutating func named(
        by member: EntityKind.Member,
        in spec: JSONObject,
        of reference: EntityReference
    ) -> [(RelationPair, EntityReference)] {
        let place = JSONPointer(["spec", member.name])
        guard let value = spec[member.name], !value.isNull else {
            if member.isRequired || spec[member.name] != nil {
                let hint = Self.hint(for: member)
                faults.add(place, "missing", "The member `\(member.name)` is needed. \(hint)")
            }
            return []
        }
        let texts = check(value, member.shape, at: place)
        guard let naming = member.naming else { return [] }
        var found: [(RelationPair, EntityReference)] = []
        for (place, text) in texts {
            do throws(EntityReferenceFault) {
                let target = try EntityReference(
                    parsing: text,
                    kind: naming.kind,
                    namespace: reference.namespace
                )
                found.append((naming.pair, target))
            } catch {
                faults.add(place, "invalid-reference", error.detail)
            }
        }
        return found
    }

    private static func hint(for member: EntityKind.Member) -> String {
        switch member.shape {
        case .texts, .objects: "Write a list, maybe an empty one."
        case .text, .object, .objectOrObjects, .choice: "Write it, or leave the member out."
        }
    }

    /// Checks what a member holds; the texts in it, each with its place.
    private mutating func check(
        _ value: JSON,
        _ shape: EntityKind.Member.Shape,
        at place: JSONPointer
    ) -> [(JSONPointer, String)] {
        switch shape {
        case .text: return nonEmpty(value, at: place).map { [(place, $0)] } ?? []
        case .choice(let choices):
            if let text = value.string, choices.contains(text) { return [] }
            faults.add(place, "unknown-value", "Expected \(choices.joined(separator: " or ")).")
        case .texts:
            return elements(of: value, at: place).compactMap { place, element in
                nonEmpty(element, at: place).map { (place, $0) }
            }
        case .object:
            if value.object == nil {
                faults.add(place, "wrong-type", Self.expected("an object", value))
            }
        case .objects: objects(value, at: place)
        case .objectOrObjects:
            if value.object == nil { objects(value, at: place) }
        }
        return []
    }

    private mutating func objects(_ value: JSON, at place: JSONPointer) {
        for (place, element) in elements(of: value, at: place) where element.object == nil {
            faults.add(place, "wrong-type", Self.expected("an object", element))
        }
    }

    private mutating func elements(
        of value: JSON,
        at place: JSONPointer
    ) -> [(JSONPointer, JSON)] {
        guard let elements = value.array else {
            faults.add(place, "wrong-type", Self.expected("a list", value))
            return []
        }
        guard elements.count <= Self.textsMax else {
            faults.add(place, "too-many", "At most \(Self.textsMax) are taken.")
            return []
        }
        return elements.enumerated().map { (place.appending($0), $1) }
    }

    private mutating func nonEmpty(_ value: JSON, at place: JSONPointer) -> String? {
        guard let text = value.string else {
            faults.add(place, "wrong-type", Self.expected("a text", value))
            return nil
        }
        guard !text.isEmpty else {
            faults.add(place, "empty", "Write something, or leave it out.")
            return nil
        }
        return text
    }
}
