package import JSON

/// What a class allows, without its template.
package struct ClusterClassPolicy: Sendable, Hashable {
    /// The class.
    package var id: ClusterClassID
    /// Its name.
    package var name: ClusterClassName
    /// The Kubernetes versions that may be ordered, whole (`1.34.2`) or all of a minor (`1.34`);
    /// empty for any.
    package var kubernetesVersions: [String]
    /// The regions that may be ordered; empty for any.
    package var regions: [String]
    /// The tenants that may order it, by their labels; nil for all.
    package var tenants: LabelSelector?
    /// The sizes of nodes that may be ordered; empty where it does not tell.
    package var sizes: [String]
    /// At most how many clusters of the class one tenant may have; nil for no limit of its own.
    package var clustersMax: Int?
    /// At most how many nodes one cluster may have; nil for no limit of its own.
    package var nodesMax: Int?
    /// As many nodes as the pools of the template may grow to, where nobody orders pools.
    package var nodesUsual: Int
    /// Where the class stands: nothing new is made from one that is not ready.
    package var phase: ClusterClass.Phase

    /// A class that allows so much.
    package init(
        id: ClusterClassID,
        name: ClusterClassName,
        kubernetesVersions: [String] = [],
        regions: [String] = [],
        tenants: LabelSelector? = nil,
        sizes: [String] = [],
        clustersMax: Int? = nil,
        nodesMax: Int? = nil,
        nodesUsual: Int = 0,
        phase: ClusterClass.Phase = .ready
    ) {
        self.id = id
        self.name = name
        self.kubernetesVersions = kubernetesVersions
        self.regions = regions
        self.tenants = tenants
        self.sizes = sizes
        self.clustersMax = clustersMax
        self.nodesMax = nodesMax
        self.nodesUsual = nodesUsual
        self.phase = phase
    }

    /// Reads what a definition and a status say about it; both were checked when they were stored.
    package init(id: ClusterClassID, name: ClusterClassName, definition: JSON, status: JSON) {
        let allowance = definition["allowance"]
        let sizes = (allowance?["sizes"]?.array ?? []).compactMap(\.string)
        self.init(
            id: id,
            name: name,
            kubernetesVersions: (definition["kubernetesVersions"]?.array ?? []).compactMap(
                \.string
            ),
            regions: (definition["regions"]?.array ?? []).compactMap(\.string),
            // What is no selector would not have been stored.
            tenants: (allowance?["tenants"]?.string).flatMap { try? LabelSelector(parsing: $0) },
            sizes: sizes.isEmpty
                ? (status["sizes"]?.array ?? []).compactMap { $0["name"]?.string } : sizes,
            clustersMax: allowance?["clusters"]?.int,
            nodesMax: allowance?["nodes"]?.int,
            // A status from before pools told how many they are has one node each.
            nodesUsual: (status["nodePools"]?.array ?? []).reduce(0) { sum, pool in
                sum + min(max(pool["nodes"]?.int ?? 1, 0), NodePool.nodesMax)
            },
            phase: status["phase"]?.string.flatMap(ClusterClass.Phase.init) ?? .ready
        )
    }

    /// The version of clusters that ask for none: the last whole one; nil where there is none.
    package var versionUsual: String? {
        kubernetesVersions.last { SemanticVersion($0) != nil }
    }

    /// Whether that version may be ordered.
    package func allows(version: String) -> Bool {
        kubernetesVersions.isEmpty
            || kubernetesVersions.contains { version == $0 || version.hasPrefix("\($0).") }
    }
}

extension ClusterClass {
    /// Where a class stands, in one word.
    package enum Phase: String, Sendable, CaseIterable {
        /// Clusters can be made from it.
        case ready
        /// Something is wrong with it, as its findings say.
        case faulty
        /// Its blueprint brings it no longer; it stays for the clusters that are made from it.
        case withdrawn
    }
}
