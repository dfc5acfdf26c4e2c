package import JSON

/// What a class allows, without its template.
package struct ClusterClassPolicy: Sendable, Hashable {
    /// The class.
    package var id: ClusterClassID
    /// Its name.
    package var name: ClusterClassName
    /// The Kubernetes versions that may be ordered, without a leading `v`; empty for any.
    package var kubernetesVersions: [String]
    /// The sizes of nodes that it knows; empty where it does not tell.
    package var sizes: [String]
    /// At most how many clusters of the class one tenant may have; nil for no limit of its own.
    package var clustersMax: Int?
    /// At most how many nodes one tenant may have in clusters of the class.
    package var nodesMax: Int?
    /// How many nodes there are where the order names no pools.
    package var nodesUsual: Int
    /// Whether something is wrong with the class, so that nothing new can be made from it.
    package var isFaulty: Bool

    /// A class that allows so much.
    package init(
        id: ClusterClassID,
        name: ClusterClassName,
        kubernetesVersions: [String] = [],
        sizes: [String] = [],
        clustersMax: Int? = nil,
        nodesMax: Int? = nil,
        nodesUsual: Int = 0,
        isFaulty: Bool = false
    ) {
        self.id = id
        self.name = name
        self.kubernetesVersions = kubernetesVersions
        self.sizes = sizes
        self.clustersMax = clustersMax
        self.nodesMax = nodesMax
        self.nodesUsual = nodesUsual
        self.isFaulty = isFaulty
    }

    /// Reads what a definition and a status say about it.
    package init(id: ClusterClassID, name: ClusterClassName, definition: JSON, status: JSON) {
        var nodes = 0
        for pool in status["pools"]?.array ?? [] {
            nodes += pool["count"]?.int ?? pool["max"]?.int ?? 0
        }
        self.init(
            id: id,
            name: name,
            kubernetesVersions: (definition["kubernetesVersions"]?.array ?? [])
                .compactMap(\.string).map(\.withoutVersionMark),
            sizes: (definition["sizes"]?.object).map { Array($0.keys) } ?? [],
            clustersMax: definition["allowance"]?["clusters"]?.int,
            nodesMax: definition["allowance"]?["nodes"]?.int,
            nodesUsual: nodes,
            isFaulty: status["phase"]?.string == ClusterClass.Phase.faulty.rawValue
        )
    }

    /// The newest version that may be ordered; nil where the class does not say.
    package var newestVersion: String? {
        kubernetesVersions.compactMap { text in SemanticVersion(text).map { (text, $0) } }
            .max { $0.1 < $1.1 }?.0
    }

    /// Whether that version may be ordered.
    package func allows(version: String) -> Bool {
        kubernetesVersions.isEmpty || kubernetesVersions.contains(version)
    }
}

extension ClusterClass {
    /// Where a class stands, in one word.
    package enum Phase: String, Sendable, CaseIterable {
        /// Clusters can be made from it.
        case ready
        /// Something is wrong with it, as its findings say.
        case faulty
    }
}

extension String {
    /// `1.33.2` for `v1.33.2`.
    fileprivate var withoutVersionMark: String { hasPrefix("v") ? String(dropFirst()) : self }
}
