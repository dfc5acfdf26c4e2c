package import Contract
package import Domain
import JSON
package import Kubernetes
package import Secrets
import Synchronization

/// How API servers are reached: over the network, or within the process for the sandbox.
package protocol ClusterTransports: Sendable {
    /// The way to a management cluster.
    ///
    /// - Throws: `.refused` where it cannot be used as it is stored.
    func transport(
        to management: ManagementConnection
    ) throws(ProviderFault) -> any KubernetesTransport

    /// The way to a tenant's cluster with that kubeconfig, which the management cluster gave out
    /// or, for adopted clusters, somebody uploaded.
    func transport(
        to cluster: Cluster,
        with kubeconfig: SecretBytes
    ) throws(ProviderFault) -> any KubernetesTransport
}

/// A management cluster and a client of it.
package struct OpenManagement: Sendable {
    /// The management cluster.
    package let cluster: ManagementCluster
    /// The client.
    package let client: KubernetesClient

    /// That cluster, through that client.
    package init(cluster: ManagementCluster, client: KubernetesClient) {
        self.cluster = cluster
        self.client = client
    }
}

/// Clients of the management clusters, one for each, made anew when the stored connection changes.
package final class ManagementClusters: Sendable {
    private struct Known: Sendable {
        let id: ManagementClusterID
        let generation: Int64
        let kubeconfig: [UInt8]
        let client: KubernetesClient
    }

    private let records: any ClusterRecords
    private let transports: any ClusterTransports
    private let known: Mutex<[ManagementClusterName: Known]> = Mutex([:])

    /// The management clusters of those records.
    package init(records: any ClusterRecords, transports: any ClusterTransports) {
        self.records = records
        self.transports = transports
    }

    /// The management cluster of that name.
    ///
    /// - Throws: `.refused` where there is none, or its connection cannot be used.
    package func open(
        _ name: ManagementClusterName
    ) async throws(ProviderFault) -> OpenManagement {
        guard let connection = try await records.connection(to: name) else {
            known.withLock { $0[name] = nil }
            throw .refused(reason: "there is no management cluster \(name) any more")
        }
        return OpenManagement(cluster: connection.cluster, client: try client(of: connection))
    }

    /// The client of a connection that is at hand.
    package func client(
        of connection: ManagementConnection
    ) throws(ProviderFault) -> KubernetesClient {
        let cluster = connection.cluster
        let kubeconfig = connection.kubeconfig?.revealed() ?? []
        if let found = known.withLock({ $0[cluster.name] }), found.id == cluster.id,
            found.generation == cluster.generation, found.kubeconfig == kubeconfig
        {
            return found.client
        }
        let client = KubernetesClient(transport: try transports.transport(to: connection))
        let entry = Known(
            id: cluster.id,
            generation: cluster.generation,
            kubeconfig: kubeconfig,
            client: client
        )
        known.withLock { $0[cluster.name] = entry }
        return client
    }
}

/// Clients of tenants' own clusters.
package struct TenantClusters: Sendable {
    private let records: any ClusterRecords
    private let transports: any ClusterTransports

    /// The tenants' clusters of those records.
    package init(records: any ClusterRecords, transports: any ClusterTransports) {
        self.records = records
        self.transports = transports
    }

    /// A client with all rights; nil where the cluster has not said yet how it is reached.
    ///
    /// What the management cluster says is read anew each time: it is renewed there.
    package func client(
        of cluster: Cluster,
        from secret: SecretKey?,
        in management: KubernetesClient
    ) async throws(ProviderFault) -> KubernetesClient? {
        guard let kubeconfig = try await kubeconfig(of: cluster, from: secret, in: management)
        else { return nil }
        return KubernetesClient(
            transport: try transports.transport(to: cluster, with: kubeconfig)
        )
    }

    /// The kubeconfig with all rights; nil where there is none yet.
    package func kubeconfig(
        of cluster: Cluster,
        from secret: SecretKey?,
        in management: KubernetesClient
    ) async throws(ProviderFault) -> SecretBytes? {
        if cluster.spec.adopt != nil {
            return try await records.adoptedKubeconfig(of: cluster.id)
        }
        guard let secret else { return nil }
        let key = ObjectKey(
            GroupKind(kind: "Secret"),
            namespace: cluster.slug.namespace,
            name: secret.name
        )
        let object = try await asking { () async throws(KubernetesFault) in
            try await management.get(key)
        }
        guard let text = object?.json["data"]?[secret.key]?.string,
            let bytes = Base64.decode(text), !bytes.isEmpty
        else { return nil }
        return SecretBytes(bytes)
    }
}

/// Asks an API server and says who acts next when it fails.
func asking<Value>(
    _ body: () async throws(KubernetesFault) -> Value
) async throws(ProviderFault) -> Value {
    do throws(KubernetesFault) {
        return try await body()
    } catch {
        throw error.providerFault
    }
}
