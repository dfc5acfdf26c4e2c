package import Contract
package import Domain
package import Secrets

/// What making clusters must know and keep, without knowing where it is kept.
package protocol ClusterRecords: Sendable {
    /// The cluster as it is wanted now; nil where it is gone.
    func cluster(_ id: ClusterID) async throws(ProviderFault) -> Cluster?

    /// The tenant as it is wanted now; nil where it is gone.
    func tenant(_ id: TenantID) async throws(ProviderFault) -> Tenant?

    /// The management cluster; nil where it is gone.
    func managementCluster(
        _ name: ManagementClusterName
    ) async throws(ProviderFault) -> ManagementCluster?

    /// The class; nil where it is gone.
    func clusterClass(_ name: ClusterClassName) async throws(ProviderFault) -> ClusterClass?

    /// The kubeconfig that came with an adopted cluster.
    ///
    /// - Throws: `.refused` where there is none that can be opened.
    func kubeconfig(of cluster: Cluster) async throws(ProviderFault) -> SecretBytes

    /// The URL under which clusters reach a tenant's platform repository.
    func platformURL(of tenant: Tenant) -> String

    /// Makes a token or key with which a cluster reads its tenant's platform repository, and
    /// revokes those that it had before.
    func issueReadToken(for cluster: Cluster) async throws(ProviderFault) -> ReadToken

    /// Whether the token is still good.
    func isGood(_ token: TokenID, of cluster: Cluster) async throws(ProviderFault) -> Bool

    /// Revokes the tokens with which a cluster reads its tenant's platform repository.
    func revokeReadTokens(of cluster: Cluster) async throws(ProviderFault)

    /// Notes things that are going to be made for a cluster; those that are noted stay noted.
    func note(
        _ things: [ClusterThing],
        for target: DeliveryTarget
    ) async throws(ProviderFault)

    /// Forgets things that were seen to be gone.
    func forget(
        _ things: [ClusterThing],
        for target: DeliveryTarget
    ) async throws(ProviderFault)

    /// Everything that was noted for a cluster and not forgotten, in any order.
    func things(for target: DeliveryTarget) async throws(ProviderFault) -> [ClusterThing]
}

/// With what a cluster reads its tenant's platform repository.
package struct ReadToken: Sendable {
    /// The identity of the token.
    package let id: TokenID
    /// The name to say along with it.
    package let username: String
    /// The token, or the private key where there are `knownHosts`.
    package let secret: SecretBytes
    /// By what the SSH server is known that takes the key; nil for a token.
    package let knownHosts: String?
    /// When it ends; nil for when it is revoked.
    package let expiresAt: Instant?

    /// A token of these parts.
    package init(
        id: TokenID,
        username: String,
        secret: SecretBytes,
        knownHosts: String?,
        expiresAt: Instant?
    ) {
        self.knownHosts = knownHosts
        self.id = id
        self.username = username
        self.secret = secret
        self.expiresAt = expiresAt
    }
}
