import Contract
import Domain
import Drivers
import JSON
import Kubernetes
import Secrets

extension ManagementClusters {
    /// What can be seen of an adopted cluster through its own API.
    func look(at cluster: Cluster, in management: ManagementCluster) async -> AdoptedLook {
        var look = AdoptedLook()
        do throws(ProviderFault) {
            let secret = SecretKey.kubeconfig(of: cluster)
            let reached = try await reach(cluster, in: management, by: secret)
            look.endpoint = try await asking(reached.way.endpoint)
            let found = try await asking { () async throws(KubernetesFault) in
                let version = try await reached.client.version()
                let isReady = try await reached.client.isReady()
                return (version, isReady, try await Self.nodes(through: reached.client))
            }
            look.isReachable = true
            look.isReady = found.1
            look.controlPlaneVersion = String(found.0.drop { $0 == "v" })
            if let nodes = found.2 { look.take(nodes: nodes) }
            if !found.1 { look.fault = "The API server says that it is not ready." }
        } catch {
            look.fault = error.words
        }
        return look
    }

    /// The nodes; nil where the kubeconfig may not see them.
    private static func nodes(
        through client: KubernetesClient
    ) async throws(KubernetesFault) -> [JSONObject]? {
        do throws(KubernetesFault) {
            return try await client.list(GroupKind(kind: "Node")).items.map(\.json)
        } catch .forbidden {
            return nil
        } catch {
            throw error
        }
    }
}

extension ClusterWorkflows {
    /// Puts the kubeconfig that came with an adopted cluster where engines read kubeconfigs.
    func handOver(_ work: ClusterWork) async throws(ProviderFault) {
        guard !work.isMade, let secret = work.kubeconfigSecret else { return }
        let kubeconfig = try await records.kubeconfig(of: work.cluster)
        let thing = ClusterThing(secret: secret.name, in: work.namespace)
        try await records.note([thing], for: work.target)
        let text = Base64.encode(kubeconfig.revealed())
        let object: JSONObject = [
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": work.wish.metadata(secret.name),
            "type": "Opaque",
            "data": [secret.key: .string(text)],
        ]
        do throws(KubernetesFault) {
            _ = try await work.client.apply(object, force: true)
        } catch {
            throw error.providerFault.about(thing)
        }
    }

    /// What was applied to a cluster that cannot be reached stays there: nothing waits for it to
    /// be taken away.
    func abandon(
        _ roots: [ObjectKey],
        of cluster: Cluster,
        _ client: KubernetesClient
    ) async throws(ProviderFault) {
        let management = try await records.place(cluster.spec.managementCluster)
        guard await !clusters.look(at: cluster, in: management).isReachable else { return }
        for root in roots {
            let isFlux = root.kind.kind == "Kustomization"
            let patch: JSON =
                isFlux
                ? ["spec": ["deletionPolicy": "Orphan"]] : ["metadata": ["finalizers": nil]]
            try await asking { () async throws(KubernetesFault) in
                do throws(KubernetesFault) {
                    _ = try await client.mergePatch(root, patch)
                } catch .notFound {
                    return
                }
            }
        }
    }

    /// Takes away what Slipway made inside an adopted cluster; one that cannot be reached keeps it.
    func retreat(_ cluster: Cluster, _ context: StepContext) async {
        let secret = SecretKey.kubeconfig(of: cluster)
        do {
            let management = try await records.place(cluster.spec.managementCluster)
            let reached = try await clusters.reach(cluster, in: management, by: secret)
            try await TenantAccess(cluster.spec.access).remove(through: reached.client)
        } catch {
            context.log.warning("what was made inside the cluster stays there: \(error)")
        }
    }
}
