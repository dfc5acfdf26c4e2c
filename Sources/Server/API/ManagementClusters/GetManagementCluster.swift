import Domain
import Storage

/// One management cluster.
struct GetManagementCluster: Operation {
    static let endpoint = Endpoint.reading(
        "getManagementCluster",
        "/v1/management-clusters/{managementCluster}",
        .readManagementClusters
    )

    private let name: ManagementClusterName

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("managementCluster")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.managementClusters.find(name, as: call.access)
        guard let found else { throw Problem.notFound }
        return .resource(try ManagementClusterView.bytes(found), revision: found.revision)
    }
}
