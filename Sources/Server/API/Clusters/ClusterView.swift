import Domain
import JSON
import Storage

/// How the API shows a cluster, whether it comes from a row or from a decision.
enum ClusterView {
    static func bytes(_ cluster: StoredCluster, for access: Access) -> [UInt8] {
        var writer = JSONWriter(reserving: 2_048)
        write(&writer, cluster, for: access)
        return writer.finish()
    }

    static func bytes(_ cluster: Cluster, for access: Access) -> [UInt8] {
        var writer = JSONWriter(reserving: 2_048)
        writer.resource(
            id: cluster.id.bytes,
            name: cluster.name.text,
            generation: cluster.generation,
            createdAt: cluster.createdAt,
            updatedAt: cluster.updatedAt,
            labels: cluster.labels.write,
            spec: cluster.spec.write,
            status: cluster.status.write,
            more: { place(&$0, cluster.tenantName.text, cluster.slug, access) }
        )
        return writer.finish()
    }

    /// The stored documents go out as they are.
    static func write(
        _ writer: inout JSONWriter,
        _ cluster: StoredCluster,
        for access: Access
    ) {
        writer.resource(
            id: cluster.id.bytes,
            name: cluster.name,
            generation: cluster.generation,
            createdAt: cluster.createdAt,
            updatedAt: cluster.updatedAt,
            labels: { $0.raw(cluster.labels) },
            spec: { $0.raw(cluster.spec) },
            status: { $0.raw(cluster.status) },
            more: { place(&$0, cluster.tenantName, ClusterSlug(stored: cluster.slug), access) }
        )
    }

    /// Whose it is, and for the platform's people where to find it.
    private static func place(
        _ writer: inout JSONWriter,
        _ tenant: String,
        _ slug: ClusterSlug,
        _ access: Access
    ) {
        writer.member("tenant", tenant)
        guard access.scope(for: .readManagementClusters) == .everything else { return }
        writer.key("placement")
        writer.object { writer in
            writer.member("slug", slug.description)
            writer.member("namespace", slug.namespace)
        }
    }

    /// The cluster as it is now; nil where it is gone.
    static func current(_ id: ClusterID, _ call: Invocation) async throws -> Answer? {
        let found = try await call.services.storage.clusters.find(id, as: call.access)
        return found.map { .resource(bytes($0, for: call.access), revision: $0.revision) }
    }
}

extension Cluster {
    /// `{labels, spec}` as JSON.
    func wish() throws(Problem) -> JSON {
        try .wish(labels: labels, spec: spec.write)
    }
}
