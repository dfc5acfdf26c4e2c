import Domain
import HTTP
import Storage

/// A management cluster as the body says, whether it exists or not.
struct ReplaceManagementCluster: Operation {
    static let endpoint = Endpoint(
        "replaceManagementCluster",
        .put,
        "/v1/management-clusters/{managementCluster}",
        for: .permitted(.manageManagementClusters),
        body: .json,
        [.changes, .conditional, .waits, .plans]
    )

    private let name: ManagementClusterName
    private let wish: ManagementClusterWish
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        let name: ManagementClusterName = try inputs.name("managementCluster")
        self.name = name
        isDryRun = try inputs.isDryRun()
        let clusters = inputs.call.services.clusters
        wish = try inputs.read { reader in
            reader.sameName(as: name.text)
            return ManagementClusterWish(&reader, clusters)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let stored = try await call.services.storage.managementClusters.find(
                name,
                as: call.access
            )
            guard let stored else { return try await create(call) }
            return try await ManagementClusterChange(call: call, isDryRun: isDryRun)
                .perform(on: stored) { try $0.wanting(wish, call) }
        }
    }

    private func create(_ call: Invocation) async throws -> Answer {
        try call.checkConditions(revision: nil)
        do {
            return try await ManagementClusterCreation(name: name, wish: wish)
                .answer(call, isDryRun: isDryRun)
        } catch StorageFault.nameTaken where call.conditions.noneMatch == nil {
            // Somebody else was faster; now it is a change.
            throw StorageFault.stale(current: 1)
        } catch StorageFault.nameTaken {
            throw Problem(.preconditionFailed, "The management cluster exists.")
        }
    }
}
