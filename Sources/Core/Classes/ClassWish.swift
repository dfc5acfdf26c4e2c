package import Domain

/// What is asked of a class, everything decided: one cluster, in Slipway's words.
package struct ClassWish: Sendable, Equatable {
    /// What the cluster is called on its management cluster.
    package var slug: ClusterSlug
    /// The tenant's name.
    package var tenant: String
    /// The cluster's name.
    package var cluster: String
    /// The cluster's identity, for the annotation of the root object.
    package var clusterID: String
    /// The version of the control plane without a leading `v`; nil for the class's newest.
    package var kubernetesVersion: String?
    /// The version of the nodes; nil for that of the control plane.
    package var workersVersion: String?
    /// Where the cluster is, in the class's words; nil for the template's own.
    package var region: String?
    /// Machines of the control plane; nil for the template's own number.
    package var controlPlaneReplicas: Int?
    /// The groups of nodes; nil for those of the template.
    package var nodePools: [NodePool]?
    /// Whether the controllers leave the cluster as it is for now.
    package var isPaused: Bool

    /// Puts together what is wanted.
    package init(
        slug: ClusterSlug,
        tenant: String,
        cluster: String,
        clusterID: String,
        kubernetesVersion: String? = nil,
        workersVersion: String? = nil,
        region: String? = nil,
        controlPlaneReplicas: Int? = nil,
        nodePools: [NodePool]? = nil,
        isPaused: Bool = false
    ) {
        self.slug = slug
        self.tenant = tenant
        self.cluster = cluster
        self.clusterID = clusterID
        self.kubernetesVersion = kubernetesVersion
        self.workersVersion = workersVersion
        self.region = region
        self.controlPlaneReplicas = controlPlaneReplicas
        self.nodePools = nodePools
        self.isPaused = isPaused
    }

    /// The wish of a stored cluster: its `spec` has every default filled in.
    package init(_ cluster: Cluster, workersVersion: String? = nil) {
        self.init(
            slug: cluster.slug,
            tenant: cluster.tenantName.text,
            cluster: cluster.name.text,
            clusterID: cluster.id.description,
            kubernetesVersion: cluster.spec.kubernetesVersion,
            workersVersion: workersVersion,
            region: cluster.spec.region,
            controlPlaneReplicas: cluster.spec.controlPlaneReplicas,
            nodePools: cluster.spec.nodePools,
            isPaused: cluster.spec.paused
        )
    }
}
