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

    private let tenant: TenantName
    private let name: ClusterName
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("cluster")
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let change = ClusterChange(call: call, permission: .deleteCluster, isDryRun: isDryRun)
        return try await change.perform(on: name, of: tenant, effect: .deleted) { cluster in
            try cluster.deletion(on: call.occasion).map { ($0, .keep) }
        }
    }
}
