import Domain
import JSON

/// What a caller wants of a service, read from a body.
struct ServiceInput: Sendable {
    let labels: Labels
    let order: ServiceOrder

    init(labels: Labels, order: ServiceOrder) {
        self.labels = labels
        self.order = order
    }

    /// Reads `labels` and `spec`; a new service names its offering.
    init?(_ reader: inout ObjectReader, needsOffering: Bool) {
        let labels = reader.labels()
        let order = reader.object("spec", isRequired: true) { reader in
            ServiceOrder(reading: &reader, needsOffering: needsOffering)
        }
        guard let order else { return nil }
        self.labels = labels ?? Labels()
        self.order = order
    }
}

extension ServiceOrder {
    /// Reads the member `spec` of a service.
    init?(reading reader: inout ObjectReader, needsOffering: Bool) {
        var version: SemanticVersion?
        let offering: OfferingName? = reader.object("offering", isRequired: needsOffering) {
            reader in
            version = reader.optional("version", orNull: true, Reading.semanticVersion)
            return reader.required("name", Reading.name)
        }
        let plan = reader.optional("plan", orNull: true, Reading.text(1...63))
        let parameters = reader.optional("parameters", Reading.object) ?? JSONObject()
        let environment: EnvironmentName? =
            reader.optional("environment", orNull: true, Reading.name)
        let cluster: ClusterName? = reader.optional("cluster", orNull: true, Reading.name)
        self.init(
            offering: offering,
            version: version,
            plan: plan,
            parameters: parameters,
            environment: environment,
            cluster: cluster,
            adopt: reader.optional("adopt", Reading.bool),
            paused: reader.optional("paused", Reading.bool),
            deleteProtection: reader.optional("deleteProtection", Reading.bool)
        )
        guard offering != nil || !needsOffering else { return nil }
    }
}
