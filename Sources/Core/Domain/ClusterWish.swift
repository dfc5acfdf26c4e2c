package import JSON

/// Everything that a driver goes by, decided beforehand: it asks nobody and guesses nothing.
package struct ClusterWish: Sendable, Equatable {
    /// The cluster; its `spec` has every default filled in.
    package var cluster: Cluster
    /// What is installed in the management cluster.
    package var features: ManagementFeatures
    /// How the management cluster is used.
    package var management: ManagementClusterSpec
    /// The class, for kinds that need one: its definition and its template.
    package var definition: JSON?
    /// The template of the class, as published.
    package var template: String?
    /// The version that nodes have for now, while the control plane goes first; nil for the same
    /// as the control plane.
    package var workersVersion: String?
    /// The tenant's platform repository; nil where it is not reconciled into the cluster.
    package var platform: PlatformSource?

    /// Puts together what is wanted.
    package init(
        cluster: Cluster,
        features: ManagementFeatures,
        management: ManagementClusterSpec,
        definition: JSON? = nil,
        template: String? = nil,
        workersVersion: String? = nil,
        platform: PlatformSource? = nil
    ) {
        self.cluster = cluster
        self.features = features
        self.management = management
        self.definition = definition
        self.template = template
        self.workersVersion = workersVersion
        self.platform = platform
    }
}

/// The platform repository of a tenant as it is reconciled into a cluster.
package struct PlatformSource: Sendable, Hashable {
    /// The URL that it is cloned from.
    package var url: String
    /// The branch that is reconciled.
    package var branch: String
    /// The folder that is reconciled, such as `./clusters/acme`.
    package var path: String
    /// Whether reconciliation is stopped.
    package var isSuspended: Bool

    /// The folder of a tenant's platform repository that is reconciled into clusters of a kind:
    /// a namespace takes nothing of what a cluster of its own does.
    package static func folder(of tenant: TenantName, for kind: ClusterKind) -> String {
        kind == .namespace ? "./namespaces/\(tenant)" : "./clusters/\(tenant)"
    }

    /// A repository of these parts.
    package init(url: String, branch: String, path: String, isSuspended: Bool) {
        self.url = url
        self.branch = branch
        self.path = path
        self.isSuspended = isSuspended
    }
}
