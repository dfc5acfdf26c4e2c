import JSON
package import Kubernetes

extension TenantAccess {
    static let bindingKind = GroupKind(group: group, kind: "RoleBinding")
    private static let clusterBindingKind = GroupKind(group: group, kind: "ClusterRoleBinding")

    /// Binds people in the namespaces that are open to them now, and nowhere else.
    ///
    /// Writes only what is not so already: it runs whenever somebody is given a kubeconfig.
    package func refresh(through client: KubernetesClient) async throws(KubernetesFault) {
        let namespaces = try await client.list(
            GroupKind(kind: "Namespace"),
            projection: .metadata
        ).items
        let clusterBindings = try await client.list(Self.clusterBindingKind).items
        let bindings = try await client.list(Self.bindingKind).items
        // They were bound in the whole cluster once.
        for old in clusterBindings where Self.isOutdated(old) {
            _ = try await client.delete(old.key, uid: old.uid)
        }
        let open = OpenNamespaces(
            of: namespaces,
            clusterBindings: clusterBindings,
            bindings: bindings
        ).names
        for binding in bindings where Self.isStale(binding, besides: open) {
            _ = try await client.delete(binding.key, uid: binding.uid)
        }
        let known = Dictionary(uniqueKeysWithValues: bindings.map { ($0.key, $0) })
        for namespace in open {
            for wish in self.bindings(in: namespace) {
                guard let wish = wish.object else { continue }
                try await bind(wish, known, through: client)
            }
        }
    }

    private func bind(
        _ wish: JSONObject,
        _ known: [ObjectKey: KubernetesObject],
        through client: KubernetesClient
    ) async throws(KubernetesFault) {
        let key = try KubernetesObject(wish).key
        if let there = known[key] {
            guard !Self.isSame(there.json, wish) else { return }
            if there.json["roleRef"] != wish["roleRef"] {
                // What it refers to never changes.
                _ = try await client.delete(key, uid: there.uid)
            }
        }
        do throws(KubernetesFault) {
            _ = try await client.apply(wish, force: true)
        } catch {
            switch error {
            case .notFound, .terminating: break  // The namespace went meanwhile.
            default: throw error
            }
        }
    }

    private static func isSame(_ there: JSONObject, _ wish: JSONObject) -> Bool {
        there["roleRef"] == wish["roleRef"] && there["subjects"] == wish["subjects"]
            && there["metadata"]?["labels"]?[label] == wish["metadata"]?["labels"]?[label]
    }

    private static func isOutdated(_ binding: KubernetesObject) -> Bool {
        local.contains { account(of: $0) == binding.name }
            && binding.labels["app.kubernetes.io/managed-by"] == "slipway"
    }

    private static func isStale(_ binding: KubernetesObject, besides open: [String]) -> Bool {
        guard binding.labels[label] != nil, let namespace = binding.namespace else { return false }
        return !open.contains(namespace) || !local.contains { account(of: $0) == binding.name }
    }
}
