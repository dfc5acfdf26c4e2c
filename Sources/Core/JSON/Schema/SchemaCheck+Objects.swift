extension SchemaCheck {
    mutating func check(_ object: JSONObject, _ rules: SchemaNode.ObjectRules) -> Evaluated {
        if let least = rules.countMin, object.count < least {
            fail("minProperties", "must have at least \(Self.counted(least, "member"))")
        }
        if let most = rules.countMax, object.count > most {
            fail("maxProperties", "must have at most \(Self.counted(most, "member"))")
        }
        for name in rules.required where object[name] == nil {
            at(name) { $0.fail("required", "is required") }
        }
        for (given, required) in rules.dependentRequired where object[given] != nil {
            for name in required where object[name] == nil {
                let reason = "is required when \(JSON.string(given)) is given"
                at(name) { $0.fail("dependentRequired", reason) }
            }
        }
        var evaluated = Evaluated()
        for (place, member) in object.members.enumerated() {
            if check(member, of: object, rules), tracksEvaluation { evaluated.places.insert(place) }
        }
        for (given, id) in rules.dependentSchemas where object[given] != nil {
            evaluated.formUnion(apply(id, to: .object(object)))
        }
        return evaluated
    }

    /// Applies what the rules say of one member; whether they say anything.
    private mutating func check(
        _ member: JSONObject.Member,
        of object: JSONObject,
        _ rules: SchemaNode.ObjectRules
    ) -> Bool {
        if let names = rules.names { checkName(member.key, names) }
        var isKnown = false
        if let place = rules.propertyPlaces[ByteKey(member.key)] {
            isKnown = true
            applyMember(rules.properties[place].id, member)
        }
        for (pattern, id) in rules.patterns {
            // A name too long to decide on is treated as one that matches: nothing slips by.
            guard matches(pattern, member.key) ?? true else { continue }
            isKnown = true
            applyMember(id, member)
        }
        guard !isKnown, let additional = rules.additional else { return isKnown }
        if nodes[additional].isNever {
            failUnknown(member.key, "additionalProperties", rules, besides: object)
        } else {
            applyMember(additional, member)
        }
        return true
    }

    mutating func applyMember(_ id: SchemaNode.ID, _ member: JSONObject.Member) {
        _ = at(member.key) { $0.apply(id, to: member.value) }
    }

    private mutating func checkName(_ name: String, _ id: SchemaNode.ID) {
        let found = trial(id, .string(name))
        guard found.evaluated == nil else { return }
        let reason = found.violations.first?.message ?? "is not allowed"
        at(name) { $0.fail("propertyNames", "the name \(reason)") }
    }

    /// Tells that a member is not known, with the name that was probably meant.
    mutating func failUnknown(
        _ name: String,
        _ code: String,
        _ rules: SchemaNode.ObjectRules?,
        besides object: JSONObject
    ) {
        guard !isFull else {
            return fail(code, "")  // Counts, and is not told; looking for names is dear.
        }
        let shownMax = 12
        let known = (rules?.properties ?? []).lazy.map(\.name)
        let open = known.filter { object[$0] == nil }
        var message = "is not known here"
        if let near = nearest(to: name, in: open) {
            message += "; did you mean \(JSON.string(near))?"
        } else if !known.isEmpty, known.count <= shownMax {
            let names = known.map { JSON.string($0).description }
            message += "; known are \(names.joined(separator: ", "))"
        }
        at(name) { $0.fail(code, message) }
    }
}
