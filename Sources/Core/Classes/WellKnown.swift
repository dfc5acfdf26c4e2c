/// The variables by which published templates ask for what Slipway knows.
enum WellKnown {
    static let name = "CLUSTER_NAME"
    static let namespace = "NAMESPACE"
    static let controlPlaneReplicas = "CONTROL_PLANE_MACHINE_COUNT"
    static let nodeCount = "WORKER_MACHINE_COUNT"

    /// Each takes the version with a leading `v`.
    static let versions = ["KUBERNETES_VERSION", "RKE2_VERSION"]

    /// The first that a template uses takes the region.
    static let regions = [
        "AWS_REGION", "AZURE_LOCATION", "GCP_REGION", "OCI_REGION", "DO_REGION", "HCLOUD_REGION",
        "IBMVPC_REGION", "LINODE_REGION", "OPENSTACK_REGION", "METRO", "REGION",
    ]

    /// Variables of a ClusterClass that choose the machines of a pool.
    static let classSizes = [
        "workerMachineType", "workerInstanceType", "nodeMachineType", "workerMachineFlavor",
        "workerFlavor", "workerMachineSize", "workerNodeType", "machineType", "instanceType",
        "vmSize", "flavor",
    ]

    /// The annotations by which the cluster autoscaler knows a group's bounds.
    static let leastNodes = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size"
    static let mostNodes = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size"
    /// Tells a provider that somebody else decides how many machines a MachinePool has.
    static let replicasManagedBy = "cluster.x-k8s.io/replicas-managed-by"

    static let clusterName = "cluster.x-k8s.io/cluster-name"
    static let deploymentName = "cluster.x-k8s.io/deployment-name"
    static let poolName = "cluster.x-k8s.io/pool-name"
    static let controlPlane = "cluster.x-k8s.io/control-plane"
    static let deferUpgrade = "topology.cluster.x-k8s.io/defer-upgrade"

    static let managedBy = "app.kubernetes.io/managed-by"
    static let tenant = "slipway.dev/tenant"
    static let cluster = "slipway.dev/cluster"
    static let clusterID = "slipway.dev/cluster-id"
}
