import Domain
import HTTP
import Storage

/// The end of a cluster and of everything that was made for it.
struct DeleteCluster: Operation {
    static let endpoint = Endpoint(
        "deleteCluster",
        .delete,
        "/v1/tenants/{tenant}/clusters/{cluster}",
        for: .permitted(.deleteCluster),
        [.changes, .conditional, .waits, .plans]
    )

    private let target: ClusterTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try ClusterTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let change = ClusterChange(
            call: call,
            permission: .deleteCluster,
            isDryRun: target.isDryRun
        )
        return try await change.perform(
            on: target.name,
            of: target.tenant,
            effect: .deleted
        ) { cluster in
            // One that goes already is answered with its job, whatever it still holds.
            guard let decision = try cluster.deletion(on: call.occasion) else { return nil }
            let holds = try await call.services.storage.environments.names(
                in: cluster.name,
                of: cluster.tenant
            )
            guard holds.isEmpty else {
                throw Problem.inUse("The cluster holds environments", holds)
            }
            let services = try await call.services.storage.services.names(
                in: cluster.name,
                of: cluster.tenant
            )
            guard services.isEmpty else {
                throw Problem.inUse("The cluster holds services", services)
            }
            return (decision, .keep)
        }
    }
}
