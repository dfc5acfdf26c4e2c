import Domain
import HTTP
import Storage

/// Leaves the machines of a cluster as they are for now.
struct PauseCluster: Operation {
    static let endpoint = Endpoint(
        "pauseCluster",
        .post,
        "/v1/tenants/{tenant}/clusters/{cluster}:pause",
        for: .permitted(.updateCluster),
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
        let change = ClusterChange(call: call, permission: .updateCluster, isDryRun: isDryRun)
        return try await change.perform(on: name, of: tenant) { cluster in
            try await cluster.wanting(call) { $0.paused = true }
        }
    }
}
