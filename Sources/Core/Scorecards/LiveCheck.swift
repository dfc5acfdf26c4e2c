/// Questions to what Slipway last saw of what runs.
package enum LiveCheck: String, Sendable, CaseIterable {
    /// Whether no environment is degraded or failed.
    case environmentsHealthy
    /// Whether no service is.
    case servicesHealthy
    /// Whether no cluster is.
    case clustersHealthy
    /// Whether no cluster has what its delivery does not say.
    case noDrift

    /// What is wrong with one object; nil for nothing.
    ///
    /// What is just being made or rolled out counts as well until it turns out not to be.
    func finding(in object: LiveObject) -> String? {
        switch self {
        case .environmentsHealthy: object.kind == .environment ? object.trouble : nil
        case .servicesHealthy: object.kind == .service ? object.trouble : nil
        case .clustersHealthy: object.kind == .cluster ? object.trouble : nil
        case .noDrift:
            object.drift.first.map { first in
                "has drifted: \(first)"
                    + (object.drift.count > 1 ? ", and \(object.drift.count - 1) more" : "")
            }
        }
    }
}

/// An environment, a service or a cluster of a tenant as Slipway last saw it.
package struct LiveObject: Sendable, Equatable {
    /// What it is.
    package enum Kind: String, Sendable {
        case environment, service, cluster
    }

    /// What it is.
    package let kind: Kind
    /// The name, unique within the tenant.
    package let name: String
    /// Where it stands, in one word.
    package let phase: String
    /// The names of the components that run in it or need it.
    package let components: [String]
    /// What is there and not delivered, or the other way round.
    package let drift: [String]
    /// The version of Kubernetes that a cluster runs; nil where none was seen.
    package let version: String?

    /// Puts together what is known of it.
    package init(
        kind: Kind,
        name: String,
        phase: String,
        components: [String] = [],
        drift: [String] = [],
        version: String? = nil
    ) {
        self.kind = kind
        self.name = name
        self.phase = phase
        self.components = components
        self.drift = drift
        self.version = version
    }

    fileprivate var trouble: String? {
        ["degraded", "failed"].contains(phase) ? "is \(phase): look at its conditions" : nil
    }
}
