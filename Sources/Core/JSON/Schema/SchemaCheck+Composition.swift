extension SchemaCheck {
    mutating func check(_ value: JSON, _ composition: SchemaNode.Composition) -> Evaluated {
        var evaluated = Evaluated()
        if let reference = composition.reference {
            evaluated.formUnion(apply(reference, to: value))
        }
        for part in composition.allOf { evaluated.formUnion(apply(part, to: value)) }
        if !composition.anyOf.isEmpty {
            evaluated.formUnion(checkAny(value, composition.anyOf))
        }
        if !composition.oneOf.isEmpty {
            evaluated.formUnion(checkOne(value, composition.oneOf))
        }
        if let not = composition.not, admits(not, value) != nil {
            fail("not", "is of a form that is excluded here")
        }
        guard let condition = composition.condition else { return evaluated }
        if let held = admits(condition, value) {
            evaluated.formUnion(held)
            if let then = composition.consequence { evaluated.formUnion(apply(then, to: value)) }
        } else if let other = composition.alternative {
            evaluated.formUnion(apply(other, to: value))
        }
        return evaluated
    }

    private mutating func checkAny(_ value: JSON, _ branches: [SchemaNode.ID]) -> Evaluated {
        var evaluated = Evaluated()
        var isAllowed = false
        for branch in branches {
            guard let found = admits(branch, value) else { continue }
            isAllowed = true
            evaluated.formUnion(found)
            guard tracksEvaluation else { break }
        }
        if !isAllowed { failAll("anyOf", value, branches) }
        return evaluated
    }

    private mutating func checkOne(_ value: JSON, _ branches: [SchemaNode.ID]) -> Evaluated {
        let found = branches.compactMap { admits($0, value) }
        if found.isEmpty {
            failAll("oneOf", value, branches)
        } else if found.count > 1 {
            fail("oneOf", "must match one of the allowed forms alone, but matches \(found.count)")
        }
        return found.first ?? Evaluated()
    }

    /// Tells that no branch allows the value, with what the nearest branch finds wrong.
    private mutating func failAll(_ code: String, _ value: JSON, _ branches: [SchemaNode.ID]) {
        let types = branches.compactMap { nodes[$0].types }
        if types.count == branches.count, !types.contains(where: { $0.allow(value) }) {
            let all = types.reduce(SchemaTypes()) { $0.union($1) }
            return fail(code, "must be \(all.inWords), not \(value.kindInWords)")
        }
        let near = branches.map { trial($0, value).violations }.filter { !$0.isEmpty }
            .min { $0.count < $1.count }
        let forms = "matches none of the \(branches.count) allowed forms"
        guard let violation = near?.first else { return fail(code, forms) }
        let place = violation.pointer.tokens.isEmpty ? "" : "\(violation.pointer) "
        fail(code, "\(forms); nearest: \(place)\(violation.message)")
    }

    /// Applies `unevaluated…` to what no other keyword looked at; the result is all that was.
    mutating func checkUnevaluated(
        _ value: JSON,
        _ node: SchemaNode,
        _ evaluated: Evaluated
    ) -> Evaluated {
        guard tracksEvaluation, !evaluated.isAll else { return evaluated }
        if let id = node.objects?.unevaluated, case .object(let object) = value {
            for (place, member) in object.members.enumerated()
            where !evaluated.places.contains(place) {
                if nodes[id].isNever {
                    failUnknown(member.key, "unevaluatedProperties", node.objects, besides: object)
                } else {
                    applyMember(id, member)
                }
            }
            return Evaluated(isAll: true)
        }
        if let id = node.arrays?.unevaluated, case .array(let elements) = value {
            for (place, element) in elements.enumerated()
            where !evaluated.places.contains(place) {
                _ = at(place) { $0.apply(id, to: element) }
            }
            return Evaluated(isAll: true)
        }
        return evaluated
    }
}
