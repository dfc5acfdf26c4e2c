import Clusters
import Contract
import Domain
import GitOps
import JSON
import Secrets
import Storage

/// What making and watching clusters must know and keep, in PostgreSQL.
struct StoredClusters: Sendable {
    private static let driver = "clusters"

    let storage: Storage
    let layout: RepositoryLayout
    let hosts: StoredHosts
    let kubeconfigs: SealedKubeconfigs

    /// A database that gives no answer is a fault that passes; what it refuses is changed by a
    /// person.
    func asking<Value>(
        _ body: () async throws(StorageFault) -> Value
    ) async throws(ProviderFault) -> Value {
        do throws(StorageFault) { return try await body() } catch {
            throw error.providerFault
        }
    }
}

extension StoredClusters: ClusterRecords {
    func cluster(_ id: ClusterID) async throws(ProviderFault) -> Cluster? {
        try await asking { () async throws(StorageFault) in
            try await storage.clusters.find(id, as: .system).map {
                stored throws(StorageFault) in try stored.cluster()
            }
        }
    }

    func tenant(_ id: TenantID) async throws(ProviderFault) -> Tenant? {
        try await asking { () async throws(StorageFault) in
            try await storage.tenants.find(id, as: .system).map {
                stored throws(StorageFault) in try stored.tenant()
            }
        }
    }

    func managementCluster(
        _ name: ManagementClusterName
    ) async throws(ProviderFault) -> ManagementCluster? {
        try await asking { () async throws(StorageFault) in
            try await storage.managementClusters.find(name, as: .system).map {
                stored throws(StorageFault) in try stored.management()
            }
        }
    }

    func clusterClass(_ name: ClusterClassName) async throws(ProviderFault) -> ClusterClass? {
        try await asking { () async throws(StorageFault) in
            try await storage.clusterClasses.find(name, as: .system).map {
                stored throws(StorageFault) in try stored.clusterClass()
            }
        }
    }

    func kubeconfig(of cluster: Cluster) async throws(ProviderFault) -> SecretBytes {
        try await kubeconfigs.kubeconfig(of: cluster)
    }

    func platformURL(of tenant: Tenant) -> String {
        tenant.repository?.readURL ?? layout.platformURL(of: tenant.name)
    }

    func note(
        _ things: [ClusterThing],
        for target: DeliveryTarget
    ) async throws(ProviderFault) {
        let tenant = try await tenantID(of: target)
        try await asking { () async throws(StorageFault) in
            try await storage.inventory.note(things.map { Self.item($0, target) }, of: tenant)
        }
    }

    func forget(
        _ things: [ClusterThing],
        for target: DeliveryTarget
    ) async throws(ProviderFault) {
        let tenant = try await tenantID(of: target)
        try await asking { () async throws(StorageFault) in
            try await storage.inventory.forget(things.map { Self.item($0, target) }, of: tenant)
        }
    }

    func things(for target: DeliveryTarget) async throws(ProviderFault) -> [ClusterThing] {
        let tenant = try await tenantID(of: target)
        let items = try await asking { () async throws(StorageFault) in
            try await storage.inventory.items(of: tenant, driver: Self.driver)
        }
        return items.filter { $0.kind == target.slug.description }.compactMap {
            ClusterThing($0.name)
        }
    }

    private func tenantID(of target: DeliveryTarget) async throws(ProviderFault) -> TenantID {
        let found = try await asking { () async throws(StorageFault) in
            try await storage.tenants.find(target.tenant, as: .system)
        }
        guard let found else { throw .refused(reason: "the tenant is gone; cancel the job") }
        return found.id
    }

    private static func item(
        _ thing: ClusterThing,
        _ target: DeliveryTarget
    ) -> InventoryStore.Item {
        InventoryStore.Item(driver: driver, kind: target.slug.description, name: thing.text)
    }
}

// MARK: - Tokens with which clusters read their tenant's repository

extension StoredClusters {
    /// Tokens of one tenant that are looked through.
    private static let tokensMax = 500

    /// The cluster's tenant where its repository is on a forge; nil for this server.
    private func guest(of cluster: Cluster) async throws(ProviderFault) -> Tenant? {
        let tenant = try await tenant(cluster.tenant)
        return tenant?.spec.repository == nil ? nil : tenant
    }

    func issueReadToken(for cluster: Cluster) async throws(ProviderFault) -> ReadToken {
        if let guest = try await guest(of: cluster) {
            return try await hosts.reader(of: cluster.slug, for: guest)
        }
        try await revokeReadTokens(of: cluster)
        let now = Moment.now()
        var random = SecureRandom()
        let secret = Token.generate(.service)
        let token = AccessToken(
            id: TokenID(at: now, using: &random),
            name: Self.name(of: cluster),
            prefix: secret.hint,
            role: .viewer,
            tenant: TenantReference(id: cluster.tenant, name: cluster.tenantName.text),
            createdAt: now,
            createdBy: "system",
            expiresAt: nil
        )
        let event = EventID(at: now, using: &random)
        _ = try await asking { () async throws(StorageFault) in
            try await storage.tokens.create(
                token,
                hash: secret.hash,
                event: event,
                for: .system("connectCluster", requestID: "job", at: now)
            )
        }
        return ReadToken(
            id: token.id,
            username: "token",
            secret: SecretBytes(secret.revealedText()),
            knownHosts: nil,
            expiresAt: nil
        )
    }

    func isGood(_ token: TokenID, of cluster: Cluster) async throws(ProviderFault) -> Bool {
        if let guest = try await guest(of: cluster) {
            return try await hosts.isGood(token, of: cluster.slug, for: guest)
        }
        let found = try await asking { () async throws(StorageFault) in
            try await storage.tokens.find(token, as: .system)
        }
        guard let token = found?.token, token.tenant?.id == cluster.tenant else { return false }
        return token.revokedAt == nil && token.expiresAt.map { $0 > Moment.now() } ?? true
    }

    func revokeReadTokens(of cluster: Cluster) async throws(ProviderFault) {
        if let guest = try await guest(of: cluster) {
            return try await hosts.removeReaders(of: cluster.slug, for: guest)
        }
        let page = try await asking { () async throws(StorageFault) in
            try await storage.tokens.list(
                ListQuery(limit: Self.tokensMax),
                tenant: cluster.tenantName,
                role: .viewer,
                as: .system
            )
        }
        let name = Self.name(of: cluster)
        for stored in page.items where stored.token.name == name && stored.token.revokedAt == nil {
            let now = Moment.now()
            var random = SecureRandom()
            let event = EventID(at: now, using: &random)
            try await asking { () async throws(StorageFault) in
                _ = try await storage.tokens.revoke(
                    stored.token,
                    replacing: stored.token.revision,
                    event: event,
                    for: .system("disconnectCluster", requestID: "job", at: now)
                )
            }
        }
    }

    private static func name(of cluster: Cluster) -> String { "cluster \(cluster.slug)" }
}

// MARK: - Watching

extension StoredClusters: FleetRecords {
    func managementClusters() async throws(ProviderFault) -> [ManagementCluster] {
        try await asking { () async throws(StorageFault) in
            try await storage.managementClusters.all().map {
                stored throws(StorageFault) in try stored.management()
            }
        }
    }

    func managementCluster(
        _ id: ManagementClusterID
    ) async throws(ProviderFault) -> ManagementCluster? {
        try await asking { () async throws(StorageFault) in
            try await storage.managementClusters.find(id, as: .system).map {
                stored throws(StorageFault) in try stored.management()
            }
        }
    }

    func lease(
        _ management: ManagementClusterID,
        to holder: String,
        for duration: Duration
    ) async throws(ProviderFault) -> Bool {
        try await asking { () async throws(StorageFault) in
            try await storage.managementClusters.observe(management, holder: holder, for: duration)
        }
    }

    func release(
        _ management: ManagementClusterID,
        from holder: String
    ) async throws(ProviderFault) {
        try await asking { () async throws(StorageFault) in
            try await storage.managementClusters.stopObserving(management, holder: holder)
        }
    }

    func clusters(
        in management: ManagementCluster
    ) async throws(ProviderFault) -> [FleetMember] {
        try await asking { () async throws(StorageFault) in
            try await storage.clusters.digests(in: management.id).map { digest in
                FleetMember(
                    id: digest.id,
                    slug: digest.slug,
                    kind: digest.kind,
                    revision: digest.revision
                )
            }
        }
    }

    func wish(of id: ClusterID) async throws(ProviderFault) -> ClusterWish? {
        try await WishMaker(records: self).wish(of: id)
    }

    func record(
        _ observation: ClusterObservation,
        of cluster: ClusterID
    ) async throws(ProviderFault) {
        try await asking { () async throws(StorageFault) in
            _ = try await storage.clusters.record(observation, of: cluster)
        }
    }

    func lose(
        clustersIn management: ManagementCluster,
        because reason: String
    ) async throws(ProviderFault) {
        try await asking { () async throws(StorageFault) in
            try await storage.clusters.lose(in: management.id, because: reason)
        }
    }

    func record(
        _ report: ManagementReport,
        of management: ManagementCluster
    ) async throws(ProviderFault) {
        try await asking { () async throws(StorageFault) in
            try await storage.managementClusters.record(
                report.facts(at: management.generation),
                of: management.id
            )
        }
    }
}

extension StorageFault {
    /// The same for those who drive clusters: what passes is tried again.
    var providerFault: ProviderFault {
        if case .unreadable(let reason) = self {
            return .refused(reason: "a stored document cannot be read: \(reason)")
        }
        guard outage != nil else {
            return .refused(reason: "a record of this job cannot be kept: \(self)")
        }
        return .transient(reason: "the database gave no answer: \(self)")
    }
}
