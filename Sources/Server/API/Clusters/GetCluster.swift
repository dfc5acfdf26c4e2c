import Domain
import Storage

/// One cluster of a tenant.
struct GetCluster: Operation {
    static let endpoint = Endpoint.reading(
        "getCluster",
        "/v1/tenants/{tenant}/clusters/{cluster}",
        .readClusters
    )

    private let tenant: TenantName
    private let name: ClusterName

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("cluster")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.clusters.find(
            name,
            of: tenant,
            as: call.access
        )
        guard let found else { throw Problem.notFound }
        return .resource(ClusterView.bytes(found, for: call.access), revision: found.revision)
    }
}
