import Domain
import JSON

extension SandboxKind {
    private static let group = "cluster.x-k8s.io"
    static let capiCluster = SandboxKind(group, "Cluster")
    static let clusterClass = SandboxKind(group, "ClusterClass")
    static let machine = SandboxKind(group, "Machine")
    static let machineDeployment = SandboxKind(group, "MachineDeployment")
    static let machinePool = SandboxKind(group, "MachinePool")
    static let machineHealthCheck = SandboxKind(group, "MachineHealthCheck")
    static let virtualCluster = SandboxKind("infrastructure.cluster.x-k8s.io", "VCluster")

    /// The control planes and clusters of the usual providers.
    ///
    /// Their changes concern the Cluster that refers to them; others are played too, but looked
    /// at now and then only.
    static let ofProviders =
        [
            "KubeadmControlPlane", "AWSManagedControlPlane", "GCPManagedControlPlane",
            "AzureASOManagedControlPlane", "KThreesControlPlane", "RKE2ControlPlane",
        ].map { SandboxKind("controlplane.cluster.x-k8s.io", $0) }
        + [
            "DevCluster", "DockerCluster", "AWSCluster", "AWSManagedCluster", "GCPCluster",
            "GCPManagedCluster", "AzureCluster", "AzureASOManagedCluster",
            "AzureASOManagedControlPlane", "GCPManagedControlPlane", "OpenStackCluster",
            "VSphereCluster", "VCluster",
        ].map { SandboxKind("infrastructure.cluster.x-k8s.io", $0) }

    /// Control planes on machines that Cluster API makes.
    static let ofMachines: Set = ["KubeadmControlPlane", "KThreesControlPlane", "RKE2ControlPlane"]

    /// What keeps an object of a Cluster until it had its time.
    var clusterFinalizer: String {
        switch self {
        case .virtualCluster: "vcluster.infrastructure.cluster.x-k8s.io/finalizer"
        case .capiCluster, .machine, .machineDeployment, .machinePool:
            "\(name.lowercased()).cluster.x-k8s.io"
        default: "\(name.lowercased()).\(group)"
        }
    }
}

/// Labels and annotations of Cluster API.
enum ClusterMark {
    static let cluster = "cluster.x-k8s.io/cluster-name"
    static let controlPlane = "cluster.x-k8s.io/control-plane"
    static let deployment = "cluster.x-k8s.io/deployment-name"
    static let paused = "cluster.x-k8s.io/paused"
    static let topologyOwned = "topology.cluster.x-k8s.io/owned"
    static let topologyDeployment = "topology.cluster.x-k8s.io/deployment-name"
    /// What a machine was made from; another value means that it is outdated.
    static let template = "sandbox.slipway.dev/template"
}

extension SandboxObject {
    /// Whether its controllers leave it alone.
    var isPaused: Bool {
        spec["paused"]?.bool == true || annotations[ClusterMark.paused] != nil
    }

    /// What a reference of this object means; `apiVersion` is the older way to say the group.
    func target(of reference: JSON?) -> SandboxKey? {
        guard let kind = reference?["kind"]?.string, let name = reference?["name"]?.string else {
            return nil
        }
        let parts = reference?["apiVersion"]?.string?.split(separator: "/") ?? []
        let group = reference?["apiGroup"]?.string ?? (parts.count > 1 ? String(parts[0]) : "")
        return SandboxKey(SandboxKind(group, kind), namespace, name)
    }

    /// Whether a machine is a node by now.
    var isRunningMachine: Bool { status["phase"]?.string == "Running" && !isDeleting }
    /// Whether a machine is one of the control plane.
    var isMaster: Bool { labels[ClusterMark.controlPlane] != nil }
    /// The Kubernetes version of a machine or control plane.
    var version: String? { spec["version"]?.string }
}

/// A Cluster with everything that belongs to it.
struct ClusterFamily {
    var cluster: SandboxObject
    var infrastructure: SandboxObject?
    var controlPlane: SandboxObject?
    var deployments: [SandboxObject] = []
    var pools: [SandboxObject] = []
    var machines: [SandboxObject] = []
    var checks: [SandboxObject] = []

    /// What there is.
    init(of cluster: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        self.cluster = cluster
        if let key = infrastructureKey { infrastructure = try await scene.cluster.get(key) }
        if let key = controlPlaneKey { controlPlane = try await scene.cluster.get(key) }
        deployments = try await members(.machineDeployment, scene)
        pools = try await members(.machinePool, scene)
        machines = try await members(.machine, scene)
        checks = try await members(.machineHealthCheck, scene)
    }

    private func members(
        _ kind: SandboxKind,
        _ scene: Scene
    ) async throws(SandboxStatus) -> [SandboxObject] {
        try await scene.cluster.list(kind, namespace: cluster.namespace)
            .filter { $0.spec["clusterName"]?.string == cluster.name }
    }

    var infrastructureKey: SandboxKey? { cluster.target(of: cluster.spec["infrastructureRef"]) }
    var controlPlaneKey: SandboxKey? { cluster.target(of: cluster.spec["controlPlaneRef"]) }

    /// The machines of the control plane, and all others.
    var masters: [SandboxObject] { machines.filter(\.isMaster) }
    var workers: [SandboxObject] { machines.filter { !$0.isMaster } }

    /// The machines of a MachineDeployment.
    func machines(of deployment: SandboxObject) -> [SandboxObject] {
        machines.filter { $0.labels[ClusterMark.deployment] == deployment.name }
    }

    /// Whether the surroundings are there.
    var isInfrastructureReady: Bool {
        guard let status = infrastructure?.status else { return infrastructureKey == nil }
        return status["initialization"]?["provisioned"] == true || status["ready"] == true
    }

    /// Whether the API server has been up once.
    var isInitialized: Bool {
        guard let controlPlane else { return false }
        let status = controlPlane.status
        return status["initialization"]?["controlPlaneInitialized"] == true
            || status["initialized"] == true
            || controlPlane.kind == .virtualCluster && status["ready"] == true
    }

    /// Whether the control plane runs on machines that Cluster API makes.
    var hasMasters: Bool {
        guard let controlPlane else { return false }
        return controlPlane.spec["machineTemplate"] != nil
            || SandboxKind.ofMachines.contains(controlPlane.kind.name)
    }

    /// When a condition of the Cluster came to be as it is.
    func moment(of condition: String) -> Instant {
        cluster.condition(condition)?.moment("lastTransitionTime") ?? .init(microseconds: 0)
    }

    /// The cluster's description where it is by its topology alone.
    var topology: JSON? { cluster.spec["topology"] }
}
