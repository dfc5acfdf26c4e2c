import Domain
import HTTP
import JSON
import Storage

/// The end of a management cluster's registration; the cluster itself stays as it is.
struct DeleteManagementCluster: Operation {
    static let endpoint = Endpoint(
        "deleteManagementCluster",
        .delete,
        "/v1/management-clusters/{managementCluster}",
        for: .permitted(.manageManagementClusters),
        [.changes, .conditional, .plans]
    )

    private let name: ManagementClusterName
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("managementCluster")
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let store = call.services.storage.managementClusters
            guard let stored = try await store.find(name, as: call.access) else {
                throw Problem.notFound
            }
            try call.checkConditions(revision: stored.revision)
            let management = try stored.management()
            let holds = try await call.services.storage.clusters.names(in: management.id)
            guard holds.isEmpty else {
                throw Problem.inUse("The management cluster holds clusters", holds)
            }
            let decision = management.deletion(on: call.occasion)
            return try await Deletion(call: call, isDryRun: isDryRun).perform(
                at: stored.revision,
                of: try management.wish()
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

extension Problem {
    /// Something is used by these, of which there may be more.
    static func inUse(
        _ what: String,
        _ names: [String],
        remedy: String = "Delete those first."
    ) -> Problem {
        let shown = names.prefix(ClusterStore.namesMax).joined(separator: ", ")
        let rest = names.count > ClusterStore.namesMax ? " and others" : ""
        return Problem(.inUse, "\(what): \(shown)\(rest). \(remedy)")
    }
}
