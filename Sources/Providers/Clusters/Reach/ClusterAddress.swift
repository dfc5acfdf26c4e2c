import Domain
import JSON
import Kubernetes
import Secrets
import YAML

/// Who is going to use a kubeconfig.
package enum ClusterVantage: Sendable {
    /// Slipway itself.
    case slipway
    /// Somebody who is handed it.
    case visitor
}

/// Under which address the API server of a virtual cluster is used.
///
/// Its own kubeconfig names its Service in the management cluster, which is known there alone; from
/// outside it is used as it is exposed.
struct ClusterAddress: Sendable {
    private static let service = GroupKind(kind: "Service")

    let cluster: Cluster
    let connection: ManagementClusterSpec.Connection

    /// Whether the address that the kubeconfig names is replaced by the one outside.
    private func isReplaced(for vantage: ClusterVantage) -> Bool {
        guard cluster.spec.kind == .vcluster, cluster.spec.exposure != .internal else {
            return false
        }
        switch connection {
        case .sandbox: return false
        case .inCluster: return vantage == .visitor
        case .kubeconfig: return true
        }
    }

    /// The kubeconfig with the address that is of use from there.
    ///
    /// - Throws: `.notFound` while the load balancer has no address.
    func exposed(
        _ kubeconfig: SecretBytes,
        for vantage: ClusterVantage,
        through client: KubernetesClient
    ) async throws(KubernetesFault) -> SecretBytes {
        guard isReplaced(for: vantage) else { return kubeconfig }
        switch cluster.spec.exposure {
        case .internal: return kubeconfig
        case .host(let host): return try naming("https://\(host)", serverName: nil, in: kubeconfig)
        case .loadBalancer:
            let server = try await loadBalancer(through: client)
            // Certificates have the name of the Service from the start, that of a balancer later.
            let name = "\(cluster.slug).\(cluster.slug.namespace).svc"
            return try naming(server, serverName: name, in: kubeconfig)
        }
    }

    private func loadBalancer(
        through client: KubernetesClient
    ) async throws(KubernetesFault) -> String {
        let key = ObjectKey(
            Self.service,
            namespace: cluster.slug.namespace,
            name: cluster.slug.description
        )
        let service = try await client.get(key)
        let first = service?.status["loadBalancer"]?["ingress"]?[0]
        guard let host = first?["hostname"]?.string ?? first?["ip"]?.string else {
            throw .notFound(
                reason: "the load balancer of Service \(key) has no address yet; whoever gives "
                    + "load balancers their addresses in the management cluster must do so"
            )
        }
        return host.contains(":") ? "https://[\(host)]" : "https://\(host)"
    }

    private func naming(
        _ server: String,
        serverName: String?,
        in kubeconfig: SecretBytes
    ) throws(KubernetesFault) -> SecretBytes {
        let root: JSON
        do throws(YAMLFault) { root = try YAML.parse(kubeconfig.revealed()) } catch {
            throw .malformed(reason: "the cluster's kubeconfig is no YAML")
        }
        var clusters: [JSON] = []
        for entry in root["clusters"]?.array ?? [] {
            var change: JSON = ["server": .string(server)]
            if let serverName {
                change = change.merging(patch: ["tls-server-name": .string(serverName)])
            }
            clusters.append(entry.merging(patch: ["cluster": change]))
        }
        let changed = root.merging(patch: ["clusters": .array(clusters)])
        return SecretBytes(YAML.text(changed))
    }
}

extension Cluster {
    /// Why Slipway cannot reach the cluster's API, and what to set so that it can; nil where
    /// nothing stands against it.
    func outOfReach(in management: ManagementCluster) -> String? {
        guard spec.kind == .vcluster, spec.exposure == .internal,
            management.spec.connection == .kubeconfig
        else { return nil }
        return
            "the virtual cluster is not exposed: its API, https://\(slug).\(slug.namespace).svc, "
            + "answers inside management cluster \(management.name) only, and Slipway runs "
            + "outside of it; set 'exposure' of the cluster to {\"type\": \"loadBalancer\"} or to "
            + "a host name, or run Slipway in the management cluster"
    }
}
