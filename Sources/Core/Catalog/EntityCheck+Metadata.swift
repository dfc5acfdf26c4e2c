import JSON

extension EntityCheck {
    /// The members that only Slipway sets.
    private static let reserved = "slipway.dev"
    /// The most elements of a list, and members of a map, in `metadata`.
    private static let elementsMax = 200
    /// Characters of a title.
    private static let titleMax = 200

    /// Checks `metadata`, takes out what only Slipway says, and tells the names in it.
    mutating func metadata(_ document: inout JSONObject) -> (name: String, namespace: String?)? {
        guard let value = document["metadata"], !value.isNull else {
            faults.add(JSONPointer(["metadata"]), "missing", "The member `metadata` is needed.")
            return nil
        }
        guard var metadata = value.object else {
            faults.add(JSONPointer(["metadata"]), "wrong-type", Self.expected("an object", value))
            return nil
        }
        for name in Entity.outputMetadata { metadata[name] = nil }
        if var annotations = metadata["annotations"]?.object {
            let count = annotations.count
            for key in WellKnownAnnotation.output { annotations[key] = nil }
            // What is written back as it was read is no change.
            let isOutputAlone = annotations.isEmpty && count > 0
            metadata["annotations"] = isOutputAlone ? nil : .object(annotations)
        }
        document["metadata"] = .object(metadata)
        let name = text(
            metadata["name"],
            at: ["metadata", "name"],
            EntitySyntax.isName,
            "A name has 1 to 63 letters, digits, `-`, `_` and `.`, and starts and ends with a "
                + "letter or digit."
        )
        let namespace = namespace(metadata["namespace"])
        for member in ["title", "description"] { optionalText(metadata[member], member) }
        labels(metadata["labels"])
        annotations(metadata["annotations"])
        tags(metadata["tags"])
        links(metadata["links"])
        return name.map { ($0, namespace) }
    }

    private mutating func namespace(_ value: JSON?) -> String? {
        guard let value else { return nil }
        return text(
            value,
            at: ["metadata", "namespace"],
            EntitySyntax.isNamespace,
            "A namespace has 1 to 63 lower-case letters, digits and single `-` within; leave it "
                + "out for `default`."
        )
    }

    private mutating func optionalText(_ value: JSON?, _ member: String) {
        guard let value else { return }
        let place = JSONPointer(["metadata", member])
        guard let text = value.string else {
            return faults.add(place, "wrong-type", Self.expected("a text", value))
        }
        if member == "title", !(1...Self.titleMax).contains(text.count) {
            faults.add(place, "too-long", "A title has 1 to \(Self.titleMax) characters.")
        }
    }

    private mutating func labels(_ value: JSON?) {
        texts(value, in: "labels") { faults, place, text in
            guard !EntitySyntax.isLabelValue(text) else { return }
            faults.add(
                place,
                "invalid-value",
                "A label's value is empty, or 1 to 63 letters, digits, `-`, `_` and `.`."
            )
        }
    }

    private mutating func annotations(_ value: JSON?) {
        texts(value, in: "annotations") { _, _, _ in }
    }

    /// A map of texts whose keys are names, maybe behind a DNS name and `/`.
    private mutating func texts(
        _ value: JSON?,
        in member: String,
        _ check: (inout EntityFaults, JSONPointer, String) -> Void
    ) {
        guard let value else { return }
        let pointer = JSONPointer(["metadata", member])
        guard let object = value.object else {
            return faults.add(pointer, "wrong-type", Self.expected("an object", value))
        }
        guard object.count <= Self.elementsMax else {
            return faults.add(pointer, "too-many", "At most \(Self.elementsMax) are taken.")
        }
        for pair in object {
            let place = pointer.appending(pair.key)
            if !EntitySyntax.isKey(pair.key) {
                faults.add(
                    place,
                    "invalid-key",
                    "A key is a name of 1 to 63 letters, digits, `-`, `_` and `.`, maybe behind "
                        + "a DNS name and one `/`."
                )
            } else if pair.key.hasPrefix(Self.reserved + "/") {
                faults.add(place, "reserved", "Keys under `\(Self.reserved)/` are set by Slipway.")
            }
            guard let text = pair.value.string else {
                let hint = "Put it in quotes."
                faults.add(place, "wrong-type", Self.expected("a text", pair.value) + " " + hint)
                continue
            }
            check(&faults, place, text)
        }
    }

    private mutating func tags(_ value: JSON?) {
        list(value, in: "tags") { faults, place, element in
            guard let tag = element.string else {
                return faults.add(place, "wrong-type", Self.expected("a text", element))
            }
            guard !EntitySyntax.isTag(tag) else { return }
            faults.add(
                place,
                "invalid-value",
                "A tag has 1 to 63 of `a-z`, `0-9`, `:`, `+`, `#` and single `-` within."
            )
        }
    }

    private mutating func links(_ value: JSON?) {
        list(value, in: "links") { faults, place, element in
            guard let link = element.object else {
                return faults.add(place, "wrong-type", Self.expected("an object", element))
            }
            if link["url"] == nil {
                faults.add(place.appending("url"), "missing", "A link needs its `url`.")
            }
            for name in ["url", "title", "icon", "type"] {
                guard let value = link[name] else { continue }
                if value.string?.isEmpty ?? true {
                    faults.add(
                        place.appending(name),
                        "wrong-type",
                        "Expected a text that is not empty."
                    )
                }
            }
        }
    }

    private mutating func list(
        _ value: JSON?,
        in member: String,
        _ check: (inout EntityFaults, JSONPointer, JSON) -> Void
    ) {
        guard let value else { return }
        let pointer = JSONPointer(["metadata", member])
        guard let elements = value.array else {
            return faults.add(pointer, "wrong-type", Self.expected("a list", value))
        }
        guard elements.count <= Self.elementsMax else {
            return faults.add(pointer, "too-many", "At most \(Self.elementsMax) are taken.")
        }
        for (index, element) in elements.enumerated() {
            check(&faults, pointer.appending(index), element)
        }
    }

    static func expected(_ kind: String, _ value: JSON) -> String {
        "Expected \(kind), not \(value.kindInWords)."
    }
}
