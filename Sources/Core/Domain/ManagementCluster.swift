/// A Kubernetes cluster in which Slipway orders clusters for tenants.
package struct ManagementCluster: Sendable, Equatable {
    /// The identity, which no other thing of the kind ever has.
    package var id: ManagementClusterID
    /// The name, unique among things of the kind.
    package var name: ManagementClusterName
    /// What selectors find it by.
    package var labels: Labels
    /// What is wanted.
    package var spec: ManagementClusterSpec
    /// What Slipway saw of it.
    package var status: ManagementClusterStatus
    /// Goes up with every change of `spec`, from 1.
    package var generation: Int64
    /// Goes up with every change of anything, from 1; the `ETag`.
    package var revision: Int64
    /// When it was made.
    package var createdAt: Instant
    /// When it last changed.
    package var updatedAt: Instant

    /// Puts together what is known or wanted.
    package init(
        id: ManagementClusterID,
        name: ManagementClusterName,
        labels: Labels,
        spec: ManagementClusterSpec,
        status: ManagementClusterStatus,
        generation: Int64,
        revision: Int64,
        createdAt: Instant,
        updatedAt: Instant
    ) {
        self.id = id
        self.name = name
        self.labels = labels
        self.spec = spec
        self.status = status
        self.generation = generation
        self.revision = revision
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The management cluster as events, jobs and the audit log mention it.
    package var reference: ObjectReference { .managementCluster(id, name) }
}

/// The name of a management cluster, unique among them.
package typealias ManagementClusterName = ResourceName<ManagementCluster>
/// The identity of a management cluster.
package typealias ManagementClusterID = ID<ManagementCluster>

/// How a management cluster is reached and used.
package struct ManagementClusterSpec: Sendable, Hashable {
    /// How it is reached.
    package enum Connection: String, Sendable, CaseIterable {
        /// With a kubeconfig that was sent along; sealed, never shown again.
        case kubeconfig
        /// It is the cluster in which Slipway itself runs.
        case inCluster
        /// It is the sandbox inside this installation.
        case sandbox
    }

    /// How what tenants want gets there.
    package enum Delivery: String, Sendable, CaseIterable {
        /// Committed to the management repository, applied by Flux or Argo CD.
        case gitops
        /// Applied by Slipway itself.
        case direct
    }

    /// What applies the management repository, and installs charts.
    package enum Engine: String, Sendable, CaseIterable {
        case flux, argocd

        /// Where it is usually installed.
        package var defaultNamespace: String {
            switch self {
            case .flux: "flux-system"
            case .argocd: "argocd"
            }
        }
    }

    /// What makes virtual clusters.
    package enum VirtualClusters: String, Sendable, CaseIterable {
        /// A `HelmRelease` of Flux.
        case flux
        /// An `Application` of Argo CD.
        case argocd
        /// The vcluster provider of Cluster API.
        case clusterAPI = "cluster-api"
    }

    /// A gateway of the Gateway API; its listener for TLS, on port 443, passes TLS through.
    package struct Gateway: Sendable, Hashable {
        /// Its name.
        package var name: String
        /// Its namespace.
        package var namespace: String

        /// That gateway.
        package init(name: String, namespace: String) {
            self.name = name
            self.namespace = namespace
        }
    }

    /// How it is reached.
    package var connection: Connection
    /// The context of the kubeconfig that is used; nil for its current one.
    package var context: String?
    /// How what tenants want gets there.
    package var delivery: Delivery
    /// What applies the management repository; nil for what is found, Flux first.
    package var engine: Engine?
    /// What makes virtual clusters; nil for what is found, Flux first.
    package var virtualClusters: VirtualClusters?
    /// The namespace of the engine's own objects: `flux-system` or `argocd`.
    package var engineNamespace: String?
    /// The engine's source of the management repository; nil for `slipway-management`.
    package var sourceName: String?
    /// Through what virtual clusters with a host name are reached from outside; nil for an Ingress
    /// that passes TLS through.
    package var gateway: Gateway?
    /// Whether clusters go there that name no other.
    package var isDefault: Bool
    /// Whether no new clusters go there.
    package var isCordoned: Bool
    /// At most how many clusters of each kind; nil where there is no limit.
    package var capacity: [ClusterKind: Int]

    /// Puts together what is wanted.
    package init(
        connection: Connection,
        context: String? = nil,
        delivery: Delivery = .gitops,
        engine: Engine? = nil,
        virtualClusters: VirtualClusters? = nil,
        engineNamespace: String? = nil,
        sourceName: String? = nil,
        gateway: Gateway? = nil,
        isDefault: Bool = false,
        isCordoned: Bool = false,
        capacity: [ClusterKind: Int] = [:]
    ) {
        self.connection = connection
        self.context = context
        self.delivery = delivery
        self.engine = engine
        self.virtualClusters = virtualClusters
        self.engineNamespace = engineNamespace
        self.sourceName = sourceName
        self.gateway = gateway
        self.isDefault = isDefault
        self.isCordoned = isCordoned
        self.capacity = capacity
    }
}

/// What Slipway saw of a management cluster.
package struct ManagementClusterStatus: Sendable, Equatable {
    /// Where it stands, in one word.
    package enum Phase: String, Sendable, CaseIterable {
        case pending, ready, degraded, unreachable, deleting
    }

    /// Where it stands, in one word.
    package var phase: Phase
    /// What was seen, one aspect each.
    package var conditions: [Condition]
    /// The generation of the spec that the rest of the status speaks of; 0 before the first look.
    package var observedGeneration: Int64
    /// What is installed there.
    package var features: ManagementFeatures
    /// What is missing, in sentences that say what to do.
    package var findings: [String]
    /// When it was last looked at; nil before that.
    package var checkedAt: Instant?
    /// The newest job.
    package var job: JobID?

    /// Puts together what is known.
    package init(
        phase: Phase,
        conditions: [Condition] = [],
        observedGeneration: Int64 = 0,
        features: ManagementFeatures = ManagementFeatures(),
        findings: [String] = [],
        checkedAt: Instant? = nil,
        job: JobID? = nil
    ) {
        self.phase = phase
        self.conditions = conditions
        self.observedGeneration = observedGeneration
        self.features = features
        self.findings = findings
        self.checkedAt = checkedAt
        self.job = job
    }
}

/// What is installed in a management cluster.
package struct ManagementFeatures: Sendable, Hashable {
    /// The version of its API server, without a leading `v`; nil before the first look.
    package var kubernetesVersion: String?
    /// The version of Cluster API's core objects that is written, such as `v1beta2`.
    package var clusterAPI: String?
    /// The infrastructure providers by kind of cluster object, with the version that is served,
    /// such as `DevCluster` → `v1beta2`.
    package var infrastructure: [String: String]
    /// Whether Flux is there with sources, kustomizations and Helm releases.
    package var hasFlux: Bool
    /// Whether Argo CD is there.
    package var hasArgoCD: Bool
    /// Whether it is the sandbox.
    package var isSandbox: Bool
    /// The programs that clusters are made and delivered with, by name.
    package var components: [ManagementComponent]

    /// Nothing, until more is known.
    package init(
        kubernetesVersion: String? = nil,
        clusterAPI: String? = nil,
        infrastructure: [String: String] = [:],
        hasFlux: Bool = false,
        hasArgoCD: Bool = false,
        isSandbox: Bool = false,
        components: [ManagementComponent] = []
    ) {
        self.kubernetesVersion = kubernetesVersion
        self.clusterAPI = clusterAPI
        self.infrastructure = infrastructure
        self.hasFlux = hasFlux
        self.hasArgoCD = hasArgoCD
        self.isSandbox = isSandbox
        self.components = components
    }
}

extension ManagementClusterID {
    /// What the sealed kubeconfig of this management cluster is bound to, so that it opens nowhere
    /// else.
    package var kubeconfigContext: String { "management-cluster/\(self)/kubeconfig" }
}
