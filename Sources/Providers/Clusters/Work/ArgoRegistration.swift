import Contract
import Domain
import Drivers
import JSON
import Kubernetes

/// What tells Argo CD how a cluster is reached: its kubeconfig as a Secret in Argo CD's own form,
/// under the cluster's slug.
struct ArgoRegistration: Sendable {
    let wish: ClusterWish
    /// Where the cluster's kubeconfig is.
    let kubeconfig: SecretKey

    /// The registration of a cluster; nil where Argo CD applies nothing to it.
    init?(of wish: ClusterWish, by kubeconfig: SecretKey?) {
        guard let kubeconfig, wish.platform != nil, !wish.cluster.spec.asleep,
            !wish.cluster.spec.paused,
            // Where no engine is, nothing is applied.
            (try? wish.engine()) == .argocd
        else { return nil }
        self.wish = wish
        self.kubeconfig = kubeconfig
    }

    /// The Secret.
    var thing: ClusterThing {
        ClusterThing(secret: "cluster-\(wish.slug)", in: wish.engineNamespace(.argocd))
    }

    /// The Secret with what the kubeconfig holds now.
    func object(
        in management: ManagementCluster,
        through clusters: ManagementClusters
    ) async throws(KubernetesFault) -> JSONObject {
        let text = try await clusters.kubeconfig(of: wish.cluster, in: management, by: kubeconfig)
        let parts: KubeconfigParts
        do throws(ProviderFault) { parts = try KubeconfigParts(text) } catch {
            throw .unavailable(retryAfter: nil, reason: error.words)
        }
        let object = ArgoCD.cluster(
            of: wish,
            server: parts.server,
            authority: parts.authority,
            login: parts.login
        )
        return ClusterWorkflows.sealed(object.object ?? JSONObject())
    }

    /// Brings the Secret up to date with a kubeconfig that was rotated; one that is not there is
    /// made by the cluster's own job.
    ///
    /// Returns whether it was not up to date.
    func renew(
        in management: ManagementCluster,
        through clusters: ManagementClusters
    ) async throws(ProviderFault) -> Bool {
        let client = try await clusters.reach(management).client
        return try await asking { () async throws(KubernetesFault) in
            guard let known = try await client.get(thing.key) else { return false }
            let wanted = try await object(in: management, through: clusters)
            guard known.json["data"] != wanted["data"] else { return false }
            _ = try await client.apply(wanted, force: true)
            return true
        }
    }
}
