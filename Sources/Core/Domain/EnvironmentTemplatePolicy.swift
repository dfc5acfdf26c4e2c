/// What a template of a blueprint allows, and what it fills in where a caller says nothing.
package struct EnvironmentTemplatePolicy: Sendable, Hashable {
    /// The name, unique within the blueprint version.
    package var name: EnvironmentTemplateName
    /// What may be made from it.
    package var types: Set<EnvironmentType>
    /// The names of the images that it runs.
    package var images: [String]
    /// How long what is made from it stays where nobody says, and at most.
    package var limits: EnvironmentLimits
    /// When a roll-out counts as done where nobody says.
    package var readiness: EnvironmentReadiness?
    /// What a refresh does to an earlier roll-out where nobody says.
    package var concurrency: EnvironmentSpec.Concurrency?
    /// How what is new takes over in staging and production where nobody says.
    package var rollout: RolloutStrategy?
    /// Whether it says which objects take the traffic.
    package var splitsTraffic: Bool

    /// A template; what is left out has its usual value.
    package init(
        name: EnvironmentTemplateName,
        types: Set<EnvironmentType> = Set(EnvironmentType.allCases),
        images: [String] = [],
        limits: EnvironmentLimits = EnvironmentLimits(),
        readiness: EnvironmentReadiness? = nil,
        concurrency: EnvironmentSpec.Concurrency? = nil,
        rollout: RolloutStrategy? = nil,
        splitsTraffic: Bool = false
    ) {
        self.name = name
        self.types = types
        self.images = images
        self.limits = limits
        self.readiness = readiness
        self.concurrency = concurrency
        self.rollout = rollout
        self.splitsTraffic = splitsTraffic
    }
}

/// The name of an environment template, unique within its blueprint version.
package typealias EnvironmentTemplateName = ResourceName<EnvironmentTemplatePolicy>
