import Domain
import Storage

/// One cluster class.
struct GetClusterClass: Operation {
    static let endpoint = Endpoint.reading(
        "getClusterClass",
        "/v1/cluster-classes/{class}",
        .readClusterClasses
    )

    private let name: ClusterClassName

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("class")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.clusterClasses.find(name, as: call.access)
        guard let found else { throw Problem.notFound }
        let bytes = try ClusterClassView.bytes(
            found.clusterClass(),
            usedBy: try await call.services.storage.clusters.names(of: found.id),
            for: call.access
        )
        return .resource(bytes, revision: found.revision)
    }
}
