package import JSON

extension Offering {
    /// The plan of that name; nil for the first where none is named.
    package func plan(_ name: String?) -> OfferingPlan? {
        guard let name else { return plans.first }
        return plans.first { $0.name == name }
    }

    /// The JSON Schema of what a plan leaves open: callers neither set nor see what it sets.
    package func parameters(leftBy plan: OfferingPlan) -> JSON {
        let open = parameters.leaving(plan.parameters)
        guard let restrict = plan.restrict, var schema = open.object else { return open }
        var all = schema["allOf"]?.array ?? []
        all.append(restrict.leaving(plan.parameters))
        schema["allOf"] = .array(all)
        return .object(schema)
    }
}

extension JSON {
    /// The schema without the properties that are set; those within others are left out there.
    fileprivate func leaving(_ set: JSONObject) -> JSON {
        guard var schema = object, let properties = schema["properties"]?.object else {
            return self
        }
        var open = JSONObject()
        for member in properties {
            switch set[member.key] {
            case nil: open[member.key] = member.value
            case .object(let inner)? where member.value["properties"] != nil:
                open[member.key] = member.value.leaving(inner)
            default: break
            }
        }
        schema["properties"] = .object(open)
        if let required = schema["required"]?.array {
            schema["required"] = .array(
                required.filter { name in name.string.map { open[$0] != nil } ?? true }
            )
        }
        return .object(schema)
    }
}
