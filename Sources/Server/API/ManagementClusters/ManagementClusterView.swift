import Domain
import JSON
import Storage

/// How the API shows a management cluster, whether it comes from a row or from a decision.
enum ManagementClusterView {
    static func bytes(_ management: ManagementCluster, used: [ClusterKind: Int]) -> [UInt8] {
        var writer = JSONWriter(reserving: 2_048)
        write(&writer, management, used)
        return writer.finish()
    }

    static func bytes(_ stored: StoredManagementCluster) throws(StorageFault) -> [UInt8] {
        bytes(try stored.management(), used: try stored.used())
    }

    static func write(
        _ writer: inout JSONWriter,
        _ management: ManagementCluster,
        _ used: [ClusterKind: Int]
    ) {
        writer.resource(
            id: management.id.bytes,
            name: management.name.text,
            generation: management.generation,
            createdAt: management.createdAt,
            updatedAt: management.updatedAt,
            labels: management.labels.write,
            spec: management.spec.write,
            status: { writer in
                writer.object { writer in
                    management.status.writeMembers(to: &writer)
                    writer.key("capacity")
                    capacity(&writer, management.spec, used)
                }
            }
        )
    }

    /// What is used of each kind, and what is left where there is a limit.
    private static func capacity(
        _ writer: inout JSONWriter,
        _ spec: ManagementClusterSpec,
        _ used: [ClusterKind: Int]
    ) {
        writer.object { writer in
            for kind in ClusterKind.allCases {
                let count = used[kind] ?? 0
                writer.key(named: kind.rawValue)
                writer.object { writer in
                    writer.member("used", count)
                    writer.key("left")
                    if let most = spec.capacity[kind] {
                        writer.int(max(0, most - count))
                    } else {
                        writer.null()
                    }
                }
            }
        }
    }

    /// The management cluster as it is now; nil where it is gone.
    static func current(_ id: ManagementClusterID, _ call: Invocation) async throws -> Answer? {
        let found = try await call.services.storage.managementClusters.find(id, as: call.access)
        guard let found else { return nil }
        return .resource(try bytes(found), revision: found.revision)
    }
}
