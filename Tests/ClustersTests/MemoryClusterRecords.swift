import Clusters
import Contract
import Domain
import Secrets
import Synchronization

/// Records that end with the test.
final class MemoryClusterRecords: ClusterRecords {
    private struct State {
        var clusters: [ClusterID: Cluster] = [:]
        var tenants: [TenantID: Tenant] = [:]
        var management: [ManagementClusterName: ManagementCluster] = [:]
        var classes: [ClusterClassName: ClusterClass] = [:]
        var things: [ClusterSlug: Set<ClusterThing>] = [:]
        var tokens: [ClusterID: TokenID] = [:]
        var issued = 0
    }

    private let state = Mutex(State())
    private let baseURL: String

    init(baseURL: String = "https://git.example.com") {
        self.baseURL = baseURL
    }

    func set(_ cluster: Cluster) { state.withLock { $0.clusters[cluster.id] = cluster } }
    func set(_ tenant: Tenant) { state.withLock { $0.tenants[tenant.id] = tenant } }
    func set(_ place: ManagementCluster) { state.withLock { $0.management[place.name] = place } }
    func set(_ found: ClusterClass) { state.withLock { $0.classes[found.name] = found } }

    /// Tokens that were ever issued.
    var issued: Int { state.withLock(\.issued) }
    /// Clusters that have a token.
    var tokens: Int { state.withLock { $0.tokens.count } }

    /// Keeps what a step found out, as the storage would.
    func take(_ facts: [StepFact], of id: ClusterID) {
        state.withLock { state in
            for fact in facts {
                guard var cluster = state.clusters[id] else { return }
                cluster.status.take(fact, at: cluster.updatedAt)
                if case .clusterSeen(let seen) = fact,
                    let sighting = cluster.sighting(of: seen, at: cluster.updatedAt)
                {
                    cluster.status = sighting.status
                }
                state.clusters[id] = fact == .clusterRemoved ? nil : cluster
            }
        }
    }

    func cluster(_ id: ClusterID) async throws(ProviderFault) -> Cluster? {
        state.withLock { $0.clusters[id] }
    }

    func tenant(_ id: TenantID) async throws(ProviderFault) -> Tenant? {
        state.withLock { $0.tenants[id] }
    }

    func managementCluster(
        _ name: ManagementClusterName
    ) async throws(ProviderFault) -> ManagementCluster? {
        state.withLock { $0.management[name] }
    }

    func clusterClass(_ name: ClusterClassName) async throws(ProviderFault) -> ClusterClass? {
        state.withLock { $0.classes[name] }
    }

    func kubeconfig(of cluster: Cluster) async throws(ProviderFault) -> SecretBytes {
        SecretBytes(Self.kubeconfig)
    }

    /// What adopted clusters come with.
    static let kubeconfig = """
        apiVersion: v1
        kind: Config
        current-context: a
        clusters: [{name: a, cluster: {server: "https://legacy.example.com"}}]
        users: [{name: a, user: {token: played}}]
        contexts: [{name: a, context: {cluster: a, user: a}}]
        """

    func platformURL(of tenant: Tenant) -> String {
        "\(baseURL)/\(tenant.name)/platform.git"
    }

    func issueReadToken(for cluster: Cluster) async throws(ProviderFault) -> ReadToken {
        let id = state.withLock { state in
            state.issued += 1
            let id = TokenID(high: 1, low: UInt64(state.issued))
            state.tokens[cluster.id] = id
            return id
        }
        return ReadToken(
            id: id,
            username: "slipway",
            secret: SecretBytes("secret"),
            knownHosts: nil,
            expiresAt: nil
        )
    }

    func isGood(_ token: TokenID, of cluster: Cluster) async throws(ProviderFault) -> Bool {
        state.withLock { $0.tokens[cluster.id] == token }
    }

    func revokeReadTokens(of cluster: Cluster) async throws(ProviderFault) {
        state.withLock { $0.tokens[cluster.id] = nil }
    }

    func note(
        _ things: [ClusterThing],
        for target: DeliveryTarget
    ) async throws(ProviderFault) {
        state.withLock { $0.things[target.slug, default: []].formUnion(things) }
    }

    func forget(
        _ things: [ClusterThing],
        for target: DeliveryTarget
    ) async throws(ProviderFault) {
        state.withLock { $0.things[target.slug]?.subtract(things) }
    }

    func things(for target: DeliveryTarget) async throws(ProviderFault) -> [ClusterThing] {
        state.withLock { Array($0.things[target.slug] ?? []) }
    }
}
