extension Cluster {
    /// What the names of clusters begin with that are made for one environment each.
    package static let homePrefix = "env-"

    /// A cluster that is made for one environment and goes with it.
    ///
    /// - Throws: what `creation` throws.
    package static func home(
        of environment: EnvironmentName,
        as kind: ClusterKind,
        from className: ClusterClassName?,
        id: ClusterID,
        for tenant: Tenant,
        in surroundings: ClusterSurroundings,
        on occasion: Occasion
    ) throws(ClusterRefusal) -> Decision {
        var spec = ClusterSpec(kind: kind, managementCluster: ClusterOrder.nowhere)
        spec.className = className
        return try creation(
            id: id,
            name: environment.home,
            of: tenant.id,
            named: tenant.name,
            labels: Labels(),
            order: ClusterOrder(kind: kind, managementCluster: nil, rest: spec),
            for: environment,
            in: surroundings,
            on: occasion
        )
    }
}

extension Environment {
    /// What the names of namespaces begin with that are an environment's own.
    package static let namespacePrefix = "e-"
}

extension EnvironmentName {
    /// The namespace of its own; in a cluster that is a namespace it is in that one instead.
    package var namespace: String { Environment.namespacePrefix + text }

    /// The name of the cluster that is made for the environment alone.
    package var home: ClusterName {
        do {
            return try ClusterName(parsing: Cluster.homePrefix + text)
        } catch {
            preconditionFailure("an environment's name has room for what its cluster begins with")
        }
    }
}

extension EnvironmentPlacement {
    /// The cluster in which the environment of that name runs.
    package func cluster(of environment: EnvironmentName) -> ClusterName {
        switch self {
        case .cluster(let name): name
        case .own: environment.home
        }
    }

    /// The kind of the cluster that is made for the environment, and goes with it; nil where it is
    /// in one that is there.
    package var kind: ClusterKind? {
        if case .own(let kind, _) = self { kind } else { nil }
    }

    /// Whether a cluster is made for the environment, and goes with it.
    package var isOwn: Bool { kind != nil }
}
