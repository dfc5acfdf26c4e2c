package import Contract
package import Domain
import JSON

/// Puts together what drivers go by from what is kept.
package struct ClusterWishes: Sendable {
    /// The branch of platform repositories that clusters follow.
    private static let branch = "main"

    private let records: any ClusterRecords

    /// Wishes out of those records.
    package init(records: any ClusterRecords) {
        self.records = records
    }

    /// The wish for a cluster as everything stands now.
    ///
    /// - Throws: `.refused` where the class is gone.
    package func wish(
        for cluster: Cluster,
        of tenant: Tenant,
        in management: ManagementCluster
    ) async throws(ProviderFault) -> ClusterWish {
        var wish = ClusterWish(
            cluster: cluster,
            features: management.status.features,
            management: management.spec
        )
        if let name = cluster.spec.className {
            guard let found = try await records.clusterClass(name) else {
                throw .refused(reason: "the cluster class \(name) is gone; bring it back")
            }
            wish.definition = try definition(of: found)
            wish.template = found.template
        }
        if cluster.spec.platform {
            wish.platform = PlatformSource(
                url: records.platformURL(of: tenant.name),
                branch: Self.branch,
                path: "./clusters/\(tenant.name)",
                isSuspended: tenant.spec.suspended
            )
        }
        return wish
    }

    private func definition(of found: ClusterClass) throws(ProviderFault) -> JSON {
        do throws(JSONFault) { return try JSON.parse(found.definition) } catch {
            throw .refused(reason: "the definition of class \(found.name) cannot be read")
        }
    }
}
