import Domain
import JSON

/// The body of a call that provisions, updates or binds; members that are not known are passed
/// over, as the specification says.
struct BrokerOrder: Sendable {
    let service: String
    let plan: String?
    let parameters: JSONObject?
    let context: JSONObject
    let maintenance: String?
    let predecessor: String?
    private let places: [JSON]

    /// - Throws: `malformed-request` where a member is missing or of another kind.
    init(_ body: JSON, needsPlan: Bool, needsPlace: Bool) throws(Problem) {
        func text(_ name: String, isNeeded: Bool) throws(Problem) -> String? {
            guard let value = body[name], !value.isNull else {
                if isNeeded { throw Problem(.malformedRequest, "`\(name)` is needed.") }
                return nil
            }
            guard let text = value.string, !text.isEmpty else {
                throw Problem(.malformedRequest, "`\(name)` is a text that is not empty.")
            }
            return text
        }
        func object(_ name: String) throws(Problem) -> JSONObject? {
            guard let value = body[name], !value.isNull else { return nil }
            guard let object = value.object else {
                throw Problem(.malformedRequest, "`\(name)` is an object.")
            }
            return object
        }
        service = try text("service_id", isNeeded: true) ?? ""
        plan = try text("plan_id", isNeeded: needsPlan)
        parameters = try object("parameters")
        context = try object("context") ?? JSONObject()
        maintenance = try object("maintenance_info")?["version"]?.string
        predecessor = try text("predecessor_binding_id", isNeeded: false)
        places = [
            try text("organization_guid", isNeeded: needsPlace),
            try text("space_guid", isNeeded: needsPlace),
        ].map { $0.map(JSON.string) ?? .null }
    }

    /// What tells this order from another one under the same id.
    var request: JSON {
        [
            "service_id": .string(service), "plan_id": plan.map(JSON.string) ?? .null,
            "parameters": .object(parameters ?? JSONObject()),
            "organization_guid": places[0], "space_guid": places[1],
            "predecessor_binding_id": predecessor.map(JSON.string) ?? .null,
        ]
    }

    /// The offering and the plan that are named.
    func choice(in catalog: BrokerCatalog) throws(Problem) -> (OfferingRelease, OfferingPlan) {
        guard let release = catalog.release(service) else {
            throw Problem(.malformedRequest, "The catalog has no `service_id` \(service).")
        }
        guard let plan = plan.map(release.plan(brokerID:)) ?? release.offering.plans.first else {
            throw Problem(.malformedRequest, "The offering has no such `plan_id`.")
        }
        if let maintenance, maintenance != release.offering.version.description {
            throw Problem(
                .maintenanceConflict,
                "The catalog has version \(release.offering.version) by now. Read it again."
            )
        }
        return (release, plan)
    }
}
