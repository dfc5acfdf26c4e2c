package import Contract
package import Domain
import JSON

/// Puts together everything that a driver goes by.
package struct WishMaker: Sendable {
    private let records: any ClusterRecords

    /// Wishes out of those records.
    package init(records: any ClusterRecords) {
        self.records = records
    }

    /// The wish as it stands now; nil where the cluster or its tenant is gone.
    package func wish(of id: ClusterID) async throws(ProviderFault) -> ClusterWish? {
        guard let cluster = try await records.cluster(id),
            let tenant = try await records.tenant(cluster.tenant)
        else { return nil }
        return try await wish(
            for: cluster,
            of: tenant,
            in: try await records.place(cluster.spec.managementCluster),
            platformURL: records.platformURL(of: tenant)
        )
    }

    /// The wish of a cluster in a management cluster; of that class where it is given.
    func wish(
        for cluster: Cluster,
        of tenant: Tenant,
        in management: ManagementCluster,
        platformURL: String?,
        workersVersion: String? = nil,
        from made: ClusterClass? = nil
    ) async throws(ProviderFault) -> ClusterWish {
        var wish = ClusterWish(
            cluster: cluster,
            features: management.status.features,
            management: management.spec,
            workersVersion: workersVersion
        )
        if cluster.spec.platform, let platformURL {
            wish.platform = PlatformSource(
                url: platformURL,
                branch: tenant.repository?.branch ?? "main",
                path: PlatformSource.folder(of: tenant.name, for: cluster.spec.kind),
                isSuspended: tenant.spec.suspended
            )
        }
        guard let name = cluster.spec.className else { return wish }
        var found = made
        if found == nil { found = try await records.clusterClass(name) }
        guard let found else {
            throw .refused(reason: "there is no cluster class \(name) any more; bring it back")
        }
        do throws(JSONFault) { wish.definition = try JSON.parse(found.definition) } catch {
            throw .refused(reason: "the definition of cluster class \(name) cannot be read")
        }
        wish.template = found.template
        return wish
    }
}
