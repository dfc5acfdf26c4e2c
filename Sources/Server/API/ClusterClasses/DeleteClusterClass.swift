import Domain
import HTTP
import JSON
import Storage

/// The end of a cluster class that no cluster is made from.
struct DeleteClusterClass: Operation {
    static let endpoint = Endpoint(
        "deleteClusterClass",
        .delete,
        "/v1/cluster-classes/{class}",
        for: .permitted(.manageClusterClasses),
        [.changes, .conditional, .plans]
    )

    private let name: ClusterClassName
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("class")
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let store = call.services.storage.clusterClasses
            guard let stored = try await store.find(name, as: call.access) else {
                throw Problem.notFound
            }
            try call.checkConditions(revision: stored.revision)
            let current = try stored.clusterClass()
            let uses = try await call.services.storage.clusters.names(of: current.id)
            guard uses.isEmpty else {
                throw Problem.inUse("Clusters are made from the class", uses)
            }
            let decision = current.deletion(on: call.occasion)
            return try await Deletion(call: call, isDryRun: isDryRun).perform(
                at: stored.revision,
                of: try current.wish()
            ) { circumstances throws(StorageFault) in
                try await store.remove(
                    decision,
                    replacing: stored.revision,
                    for: circumstances
                )
            }
        }
    }
}
