/// What somebody asks a cluster to be, before defaults are filled in.
package struct ClusterOrder: Sendable, Hashable {
    /// Stands where no management cluster is named.
    package static let nowhere = ManagementClusterName("none")

    /// What is underneath; nil for what it is, or for a virtual cluster.
    package var kind: ClusterKind?
    /// The management cluster; nil for the one that it is in, or the platform's default.
    package var managementCluster: ManagementClusterName?
    /// Everything else; its kind and management cluster stand for nothing.
    package var rest: ClusterSpec

    /// An order for that.
    package init(
        kind: ClusterKind?,
        managementCluster: ManagementClusterName?,
        rest: ClusterSpec
    ) {
        self.kind = kind
        self.managementCluster = managementCluster
        self.rest = rest
    }

    /// The kind that is asked for.
    package var kindWanted: ClusterKind { kind ?? .vcluster }
}

/// What is there to make a cluster with.
package struct ClusterSurroundings: Sendable {
    /// The management clusters.
    package var management: [ManagementCluster]
    /// How many clusters of each kind they hold.
    package var used: [ManagementClusterName: [ClusterKind: Int]]
    /// What the classes allow.
    package var classes: [ClusterClassPolicy]
    /// The labels of the tenant, by which classes choose who may order them; nil where that has
    /// been decided.
    package var tenantLabels: Labels?

    /// Those management clusters and classes.
    package init(
        management: [ManagementCluster],
        used: [ManagementClusterName: [ClusterKind: Int]] = [:],
        classes: [ClusterClassPolicy],
        tenantLabels: Labels? = nil
    ) {
        self.management = management
        self.used = used
        self.classes = classes.filter { policy in
            guard let tenantLabels, let tenants = policy.tenants else { return true }
            // What may not be ordered looks as if it was not there.
            return tenants.selects(tenantLabels)
        }
        self.tenantLabels = tenantLabels
    }

    /// Why the management cluster of a new cluster does not take it; nil where it does.
    package func refusal(of cluster: Cluster) -> ClusterRefusal? {
        let name = cluster.spec.managementCluster
        return management(name)?.refusal(
            of: cluster.spec.kind,
            used: used[name]?[cluster.spec.kind] ?? 0
        )
    }

    /// The class of that name.
    package func policy(_ name: ClusterClassName?) -> ClusterClassPolicy? {
        classes.first { $0.name == name }
    }

    /// The management cluster of that name.
    package func management(_ name: ManagementClusterName) -> ManagementCluster? {
        management.first { $0.name == name }
    }
}

extension ClusterOrder {
    /// The name that a class has which is taken where nobody names one and there are several.
    package static let classDefault = "default"

    /// The whole spec, with every default filled in, of a cluster that is new.
    ///
    /// - Throws: `.invalid` with everything that is wrong with the order, at once.
    package func spec(
        named name: ClusterName,
        in surroundings: ClusterSurroundings
    ) throws(ClusterRefusal) -> ClusterSpec {
        var spec = rest
        var faults: [ClusterFault] = []
        spec.kind = kindWanted
        if name.text.utf8.count > Cluster.nameLengthMax {
            faults.append(
                ClusterFault(
                    .name,
                    "too-long",
                    "The name of a cluster has at most \(Cluster.nameLengthMax) characters: what "
                        + "is made for it is named after it."
                )
            )
        }
        switch Self.place(managementCluster, in: surroundings) {
        case .success(let management): spec.managementCluster = management.name
        case .failure(let fault): faults.append(fault)
        }
        if spec.kind == .cluster, spec.adopt == nil, spec.className == nil {
            switch Self.usualClass(in: surroundings) {
            case .success(let policy): spec.className = policy.name
            case .failure(let fault): faults.append(fault)
            }
        }
        let policy = surroundings.policy(spec.className)
        if spec.kubernetesVersion == nil, spec.className != nil {
            spec.kubernetesVersion = policy?.versionUsual
        }
        faults += policy?.phaseFaults ?? []
        faults += spec.faults(by: policy) + spec.ageFaults
        guard faults.isEmpty else { throw .invalid(faults) }
        return spec
    }

    private static func place(
        _ name: ManagementClusterName?,
        in surroundings: ClusterSurroundings
    ) -> Result<ManagementCluster, ClusterFault> {
        if let name {
            if let found = surroundings.management(name) { return .success(found) }
            return .failure(
                ClusterFault(
                    .spec("managementCluster"),
                    "unknown",
                    "There is no management cluster of this name."
                )
            )
        }
        if let usual = surroundings.management.first(where: \.spec.isDefault) {
            return .success(usual)
        }
        if let only = surroundings.management.first, surroundings.management.count == 1 {
            return .success(only)
        }
        return .failure(
            ClusterFault(
                .spec("managementCluster"),
                "missing",
                surroundings.management.isEmpty
                    ? "There is no management cluster yet; a platform-admin registers one with "
                        + "POST /v1/management-clusters."
                    : "None of the management clusters is the default; name one."
            )
        )
    }

    private static func usualClass(
        in surroundings: ClusterSurroundings
    ) -> Result<ClusterClassPolicy, ClusterFault> {
        let classes = surroundings.classes.filter { $0.phase != .withdrawn }
        if let only = classes.first, classes.count == 1 { return .success(only) }
        if let usual = classes.first(where: { $0.name.text == classDefault }) {
            return .success(usual)
        }
        return .failure(
            ClusterFault(
                .spec("class"),
                "missing",
                classes.isEmpty
                    ? "There is no cluster class yet; a platform-admin publishes one with "
                        + "POST /v1/cluster-classes."
                    : "There are several cluster classes; name one of those that "
                        + "GET /v1/cluster-classes lists."
            )
        )
    }
}

extension ClusterClassPolicy {
    /// Why nothing new is made from the class.
    fileprivate var phaseFaults: [ClusterFault] {
        switch phase {
        case .ready: []
        case .faulty:
            [
                ClusterFault(
                    .spec("class"),
                    "faulty",
                    "Something is wrong with the class; choose another until that is mended."
                )
            ]
        case .withdrawn:
            [
                ClusterFault(
                    .spec("class"),
                    "withdrawn",
                    "The class stays only for the clusters that are made from it; choose another."
                )
            ]
        }
    }
}
