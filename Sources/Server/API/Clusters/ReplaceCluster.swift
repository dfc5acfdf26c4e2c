import Domain
import HTTP
import Storage

/// A cluster as the body says, whether it exists or not.
struct ReplaceCluster: Operation {
    static let endpoint = Endpoint(
        "replaceCluster",
        .put,
        "/v1/tenants/{tenant}/clusters/{cluster}",
        for: .permitted(.updateCluster),
        body: .json,
        [.changes, .conditional, .waits, .plans]
    )

    private let tenant: TenantName
    private let name: ClusterName
    private let wish: ClusterInput
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        let name: ClusterName = try inputs.name("cluster")
        self.name = name
        isDryRun = try inputs.isDryRun()
        let clusters = inputs.call.services.clusters
        wish = try inputs.read { reader in
            reader.sameName(as: name.text)
            return ClusterInput(&reader, clusters)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let stored = try await call.services.storage.clusters.find(
                name,
                of: tenant,
                as: call.access
            )
            guard let stored else { return try await create(call) }
            let change = ClusterChange(
                call: call,
                permission: .updateCluster,
                isDryRun: isDryRun
            )
            return try await change.perform(on: stored, effect: .changed) { cluster in
                try await cluster.wanting(wish, call)
            }
        }
    }

    private func create(_ call: Invocation) async throws -> Answer {
        guard call.access.allows(.createCluster) else { throw Problem.notFound }
        try call.checkConditions(revision: nil)
        do {
            return try await ClusterCreation(tenant: tenant, name: name, wish: wish)
                .answer(call, isDryRun: isDryRun)
        } catch StorageFault.nameTaken where call.conditions.noneMatch == nil {
            // Somebody else was faster; now it is a change.
            throw StorageFault.stale(current: 1)
        } catch StorageFault.nameTaken {
            throw Problem(.preconditionFailed, "The cluster exists.")
        }
    }
}
