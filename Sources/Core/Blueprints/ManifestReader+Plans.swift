import Domain
import JSON

/// Reading the plans of an offering.
extension ManifestReader {
    /// The plans, and the schemas of those that restrict parameters.
    mutating func plans(
        _ schema: JSONSchema?
    ) -> (plans: [OfferingPlan], restrictions: [String: JSONSchema]) {
        let most = OfferingBlueprint.plansMax
        let entries = objects("plans", atMost: most, called: "plans")
        if root["plans"] == nil || root["plans"]?.array?.isEmpty == true {
            add(base.appending("plans"), "an offering has at least one plan")
        }
        let names = entries.compactMap { $0.0["name"]?.string }
        var seen: Set<String> = []
        var restrictions: [String: JSONSchema] = [:]
        let plans = entries.map { object, place in
            let plan = plan(object, at: place, amongst: names)
            if !seen.insert(plan.name).inserted {
                add(place.appending("name"), "`\(plan.name)` is there already")
            }
            check(plan, by: schema, at: place.appending("parameters"))
            restrictions[plan.name] = restriction(plan, at: place.appending("restrict"))
            return plan
        }
        return (plans, restrictions)
    }

    private mutating func plan(
        _ object: JSONObject,
        at place: JSONPointer,
        amongst names: [String]
    ) -> OfferingPlan {
        let known = ["name", "description", "parameters", "restrict", "changesTo"]
        checkNames(of: object, at: place, known: known)
        let name = object["name"]?.string ?? ""
        checkLabel(name, at: place.appending("name"), called: "name")
        for key in ["parameters", "restrict"] where object[key] != nil && object[key]?.object == nil
        {
            add(place.appending(key), "`\(key)` must hold keys and values")
        }
        let next = list("changesTo", of: object, at: place)
        for (index, other) in (next ?? []).enumerated() where !names.contains(other) {
            let hint = nearest(to: other, in: names).map { "; did you mean `\($0)`?" } ?? ""
            let at = place.appending("changesTo").appending(index)
            add(at, "there is no plan `\(other)`\(hint)")
        }
        return OfferingPlan(
            name: name,
            description: text("description", of: object, at: place) ?? "",
            parameters: object["parameters"]?.object ?? JSONObject(),
            restrict: object["restrict"],
            changesTo: next
        )
    }

    /// What a plan sets must be valid; what it leaves out comes with the order.
    private mutating func check(
        _ plan: OfferingPlan,
        by schema: JSONSchema?,
        at place: JSONPointer
    ) {
        guard let schema else { return }
        for violation in schema.validate(.object(plan.parameters))
        where violation.code != "required" {
            let at = JSONPointer(place.tokens + violation.pointer.tokens)
            add(at, "the plan's value \(violation.message)")
        }
    }

    private mutating func restriction(
        _ plan: OfferingPlan,
        at place: JSONPointer
    ) -> JSONSchema? {
        guard let restrict = plan.restrict else { return nil }
        let known = (root["parameters"]?["properties"]?.object?.keys).map(Array.init) ?? []
        for name in (restrict["properties"]?.object?.keys).map(Array.init) ?? []
        where !known.contains(name) {
            let hint = nearest(to: name, in: known).map { "; did you mean `\($0)`?" } ?? ""
            add(
                place.appending("properties").appending(name),
                "`parameters` has no `/\(name)`\(hint)"
            )
        }
        return parsed(restrict, at: place)
    }
}
