import Domain
import Secrets
import Storage

/// Gives a fresh installation a management cluster that needs nothing: the sandbox.
struct SandboxSeed {
    private let services: Services

    init(_ services: Services) {
        self.services = services
    }

    /// Registers the sandbox's management cluster; an installation that has a
    /// management cluster or tenants stays as it is, and so does one where another process was
    /// faster.
    func plant() async throws {
        let storage = services.storage
        let known = try await storage.managementClusters.all()
        let tenants = try await storage.tenants.list(TenantQuery(ListQuery(limit: 1)), as: .system)
        guard known.isEmpty, tenants.items.isEmpty else { return }
        let now = Moment.now()
        var random = SecureRandom()
        let decision = ManagementCluster.creation(
            id: ManagementClusterID(at: now, using: &random),
            name: try ManagementClusterName(parsing: "sandbox"),
            labels: Labels(),
            spec: ManagementClusterSpec(
                connection: .sandbox,
                delivery: .gitops,
                engine: .flux,
                isDefault: true
            ),
            on: Occasion(at: now, using: &random)
        )
        do {
            _ = try await storage.managementClusters.create(
                decision,
                kubeconfig: .remove,
                for: .system("seed", requestID: "start", at: now)
            )
        } catch StorageFault.nameTaken {
            return  // Another process of this installation was faster.
        } catch StorageFault.defaultTaken {
            return  // The same, a moment later.
        }
    }
}
