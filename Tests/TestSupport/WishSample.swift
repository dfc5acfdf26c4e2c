package import Domain

/// Wishes for clusters, for the tests of those who meet them.
package enum WishSample {
    /// When everything in a sample was made.
    package static let moment = Instant(microseconds: 1_790_000_000_000_000)

    /// A wish for a cluster of that kind, in a management cluster that has everything.
    ///
    /// - Throws: where a name is none.
    package static func wish(
        _ kind: ClusterKind,
        tenant: String = "acme",
        name: String = "main",
        change: (inout ClusterWish) -> Void = { _ in }
    ) throws -> ClusterWish {
        let tenantName = try TenantName(parsing: tenant)
        let clusterName = try ClusterName(parsing: name)
        var random = SeededGenerator(seed: 7)
        let cluster = Cluster(
            id: ClusterID(at: moment, using: &random),
            tenant: TenantID(at: moment, using: &random),
            tenantName: tenantName,
            name: clusterName,
            slug: ClusterSlug(tenant: tenantName, cluster: clusterName),
            labels: Labels(),
            spec: ClusterSpec(
                kind: kind,
                managementCluster: try ManagementClusterName(parsing: "local")
            ),
            status: ClusterStatus(phase: .pending),
            generation: 1,
            revision: 1,
            createdAt: moment,
            updatedAt: moment
        )
        var wish = ClusterWish(
            cluster: cluster,
            features: ManagementFeatures(
                kubernetesVersion: "1.36.2",
                clusterAPI: "v1beta2",
                infrastructure: ["DevCluster": "v1beta2", "VCluster": "v1alpha1"],
                hasFlux: true,
                hasArgoCD: true
            ),
            management: ManagementClusterSpec(connection: .kubeconfig),
            platform: PlatformSource(
                url: "https://git.example.com/\(tenant)/platform.git",
                branch: "main",
                path: "./clusters/\(tenant)",
                isSuspended: false
            )
        )
        change(&wish)
        return wish
    }
}
