package import JSON

/// What the owners of a tenant want of one of its services.
package struct ServiceSpec: Sendable, Hashable {
    /// The offering; fixed once made.
    package var offering: OfferingName
    /// The version of the offering; stays until somebody upgrades it.
    package var version: SemanticVersion
    /// The plan.
    package var plan: String
    /// What the offering's parameters are set to, without what the plan sets and without defaults.
    package var parameters: JSONObject
    /// The environment that it belongs to; nil where it belongs to the tenant; fixed
    /// once made.
    package var environment: EnvironmentName?
    /// The cluster that it is in; nil for that of its environment; fixed once made.
    package var cluster: ClusterName?
    /// Whether objects of its names that are there already are taken over; fixed once made.
    package var adopt: Bool
    /// Whether what is there is left as it is for now.
    package var paused: Bool
    /// Whether `DELETE` is refused until somebody takes this back.
    package var deleteProtection: Bool

    /// Puts together what is wanted.
    package init(
        offering: OfferingName,
        version: SemanticVersion,
        plan: String,
        parameters: JSONObject = JSONObject(),
        environment: EnvironmentName? = nil,
        cluster: ClusterName? = nil,
        adopt: Bool = false,
        paused: Bool = false,
        deleteProtection: Bool = false
    ) {
        self.offering = offering
        self.version = version
        self.plan = plan
        self.parameters = parameters
        self.environment = environment
        self.cluster = cluster
        self.adopt = adopt
        self.paused = paused
        self.deleteProtection = deleteProtection
    }

    /// Whom it belongs to.
    package var owner: Offering.Owner { environment == nil ? .tenant : .environment }

    /// Whether the other one is rendered from the same.
    func rendersLike(_ other: ServiceSpec) -> Bool {
        version == other.version && plan == other.plan && parameters == other.parameters
    }
}

/// What somebody asks for: what is left out stays, or is as the offering has it.
package struct ServiceOrder: Sendable, Hashable {
    /// The offering; nil where it stays.
    package var offering: OfferingName?
    /// The version of the offering; nil where it stays, and for a new service that of the tenant's
    /// blueprint version.
    package var version: SemanticVersion?
    /// The plan; nil where it stays, and for a new service the offering's first.
    package var plan: String?
    /// The parameters.
    package var parameters: JSONObject
    /// The environment that it is to belong to.
    package var environment: EnvironmentName?
    /// The cluster that it is to be in.
    package var cluster: ClusterName?
    /// Whether objects that are there are taken over; nil where that stays.
    package var adopt: Bool?
    /// Whether what is there is left as it is; nil where that stays.
    package var paused: Bool?
    /// Whether `DELETE` is refused; nil where that stays.
    package var deleteProtection: Bool?

    /// An order of those parts.
    package init(
        offering: OfferingName? = nil,
        version: SemanticVersion? = nil,
        plan: String? = nil,
        parameters: JSONObject = JSONObject(),
        environment: EnvironmentName? = nil,
        cluster: ClusterName? = nil,
        adopt: Bool? = nil,
        paused: Bool? = nil,
        deleteProtection: Bool? = nil
    ) {
        self.offering = offering
        self.version = version
        self.plan = plan
        self.parameters = parameters
        self.environment = environment
        self.cluster = cluster
        self.adopt = adopt
        self.paused = paused
        self.deleteProtection = deleteProtection
    }
}
