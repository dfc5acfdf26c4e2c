import Contract
import Domain
import Secrets
import Storage

/// The kubeconfigs that were sent along with clusters, opened for who is going to use them.
struct SealedKubeconfigs: Sendable {
    let storage: Storage
    let sealer: Sealer

    /// What an adopted cluster was sent with.
    func kubeconfig(of cluster: Cluster) async throws(ProviderFault) -> SecretBytes {
        try await opened(cluster.id.kubeconfigContext, of: "cluster \(cluster.name)") {
            () async throws(StorageFault) in
            try await storage.clusters.kubeconfig(of: cluster.id, as: .system)
        }
    }

    /// What a management cluster was sent with.
    func kubeconfig(of management: ManagementCluster) async throws(ProviderFault) -> SecretBytes {
        let name = "management cluster \(management.name)"
        return try await opened(management.id.kubeconfigContext, of: name) {
            () async throws(StorageFault) in
            try await storage.managementClusters.kubeconfig(of: management.id, as: .system)
        }
    }

    private func opened(
        _ context: String,
        of name: String,
        _ read: () async throws(StorageFault) -> String?
    ) async throws(ProviderFault) -> SecretBytes {
        let sealed: String?
        do throws(StorageFault) { sealed = try await read() } catch { throw error.providerFault }
        guard let sealed else {
            throw .refused(reason: "no kubeconfig was sent for \(name); send one")
        }
        do throws(SealFault) {
            return try sealer.open(SealedSecret(parsing: sealed), context: context)
        } catch {
            throw .refused(
                reason: "the kubeconfig of \(name) cannot be opened with this installation's key; "
                    + "send it again"
            )
        }
    }
}
