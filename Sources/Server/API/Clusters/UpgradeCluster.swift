import Domain
import HTTP
import Storage

/// Another Kubernetes version for a cluster, one minor at a time.
struct UpgradeCluster: Operation {
    static let endpoint = Endpoint(
        "upgradeCluster",
        .post,
        "/v1/tenants/{tenant}/clusters/{cluster}:upgrade",
        for: .permitted(.updateCluster),
        body: .json,
        [.changes, .conditional, .waits, .plans]
    )

    private let tenant: TenantName
    private let name: ClusterName
    private let version: String
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("cluster")
        isDryRun = try inputs.isDryRun()
        version = try inputs.read { reader in
            reader.required("version", Reading.kubernetesVersion)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let change = ClusterChange(call: call, permission: .updateCluster, isDryRun: isDryRun)
        return try await change.perform(on: name, of: tenant) { cluster in
            try await cluster.wanting(call) { $0.kubernetesVersion = version }
        }
    }
}
