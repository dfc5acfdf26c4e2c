package import Contract
package import Domain
import Drivers
import Kubernetes
package import Secrets

/// Makes kubeconfigs for people: a token of a service account for the role, which stops working
/// by itself.
package struct KubeconfigIssuer: Sendable {
    /// A kubeconfig, and when it stops working.
    package struct Issue: Sendable {
        /// The kubeconfig's text in YAML.
        package let text: SecretBytes
        /// When it stops working; nil where it never does, or nobody knows.
        package let expiresAt: Instant?
    }

    private let clusters: ManagementClusters
    private let drivers: [ClusterKind: any ClusterDriver]

    /// Issues through those clients, with those drivers' knowledge of where kubeconfigs are.
    package init(clusters: ManagementClusters, drivers: [any ClusterDriver]) {
        self.clusters = clusters
        self.drivers = Dictionary(uniqueKeysWithValues: drivers.map { ($0.kind, $0) })
    }

    private func driver(of cluster: Cluster) -> (any ClusterDriver)? {
        cluster.spec.adopt == nil ? drivers[cluster.spec.kind] : AdoptedDriver()
    }

    /// A kubeconfig for that role, for about that long: the cluster may make it shorter.
    package func issue(
        for wish: ClusterWish,
        in management: ManagementCluster,
        role: ClusterRole,
        ttl: Duration
    ) async throws(ProviderFault) -> Issue {
        let cluster = wish.cluster
        let secret = driver(of: cluster)?.kubeconfigSecret(for: wish)
        if let reason = cluster.outOfReach(in: management) { throw .refused(reason: reason) }
        let reached = try await clusters.reach(cluster, in: management, by: secret)
        let isOwn = secret != nil
        let home = isOwn ? TenantAccess.namespace : cluster.slug.accessNamespace
        let access = TenantAccess(cluster.spec.access)
        do throws(KubernetesFault) {
            let token: IssuedToken
            do throws(KubernetesFault) {
                // Namespaces that came or went since are open or closed from now on.
                if isOwn { try await access.refresh(through: reached.client) }
                token = try await issue(role, in: home, of: reached, ttl)
            } catch {
                guard isOwn, case .notFound = error else { throw error }
                // Somebody removed Slipway's own objects, or they were never made.
                try await access.apply(through: reached.client)
                token = try await issue(role, in: home, of: reached, ttl)
            }
            let visitor = ClusterVisitor(
                cluster: "\(cluster.slug)",
                user: "\(role.rawValue)@\(cluster.slug)",
                namespace: isOwn ? nil : cluster.slug.namespace,
                token: token.token
            )
            return Issue(
                text: try await reached.way.kubeconfig(visitor),
                expiresAt: token.expiresAt
            )
        } catch {
            throw error.providerFault
        }
    }

    /// The kubeconfig that the cluster was made with; it cannot be taken back.
    ///
    /// - Throws: `.refused` for kinds without an API server of their own.
    package func admin(
        for wish: ClusterWish,
        in management: ManagementCluster
    ) async throws(ProviderFault) -> Issue {
        let cluster = wish.cluster
        guard cluster.spec.adopt == nil else {
            throw .refused(
                reason: "the cluster was adopted: whoever sent its kubeconfig has it, and it is "
                    + "never shown again"
            )
        }
        guard let secret = driver(of: cluster)?.kubeconfigSecret(for: wish) else {
            throw .refused(
                reason: "a \(cluster.spec.kind.rawValue) has no API server of its own, and no "
                    + "kubeconfig that it was made with"
            )
        }
        do throws(KubernetesFault) {
            let text = try await clusters.adminKubeconfig(of: cluster, in: management, by: secret)
            return Issue(text: text, expiresAt: nil)
        } catch {
            throw error.providerFault
        }
    }

    private func issue(
        _ role: ClusterRole,
        in namespace: String,
        of reached: ManagementClusters.Reached,
        _ ttl: Duration
    ) async throws(KubernetesFault) -> IssuedToken {
        try await reached.client.token(
            forAccount: TenantAccess.account(of: role),
            namespace: namespace,
            lifetime: ttl
        )
    }
}
