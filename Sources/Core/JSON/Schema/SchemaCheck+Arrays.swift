extension SchemaCheck {
    mutating func check(_ elements: [JSON], _ rules: SchemaNode.ArrayRules) -> Evaluated {
        if let least = rules.countMin, elements.count < least {
            fail("minItems", "must have at least \(Self.counted(least, "element"))")
        }
        if let most = rules.countMax, elements.count > most {
            fail("maxItems", "must have at most \(Self.counted(most, "element"))")
        }
        if rules.isUnique { checkUnique(elements) }
        var evaluated = Evaluated()
        for (place, element) in elements.enumerated() {
            let id = place < rules.prefix.count ? rules.prefix[place] : rules.items
            guard let id else { break }
            _ = at(place) { $0.apply(id, to: element) }
            if tracksEvaluation { evaluated.places.insert(place) }
        }
        if let contains = rules.contains {
            evaluated.formUnion(checkContains(elements, contains, rules))
        }
        return evaluated
    }

    private mutating func checkUnique(_ elements: [JSON]) {
        var places: [JSON: Int] = [:]
        for (place, element) in elements.enumerated() {
            if let first = places[element] {
                at(place) { $0.fail("uniqueItems", "must not repeat the element \(first)") }
            } else {
                places[element] = place
            }
        }
    }

    private mutating func checkContains(
        _ elements: [JSON],
        _ id: SchemaNode.ID,
        _ rules: SchemaNode.ArrayRules
    ) -> Evaluated {
        var evaluated = Evaluated()
        for (place, element) in elements.enumerated() where admits(id, element) != nil {
            evaluated.places.insert(place)
        }
        let count = evaluated.places.count
        if count < rules.containsMin {
            let code = rules.containsMin == 1 ? "contains" : "minContains"
            let least = Self.counted(rules.containsMin, "element")
            fail(code, "must contain at least \(least) of the required form, but has \(count)")
        }
        if let most = rules.containsMax, count > most {
            let most = Self.counted(most, "element")
            fail(
                "maxContains",
                "must contain at most \(most) of the limited form, but has \(count)"
            )
        }
        return evaluated
    }
}
