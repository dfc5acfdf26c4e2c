import Domain
import JSON
import Kubernetes

extension TenantAccess {
    /// Removes what `apply` made, each object as long as it says that it is Slipway's: first what
    /// binds people in namespaces.
    func remove(through client: KubernetesClient) async throws(KubernetesFault) {
        for binding in try await client.list(Self.bindingKind, labels: Self.label).items {
            _ = try await client.delete(binding.key, uid: binding.uid)
        }
        for json in objects.reversed() {
            guard let object = json.object else { continue }
            let key = try KubernetesObject(object).key
            guard let found = try await client.get(key, projection: .metadata),
                found.labels["app.kubernetes.io/managed-by"] == "slipway"
            else { continue }
            if key.kind.kind == "Namespace", try await Self.hasOthers(through: client) { continue }
            _ = try await client.delete(key, uid: found.uid)
        }
    }

    /// Whether somebody else acts from the namespace: in a management cluster, Slipway itself.
    private static func hasOthers(
        through client: KubernetesClient
    ) async throws(KubernetesFault) -> Bool {
        let own = ClusterRole.allCases.map(account) + ["default"]
        let accounts = try await client.list(
            GroupKind(kind: "ServiceAccount"),
            namespace: namespace,
            projection: .metadata
        )
        return accounts.items.contains { !own.contains($0.name) }
    }
}
