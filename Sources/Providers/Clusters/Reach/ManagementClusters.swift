package import Contract
package import Domain
import JSON
package import Kubernetes
package import Secrets
import Synchronization

/// Clients of management clusters and of the clusters in them: one for each as long as nothing
/// about it changes, so that what was discovered is not asked for again.
package final class ManagementClusters: Sendable {
    /// Clients of tenants' clusters that are kept.
    private static let tenantsMax = 500

    /// An API server with the way to it.
    package struct Reached: Sendable {
        /// Speaks to it.
        package let client: KubernetesClient
        /// The way to it.
        package let way: ClusterWay
    }

    private struct Known: Sendable {
        let generation: Int64
        /// That of the tenant's cluster: how it is exposed, or what it was adopted with, may have
        /// changed.
        var ownGeneration: Int64 = 0
        let reached: Reached
    }

    private struct State: Sendable {
        var management: [ManagementClusterID: Known] = [:]
        var tenants: [ClusterID: Known] = [:]
    }

    private let network: any ClusterNetwork
    private let state = Mutex(State())

    /// Clients over that network, none to begin with.
    package init(network: any ClusterNetwork) {
        self.network = network
    }

    /// A management cluster as it is wanted now.
    package func reach(
        _ management: ManagementCluster
    ) async throws(ProviderFault) -> Reached {
        let known = state.withLock { $0.management[management.id] }
        if let known, known.generation == management.generation { return known.reached }
        let way = try await network.way(to: management)
        let client = KubernetesClient(
            transport: way.transport,
            named: "management cluster \(management.name)"
        )
        let reached = Reached(client: client, way: way)
        let next = Known(generation: management.generation, reached: reached)
        state.withLock { $0.management[management.id] = next }
        return reached
    }

    /// The API server of a tenant's cluster; for namespaces that of the management cluster.
    ///
    /// - Throws: `.transient` while its kubeconfig is not there yet.
    package func reach(
        _ cluster: Cluster,
        in management: ManagementCluster,
        by secret: SecretKey?
    ) async throws(ProviderFault) -> Reached {
        let host = try await reach(management)
        guard let secret else { return host }
        let known = state.withLock { $0.tenants[cluster.id] }
        if let known, known.generation == management.generation,
            known.ownGeneration == cluster.generation
        {
            return known.reached
        }
        let way = try await network.way(to: cluster, in: management) {
            vantage throws(KubernetesFault) in
            try await Self.kubeconfig(
                of: cluster,
                in: management,
                by: secret,
                for: vantage,
                through: host.client
            )
        }
        let client = KubernetesClient(
            transport: way.transport,
            named: "cluster \(cluster.tenantName)/\(cluster.name)"
        )
        let reached = Reached(client: client, way: way)
        let next = Known(
            generation: management.generation,
            ownGeneration: cluster.generation,
            reached: reached
        )
        keep(next, of: cluster.id)
        return reached
    }

    /// How long a token lasts with which a namespace is worked in: an hour.
    private static let accountTokenLifetime = Duration.seconds(3_600)

    /// The management cluster with no more rights than the admins of a cluster have that is a
    /// namespace of it.
    package func reachNamespace(
        of cluster: Cluster,
        in management: ManagementCluster
    ) async throws(ProviderFault) -> KubernetesClient {
        let known = state.withLock { $0.tenants[cluster.id] }
        if let known, known.generation == management.generation { return known.reached.client }
        let host = try await reach(management)
        let home = cluster.slug.accessNamespace
        let transport = network.transport(over: host.way, to: management) {
            () throws(KubernetesFault) in
            try await host.client.token(
                forAccount: TenantAccess.account(of: .admin),
                namespace: home,
                lifetime: Self.accountTokenLifetime
            ).token
        }
        let client = KubernetesClient(
            transport: transport,
            named: "namespace \(cluster.tenantName)/\(cluster.name)"
        )
        let reached = Reached(client: client, way: host.way)
        keep(Known(generation: management.generation, reached: reached), of: cluster.id)
        return client
    }

    private func keep(_ known: Known, of cluster: ClusterID) {
        state.withLock { state in
            if state.tenants.count >= Self.tenantsMax { state.tenants = [:] }
            state.tenants[cluster] = known
        }
    }

    /// Forgets what is known of a cluster that is gone.
    package func forget(_ cluster: ClusterID) {
        state.withLock { $0.tenants[cluster] = nil }
    }

    /// The kubeconfig as its makers left it in the management cluster.
    package func kubeconfig(
        of cluster: Cluster,
        in management: ManagementCluster,
        by secret: SecretKey
    ) async throws(KubernetesFault) -> SecretBytes {
        try await Self.kubeconfig(in: secret, of: cluster, through: client(of: management))
    }

    /// The same with the address under which people use it.
    package func adminKubeconfig(
        of cluster: Cluster,
        in management: ManagementCluster,
        by secret: SecretKey
    ) async throws(KubernetesFault) -> SecretBytes {
        try await Self.kubeconfig(
            of: cluster,
            in: management,
            by: secret,
            for: .visitor,
            through: client(of: management)
        )
    }

    private func client(
        of management: ManagementCluster
    ) async throws(KubernetesFault) -> KubernetesClient {
        do throws(ProviderFault) { return try await reach(management).client } catch {
            throw .unreachable(reason: "the management cluster cannot be used: \(error.words)")
        }
    }

    private static func kubeconfig(
        of cluster: Cluster,
        in management: ManagementCluster,
        by secret: SecretKey,
        for vantage: ClusterVantage,
        through client: KubernetesClient
    ) async throws(KubernetesFault) -> SecretBytes {
        let address = ClusterAddress(cluster: cluster, connection: management.spec.connection)
        return try await address.exposed(
            try await kubeconfig(in: secret, of: cluster, through: client),
            for: vantage,
            through: client
        )
    }

    private static func kubeconfig(
        in secret: SecretKey,
        of cluster: Cluster,
        through client: KubernetesClient
    ) async throws(KubernetesFault) -> SecretBytes {
        let key = ObjectKey(
            GroupKind(kind: "Secret"),
            namespace: cluster.slug.namespace,
            name: secret.name
        )
        guard let object = try await client.get(key) else {
            throw .notFound(reason: "the cluster's kubeconfig is not there yet: Secret \(key.name)")
        }
        let text = object.json["data"]?[secret.key]?.string
        guard let text, let bytes = Base64.decode(text) else {
            throw .malformed(reason: "Secret \(key.name) has no key \(secret.key)")
        }
        return SecretBytes(bytes)
    }
}
