import JSON

/// Reads a descriptor and collects everything that is wrong with it.
struct EntityCheck {
    /// The keys by which contents of other files are asked for.
    private static let placeholders = ["$text", "$json", "$yaml", "$openapi", "$asyncapi"]
    private static let members = ["apiVersion", "kind", "metadata", "spec"]

    var faults = EntityFaults()

    /// The descriptor without what only Slipway says; nil where something is wrong.
    mutating func read(_ value: JSON) -> CheckedEntity? {
        guard var document = value.object else {
            faults.add(.root, "wrong-type", "An entity is an object, not \(value.kindInWords).")
            return nil
        }
        if let place = value.placeOfNUL {
            faults.add(place, "invalid-value", "The text holds U+0000. Take it out.")
            return nil
        }
        for name in Entity.outputMembers { document[name] = nil }
        refuseUnknown(document)
        let apiVersion = text(
            document["apiVersion"],
            at: ["apiVersion"],
            EntitySyntax.isAPIVersion,
            "Write `backstage.io/v1alpha1`, or a DNS name, `/` and a version."
        )
        let kind = text(
            document["kind"],
            at: ["kind"],
            EntitySyntax.isKind,
            "A kind is a letter and up to 62 more letters and digits, such as `Component`."
        )
        let named = metadata(&document)
        refusePlaceholders(in: .object(document), at: .root)
        guard let kind, let apiVersion else { return nil }
        let namespace = named?.namespace ?? EntityReference.defaultNamespace
        let reference =
            EntityReference(kind: kind, namespace: namespace, name: named?.name ?? "")
        let relations = spec(document["spec"], of: reference, kind, apiVersion: apiVersion)
        guard faults.entries.isEmpty, let named else { return nil }
        let entity = CheckedEntity(
            document: document,
            reference: reference,
            kind: kind,
            namespace: namespace,
            name: named.name,
            relations: relations
        )
        refuseSimilarKeys(entity)
        return faults.entries.isEmpty ? entity : nil
    }

    /// A text that is needed and has a certain shape.
    mutating func text(
        _ value: JSON?,
        at path: [String],
        _ isRight: (String) -> Bool,
        _ rule: String
    ) -> String? {
        let pointer = JSONPointer(path)
        guard let value, !value.isNull else {
            faults.add(pointer, "missing", "The member `\(path.last ?? "")` is needed. \(rule)")
            return nil
        }
        guard let text = value.string else {
            faults.add(pointer, "wrong-type", "Expected a text, not \(value.kindInWords). \(rule)")
            return nil
        }
        guard isRight(text) else {
            faults.add(pointer, "invalid-value", rule)
            return nil
        }
        return text
    }

    private mutating func refuseUnknown(_ document: JSONObject) {
        for name in document.keys where !Self.members.contains(name) {
            let hint = nearest(to: name, in: Self.members).map { "Did you mean `\($0)`?" }
            faults.add(
                JSONPointer([name]),
                "unknown-member",
                "There is no such member. "
                    + (hint ?? "What is your own stands under `metadata` or `spec`.")
            )
        }
    }

    /// What another file or address is to fill in is never fetched on somebody's word.
    private mutating func refusePlaceholders(in value: JSON, at pointer: JSONPointer) {
        switch value {
        case .object(let object):
            for member in object {
                let place = pointer.appending(member.key)
                if Self.placeholders.contains(member.key) {
                    faults.add(
                        place,
                        "placeholder",
                        "`\(member.key)` is not filled in here. Write the content in its place."
                    )
                } else {
                    refusePlaceholders(in: member.value, at: place)
                }
            }
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                refusePlaceholders(in: element, at: pointer.appending(index))
            }
        case .null, .bool, .number, .string: break
        }
    }

    /// Keys that differ in case only would be one key of the search.
    private mutating func refuseSimilarKeys(_ entity: CheckedEntity) {
        switch EntityKeys.check(entity.document) {
        case .fine: break
        case .similar(let key):
            faults.add(
                .root,
                "similar-keys",
                "The key `\(key)` is there twice, in different case. Keep one of them."
            )
        case .tooMany:
            faults.add(
                .root,
                "too-many",
                "The entity has more than \(EntityKeys.countMax) values. Shorten it."
            )
        }
    }
}
