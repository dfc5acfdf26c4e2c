package import JSON

/// What tenants may order beside clusters and environments, as a version of a blueprint offers it.
package struct Offering: Sendable, Hashable {
    /// The longest name of a service, and how long it may be where an offering says nothing.
    package static let nameMaxUsual = 30
    /// How long a delivery may take where an offering says nothing.
    package static let deadlineUsual = Duration.seconds(600)

    /// Whom a service may belong to.
    package enum Owner: String, Sendable, CaseIterable { case tenant, environment }
    /// Beside whom the manifests are applied.
    package enum Place: String, Sendable, CaseIterable { case tenant, platform }
    /// The levels of the Pod Security Standards, the strictest first.
    package enum PodSecurity: String, Sendable, CaseIterable {
        case restricted, baseline, privileged
    }

    /// The name by which it is ordered, unique within a blueprint version.
    package let name: OfferingName
    /// The version of the offering itself.
    package let version: SemanticVersion
    /// The name for people.
    package let title: String
    /// What it is, in a sentence or more.
    package let description: String
    /// Words to search by.
    package let tags: [String]
    /// How long the name of a service may be.
    package let nameMax: Int
    /// Kinds that the cluster must serve.
    package let requires: [ManifestKind]
    /// Whom a service may belong to.
    package let owners: Set<Owner>
    /// The kinds of clusters in which it works.
    package let clusters: Set<ClusterKind>
    /// Beside whom the manifests are applied.
    package let place: Place
    /// What its namespace must allow.
    package let podSecurity: PodSecurity
    /// What sizes and forms there are; the first is the one where a caller names none.
    package let plans: [OfferingPlan]
    /// The JSON Schema of the parameters, those that plans set included.
    package let parameters: JSON
    /// The JSON Schema of what callers are told; each property has its text in `const`.
    package let outputs: JSON
    /// How long a delivery may take.
    package let deadline: Duration
    /// Which changes of a service are allowed.
    package let upgrades: OfferingUpgrades
    /// What a binding gets; nil for an offering that cannot be bound.
    package let binding: OfferingBinding?
    /// What people read who order it.
    package let docs: String

    /// An offering as its blueprint has it.
    package init(
        name: OfferingName,
        version: SemanticVersion,
        title: String,
        description: String,
        tags: [String],
        nameMax: Int,
        requires: [ManifestKind],
        owners: Set<Owner>,
        clusters: Set<ClusterKind>,
        place: Place,
        podSecurity: PodSecurity,
        plans: [OfferingPlan],
        parameters: JSON,
        outputs: JSON,
        deadline: Duration,
        upgrades: OfferingUpgrades,
        binding: OfferingBinding?,
        docs: String
    ) {
        self.name = name
        self.version = version
        self.title = title
        self.description = description
        self.tags = tags
        self.nameMax = nameMax
        self.requires = requires
        self.owners = owners
        self.clusters = clusters
        self.place = place
        self.podSecurity = podSecurity
        self.plans = plans
        self.parameters = parameters
        self.outputs = outputs
        self.deadline = deadline
        self.upgrades = upgrades
        self.binding = binding
        self.docs = docs
    }
}

/// The name of an offering, unique within its blueprint version.
package typealias OfferingName = ResourceName<Offering>

/// A name for some of an offering's parameters.
package struct OfferingPlan: Sendable, Hashable {
    /// The name by which it is ordered.
    package let name: String
    /// What it is, for people.
    package let description: String
    /// What it sets, and a caller cannot.
    package let parameters: JSONObject
    /// A JSON Schema that the complete parameters must meet as well; nil for none.
    package let restrict: JSON?
    /// The plans that a service of this one can change to; nil for all.
    package let changesTo: [String]?

    /// A plan; what is left out is not restricted.
    package init(
        name: String,
        description: String,
        parameters: JSONObject = JSONObject(),
        restrict: JSON? = nil,
        changesTo: [String]? = nil
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.restrict = restrict
        self.changesTo = changesTo
    }
}

/// Which changes of an offering's services are allowed.
package struct OfferingUpgrades: Sendable, Hashable {
    /// The versions that may go to this one directly; nil for those of the same major version.
    package let from: VersionRange?
    /// Parameters that stay as they were ordered.
    package let immutable: [JSONPointer]
    /// Numbers that may grow and not shrink.
    package let growing: [JSONPointer]

    /// Rules for changes; without any, everything but a new major version is allowed.
    package init(
        from: VersionRange? = nil,
        immutable: [JSONPointer] = [],
        growing: [JSONPointer] = []
    ) {
        self.from = from
        self.immutable = immutable
        self.growing = growing
    }
}

/// What a consumer of a service gets.
package struct OfferingBinding: Sendable, Hashable {
    /// How long making a credential may take where an offering says nothing.
    package static let deadlineUsual = Duration.seconds(300)
    /// How long the credential before stays valid where an offering says nothing.
    package static let overlapUsual = Duration.seconds(3_600)
    /// The type of the Secret where an offering says nothing.
    package static let typeUsual = "Opaque"

    /// The JSON Schema of what a binding can be asked for.
    package let parameters: JSON
    /// The type of the consumer's Secret.
    package let type: String
    /// How long making a credential may take.
    package let deadline: Duration
    /// How old a credential becomes; nil where only a call rotates.
    package let rotatesEvery: Duration?
    /// How long the credential before stays valid.
    package let overlap: Duration

    /// A binding as its offering has it.
    package init(
        parameters: JSON,
        type: String = typeUsual,
        deadline: Duration = deadlineUsual,
        rotatesEvery: Duration? = nil,
        overlap: Duration = overlapUsual
    ) {
        self.parameters = parameters
        self.type = type
        self.deadline = deadline
        self.rotatesEvery = rotatesEvery
        self.overlap = overlap
    }
}
