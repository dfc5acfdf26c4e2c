package import Contract
package import Domain

/// What those who watch the fleet must know and keep, without knowing where it is kept.
package protocol FleetRecords: Sendable {
    /// Every management cluster.
    func managementClusters() async throws(ProviderFault) -> [ManagementCluster]

    /// The management cluster as it is wanted now; nil where it is gone.
    func managementCluster(
        _ id: ManagementClusterID
    ) async throws(ProviderFault) -> ManagementCluster?

    /// Takes or renews the right to watch a management cluster for a while; false where another
    /// process holds it.
    func lease(
        _ management: ManagementClusterID,
        to holder: String,
        for duration: Duration
    ) async throws(ProviderFault) -> Bool

    /// Gives that right back, if it is held.
    func release(
        _ management: ManagementClusterID,
        from holder: String
    ) async throws(ProviderFault)

    /// The clusters in a management cluster, those being deleted included.
    func clusters(
        in management: ManagementCluster
    ) async throws(ProviderFault) -> [FleetMember]

    /// Everything that a driver goes by; nil where the cluster is gone.
    func wish(of cluster: ClusterID) async throws(ProviderFault) -> ClusterWish?

    /// Keeps what was seen of a cluster; what is the same as before changes nothing.
    func record(
        _ observation: ClusterObservation,
        of cluster: ClusterID
    )
        async throws(ProviderFault)

    /// Keeps that nobody can look at any cluster of a management cluster now, and why; those of
    /// which that is known stay as they are.
    func lose(
        clustersIn management: ManagementCluster,
        because reason: String
    ) async throws(ProviderFault)

    /// Keeps what was seen of a management cluster.
    func record(
        _ report: ManagementReport,
        of management: ManagementCluster
    ) async throws(ProviderFault)
}

/// A cluster as those who watch the fleet need to know it: enough to tell whose an object is.
package struct FleetMember: Sendable, Hashable {
    /// The cluster.
    package let id: ClusterID
    /// What it is called on the management cluster.
    package let slug: ClusterSlug
    /// What is underneath.
    package let kind: ClusterKind
    /// Changes with every change of what is wanted or known.
    package let revision: Int64

    /// That cluster.
    package init(id: ClusterID, slug: ClusterSlug, kind: ClusterKind, revision: Int64) {
        self.id = id
        self.slug = slug
        self.kind = kind
        self.revision = revision
    }
}
