package import JSON

/// How much a tenant may have at once; set by the platform, not by the tenant.
package struct TenantQuotas: Sendable, Hashable {
    /// The largest number that a quota may be set to.
    package static let numberMax = 10_000

    /// What a tenant may have where nobody decided otherwise: enough to work with, too little to
    /// fill a management cluster by mistake.
    package static let usual = TenantQuotas(
        clusters: [.cluster: 10, .vcluster: 20, .namespace: 50],
        nodes: 100,
        awakeVirtualClusters: 20,
        environments: EnvironmentQuotas(),
        services: ServiceQuotas()
    )

    /// Clusters of each kind.
    package var clusters: [ClusterKind: Int]
    /// Nodes of all clusters together, counted as many as their pools may grow to.
    package var nodes: Int
    /// Virtual clusters that do not sleep.
    package var awakeVirtualClusters: Int
    /// Environments.
    package var environments: EnvironmentQuotas
    /// Services.
    package var services: ServiceQuotas

    /// Quotas of these numbers; kinds that are left out have the usual one.
    package init(
        clusters: [ClusterKind: Int],
        nodes: Int,
        awakeVirtualClusters: Int,
        environments: EnvironmentQuotas = EnvironmentQuotas(),
        services: ServiceQuotas = ServiceQuotas()
    ) {
        self.clusters = clusters
        self.nodes = nodes
        self.awakeVirtualClusters = awakeVirtualClusters
        self.environments = environments
        self.services = services
    }

    /// How many clusters of that kind there may be.
    package func clusters(of kind: ClusterKind) -> Int {
        clusters[kind] ?? Self.usual.clusters[kind] ?? 0
    }

    /// Writes the quotas as the API shows them.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("clusters")
            writer.object { writer in
                for kind in ClusterKind.allCases {
                    writer.key(named: kind.rawValue)
                    writer.int(clusters(of: kind))
                }
            }
            writer.member("nodes", nodes)
            writer.member("awakeVirtualClusters", awakeVirtualClusters)
            writer.key("environments")
            environments.write(to: &writer)
            writer.key("services")
            services.write(to: &writer)
        }
    }

    /// Reads what `write` wrote; what is missing is as usual.
    package init(reading document: JSON?) {
        self.init(
            clusters: [ClusterKind: Int](reading: document?["clusters"]),
            nodes: document?["nodes"]?.int ?? Self.usual.nodes,
            awakeVirtualClusters: document?["awakeVirtualClusters"]?.int
                ?? Self.usual.awakeVirtualClusters,
            environments: EnvironmentQuotas(reading: document?["environments"]),
            services: ServiceQuotas(reading: document?["services"])
        )
    }
}

extension TenantQuotas {
    /// Two quotas are the same where they allow the same, however they were written.
    package static func == (left: TenantQuotas, right: TenantQuotas) -> Bool {
        left.nodes == right.nodes && left.awakeVirtualClusters == right.awakeVirtualClusters
            && left.environments == right.environments && left.services == right.services
            && ClusterKind.allCases.allSatisfy { left.clusters(of: $0) == right.clusters(of: $0) }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(nodes)
        hasher.combine(awakeVirtualClusters)
        hasher.combine(environments)
        hasher.combine(services)
    }
}

/// What a cluster counts for in the quotas of its tenant.
package struct ClusterFigures: Sendable, Hashable {
    /// The cluster.
    package var id: ClusterID
    /// Its name.
    package var name: ClusterName
    /// What is underneath.
    package var kind: ClusterKind
    /// Its class; nil where it has none.
    package var className: ClusterClassName?
    /// The most nodes that it may have.
    package var nodes: Int
    /// Whether it sleeps, or is to.
    package var isAsleep: Bool

    /// A cluster that counts for so much.
    package init(
        id: ClusterID,
        name: ClusterName,
        kind: ClusterKind,
        className: ClusterClassName?,
        nodes: Int,
        isAsleep: Bool
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.className = className
        self.nodes = nodes
        self.isAsleep = isAsleep
    }
}

/// One limit, and what is used of it before and after a change.
package struct QuotaStanding: Sendable, Hashable {
    /// The limit's name, such as `clusters.vcluster`.
    package var name: String
    /// What is used now.
    package var used: Int
    /// What would be used.
    package var after: Int
    /// What may be used.
    package var limit: Int
    /// What could be given up for it, in a sentence.
    package var remedy: String

    /// Whether the change is what goes beyond the limit; less is always allowed.
    package var isExceeded: Bool { after > limit && after > used }

    /// A limit of that name.
    package init(name: String, used: Int, after: Int, limit: Int, remedy: String) {
        self.name = name
        self.used = used
        self.after = after
        self.limit = limit
        self.remedy = remedy
    }
}

/// Everything that a tenant has, against which quotas are judged.
package struct TenantUsage: Sendable, Hashable {
    /// The most names that a remedy lists.
    private static let namesMax = 5

    /// Its clusters, those on their way out included: they are there until they are gone.
    package var clusters: [ClusterFigures]

    /// A tenant with those clusters.
    package init(_ clusters: [ClusterFigures]) {
        self.clusters = clusters
    }

    /// Every limit that a cluster of those figures touches, be it new or changed.
    package func standings(
        with cluster: ClusterFigures,
        quotas: TenantQuotas,
        policy: ClusterClassPolicy?
    ) -> [QuotaStanding] {
        let others = TenantUsage(clusters.filter { $0.id != cluster.id })
        let next = TenantUsage(others.clusters + [cluster])
        var standings = [
            QuotaStanding(
                name: "clusters.\(cluster.kind.rawValue)",
                used: count { $0.kind == cluster.kind },
                after: next.count { $0.kind == cluster.kind },
                limit: quotas.clusters(of: cluster.kind),
                remedy: others.remedy("Delete") { $0.kind == cluster.kind }
            )
        ]
        if cluster.nodes > 0 {
            standings.append(
                QuotaStanding(
                    name: "nodes",
                    used: nodes { _ in true },
                    after: next.nodes { _ in true },
                    limit: quotas.nodes,
                    remedy: others.remedy("Scale down or delete") { $0.nodes > 0 }
                )
            )
        }
        if cluster.kind == .vcluster {
            standings.append(
                QuotaStanding(
                    name: "awakeVirtualClusters",
                    used: count(where: \.isAwake),
                    after: next.count(where: \.isAwake),
                    limit: quotas.awakeVirtualClusters,
                    remedy: others.remedy("Put to sleep or delete", where: \.isAwake)
                )
            )
        }
        if let policy { standings += others.standings(with: cluster, before: self, policy) }
        return standings
    }

    private func standings(
        with cluster: ClusterFigures,
        before: TenantUsage,
        _ policy: ClusterClassPolicy
    ) -> [QuotaStanding] {
        let next = TenantUsage(clusters + [cluster])
        let isOfClass = { (figures: ClusterFigures) in figures.className == policy.name }
        var standings: [QuotaStanding] = []
        if let limit = policy.clustersMax {
            standings.append(
                QuotaStanding(
                    name: "classes.\(policy.name).clusters",
                    used: before.count(where: isOfClass),
                    after: next.count(where: isOfClass),
                    limit: limit,
                    remedy: remedy("Delete", where: isOfClass)
                )
            )
        }
        return standings
    }

    private func count(where condition: (ClusterFigures) -> Bool) -> Int {
        clusters.count(where: condition)
    }

    private func nodes(where condition: (ClusterFigures) -> Bool) -> Int {
        clusters.filter(condition).reduce(0) { $0 + $1.nodes }
    }

    private func remedy(
        _ verb: String,
        where condition: (ClusterFigures) -> Bool
    ) -> String {
        let names = clusters.filter(condition).map(\.name).sorted()
        guard !names.isEmpty else { return "Ask the platform's admins for more." }
        let shown = names.prefix(Self.namesMax).map(\.text).joined(separator: ", ")
        let rest = names.count > Self.namesMax ? " or another" : ""
        return "\(verb) one of \(shown)\(rest), or ask the platform's admins for more."
    }
}

extension ClusterFigures {
    fileprivate var isAwake: Bool { kind == .vcluster && !isAsleep }
}
