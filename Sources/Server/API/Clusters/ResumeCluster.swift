import Domain
import HTTP
import Storage

/// Takes care of the machines of a cluster again.
struct ResumeCluster: Operation {
    static let endpoint = Endpoint(
        "resumeCluster",
        .post,
        "/v1/tenants/{tenant}/clusters/{cluster}:resume",
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
            try await cluster.wanting(call) { $0.paused = false }
        }
    }
}
