import Domain
import HTTP
import JSON
import Storage

/// Parts of a cluster, by JSON merge patch.
struct UpdateCluster: Operation {
    static let endpoint = Endpoint(
        "updateCluster",
        .patch,
        "/v1/tenants/{tenant}/clusters/{cluster}",
        for: .permitted(.updateCluster),
        body: .mergePatch,
        [.changes, .conditional, .waits, .plans]
    )

    private let tenant: TenantName
    private let name: ClusterName
    private let patch: Patch
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("cluster")
        patch = Patch(inputs.body)
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let change = ClusterChange(call: call, permission: .updateCluster, isDryRun: isDryRun)
        return try await change.perform(on: name, of: tenant) { cluster in
            let document = patch.applied(to: try cluster.wish(), open: ["labels"])
            let wish = try Inputs(call: call, body: document, bytes: [])
                .read(takingNull: true) { ClusterInput(&$0, call.services.clusters) }
            return try await cluster.wanting(wish, call)
        }
    }
}
