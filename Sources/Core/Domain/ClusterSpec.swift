/// What is underneath a cluster.
package enum ClusterKind: String, Sendable, CaseIterable {
    /// A cluster of its own, made by Cluster API.
    case cluster
    /// A virtual cluster inside the management cluster.
    case vcluster
    /// A namespace of the management cluster.
    case namespace
}

/// What the owners of a tenant want of one of its clusters.
package struct ClusterSpec: Sendable, Hashable {
    /// The most node pools of one cluster.
    package static let poolsMax = 50
    /// The most groups that are given access to one cluster.
    package static let accessMax = 50

    /// What is underneath.
    package var kind: ClusterKind
    /// The management cluster in which it is made; fixed once made.
    package var managementCluster: ManagementClusterName
    /// The class that it is made from; nil for kinds that need none.
    package var className: ClusterClassName?
    /// The Kubernetes version without a leading `v`; nil follows the class or the chart.
    package var kubernetesVersion: String?
    /// Where it is, in the words of its class; nil for the class's own.
    package var region: String?
    /// Machines of the control plane; nil for the class's own number, or where there are none.
    package var controlPlaneReplicas: Int?
    /// The groups of nodes; nil for those of the class.
    package var nodePools: [NodePool]?
    /// What may be used up inside; for virtual clusters and namespaces.
    package var quota: ClusterQuota
    /// How the API of a virtual cluster is reached from outside.
    package var exposure: ClusterExposure
    /// What becomes of a virtual cluster's volumes when it is deleted.
    package var volumes: VolumePolicy
    /// Which groups of people get which role inside.
    package var access: [ClusterGrant]
    /// Whether the tenant's platform repository is reconciled into it.
    package var platform: Bool
    /// Whether machines are left as they are for now.
    package var paused: Bool
    /// Whether a virtual cluster sleeps: no control plane, no workloads, its state kept.
    package var asleep: Bool
    /// Whether `DELETE` is refused until somebody takes this back.
    package var deleteProtection: Bool
    /// How a cluster that was there before is reached; nil for one that Slipway makes.
    package var adopt: ClusterAdoption?

    /// Puts together what is wanted.
    package init(
        kind: ClusterKind,
        managementCluster: ManagementClusterName,
        className: ClusterClassName? = nil,
        kubernetesVersion: String? = nil,
        region: String? = nil,
        controlPlaneReplicas: Int? = nil,
        nodePools: [NodePool]? = nil,
        quota: ClusterQuota = ClusterQuota(),
        exposure: ClusterExposure = .internal,
        volumes: VolumePolicy = .delete,
        access: [ClusterGrant] = [],
        platform: Bool = true,
        paused: Bool = false,
        asleep: Bool = false,
        deleteProtection: Bool = false,
        adopt: ClusterAdoption? = nil
    ) {
        self.kind = kind
        self.managementCluster = managementCluster
        self.className = className
        self.kubernetesVersion = kubernetesVersion
        self.region = region
        self.controlPlaneReplicas = controlPlaneReplicas
        self.nodePools = nodePools
        self.quota = quota
        self.exposure = exposure
        self.volumes = volumes
        self.access = access
        self.platform = platform
        self.paused = paused
        self.asleep = asleep
        self.deleteProtection = deleteProtection
        self.adopt = adopt
    }
}

/// A cluster that somebody else made: in the fleet with everything but provisioning.
///
/// Its kubeconfig is sealed and never shown.
package struct ClusterAdoption: Sendable, Hashable {
    /// The context of the kubeconfig that is used; nil for its current one.
    package var context: String?

    /// A cluster that is reached through that context.
    package init(context: String? = nil) {
        self.context = context
    }
}

/// A group of equal nodes.
package struct NodePool: Sendable, Hashable {
    /// The most characters of a pool's name: it becomes part of machine names.
    package static let nameLengthMax = 20
    /// The most nodes of one pool.
    package static let nodesMax = 1_000

    /// The name, unique within the cluster.
    package var name: String
    /// The size of a node in the platform's words, such as `small`; nil for the class's own.
    package var size: String?
    /// How many nodes.
    package var count: NodeCount
    /// Labels of the nodes.
    package var labels: Labels
    /// Taints of the nodes.
    package var taints: [NodeTaint]

    /// Puts together what is wanted.
    package init(
        name: String,
        size: String? = nil,
        count: NodeCount,
        labels: Labels = Labels(),
        taints: [NodeTaint] = []
    ) {
        self.name = name
        self.size = size
        self.count = count
        self.labels = labels
        self.taints = taints
    }
}

/// How many nodes a pool has.
package enum NodeCount: Sendable, Hashable {
    /// Always that many.
    case fixed(Int)
    /// What an autoscaler finds right, within these bounds.
    case scaled(Int, through: Int)

    /// The most nodes that there may be.
    package var most: Int {
        switch self {
        case .fixed(let count): count
        case .scaled(_, let most): most
        }
    }
}

/// What keeps workloads off a node unless they tolerate it.
package struct NodeTaint: Sendable, Hashable {
    /// What happens to workloads that do not tolerate it.
    package enum Effect: String, Sendable, CaseIterable {
        case noSchedule = "NoSchedule"
        case preferNoSchedule = "PreferNoSchedule"
        case noExecute = "NoExecute"
    }

    /// The key, as labels have them.
    package var key: String
    /// The value; empty for none.
    package var value: String
    /// What happens to workloads that do not tolerate it.
    package var effect: Effect

    /// A taint of these parts.
    package init(key: String, value: String, effect: Effect) {
        self.key = key
        self.value = value
        self.effect = effect
    }
}

/// What may be used up inside a virtual cluster or a namespace, in Kubernetes' quantities.
package struct ClusterQuota: Sendable, Hashable {
    /// CPU that all pods may request together.
    package var cpu: String
    /// Memory that all pods may request together; they may use twice as much for a while.
    package var memory: String
    /// Storage that all volumes may have together.
    package var storage: String
    /// How many pods there may be.
    package var pods: Int
    /// How many services may be of type LoadBalancer.
    package var loadBalancers: Int

    /// A quota of these parts; the defaults suit a team that tries something out.
    package init(
        cpu: String = "8",
        memory: String = "16Gi",
        storage: String = "100Gi",
        pods: Int = 100,
        loadBalancers: Int = 0
    ) {
        self.cpu = cpu
        self.memory = memory
        self.storage = storage
        self.pods = pods
        self.loadBalancers = loadBalancers
    }
}

/// How the API of a virtual cluster is reached.
package enum ClusterExposure: Sendable, Hashable {
    /// From within the management cluster only.
    case `internal`
    /// Through a load balancer of its own.
    case loadBalancer
    /// Through the platform's gateway, under this host name.
    case host(String)
}

/// What becomes of volumes when what they belong to is deleted.
package enum VolumePolicy: String, Sendable, CaseIterable {
    case delete, retain
}

/// A group of people and what they may do inside a cluster.
package struct ClusterGrant: Sendable, Hashable {
    /// The group as the identity provider names it.
    package var group: String
    /// What its members may do.
    package var role: ClusterRole

    /// That group with that role.
    package init(group: String, role: ClusterRole) {
        self.group = group
        self.role = role
    }
}

/// What somebody may do inside a cluster.
package enum ClusterRole: String, Sendable, CaseIterable {
    /// Looks at everything but secrets.
    case viewer
    /// Runs workloads.
    case developer
    /// Also grants access within the cluster.
    case admin

    /// In a management cluster, a Kubernetes ClusterRole with this label adds its rules to the role
    /// of admins, in every tenant's namespace.
    package static let aggregateLabel = "slipway.dev/aggregate-to-tenant-admin"
}
