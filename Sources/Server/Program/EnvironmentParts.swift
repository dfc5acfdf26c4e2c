import API
import Clusters
import Contract
import Domain
import Drivers
import Environments
import EventLoop
import Folders
import GitOps
import Jobs
import Kubernetes
import Outbound
import Sandbox
import Secrets
import Storage

/// Everything about environments in this process, wired together.
struct EnvironmentParts: Sendable {
    let clusters: ClusterParts
    let probe: AddressProbe
    /// What host names of environments end in.
    let domain: String
    /// Under what the sandbox's clusters are found, without a slash at the end.
    let sandboxURL: String
    /// Where the rules of time zones come from.
    let zones: any TimeZoneSource

    /// What can be done with environments, for the job engine.
    func workflows(_ gitOps: GitOps) -> EnvironmentWorkflows {
        EnvironmentWorkflows(
            records: StoredEnvironments(clusters: clusters.records, zones: zones),
            places: self,
            files: gitOps,
            probe: probe,
            domain: domain,
            clock: { Moment.now() }
        )
    }
}

/// What roll-outs order, by the decisions of the API.
struct PlacedOrders: EnvironmentOrders {
    let orders: RollOutOrders

    func place(
        for environment: Domain.Environment,
        _ deployment: DeploymentID,
        by actor: String
    ) async throws(ProviderFault) {
        let progress: RollOutOrders.Progress
        do {
            progress = try await orders.place(for: environment, deployment, by: actor)
        } catch {
            throw .transient(reason: "nothing could be ordered: \(error)")
        }
        switch progress {
        case .placed: return
        case .waiting(let reason): throw .busy(reason: reason)
        case .refused(let reason): throw .refused(reason: reason)
        }
    }
}

extension EnvironmentParts: ClusterPlaces {
    func place(of cluster: Cluster) async throws(ProviderFault) -> ClusterPlace {
        let records = clusters.records
        guard let wish = try await WishMaker(records: records).wish(of: cluster.id),
            let management = try await records.managementCluster(cluster.spec.managementCluster)
        else { throw .refused(reason: "the cluster is gone") }
        let driver = ClusterParts.drivers.first { $0.kind == cluster.spec.kind }
        let secret =
            cluster.spec.adopt == nil
            ? driver?.kubeconfigSecret(for: wish) : .kubeconfig(of: cluster)
        let reach = clusters.management
        let name = secret == nil ? SandboxServer.management : "\(cluster.slug)"
        return ClusterPlace(
            wish: wish,
            host: try await reach.reach(management).client,
            kubeconfig: secret,
            guest: { () async throws(ProviderFault) in
                guard let secret else {
                    return try await reach.reachNamespace(of: cluster, in: management)
                }
                return try await reach.reach(cluster, in: management, by: secret).client
            },
            applied: { folder throws(ProviderFault) in
                try await records.applied(of: folder, of: cluster.tenant)
            },
            ingressURL: wish.features.isSandbox ? "\(sandboxURL)/\(name)/ingress" : nil
        )
    }
}

/// What the work on environments must know, in PostgreSQL.
struct StoredEnvironments: EnvironmentRecords {
    let clusters: StoredClusters
    let zones: any TimeZoneSource

    func environment(_ id: EnvironmentID) async throws(ProviderFault) -> Domain.Environment? {
        try await asking { () async throws(StorageFault) in
            try await clusters.storage.environments.find(id, as: .system).map {
                stored throws(StorageFault) in try stored.environment()
            }
        }
    }

    func environment(
        _ name: EnvironmentName,
        of tenant: TenantName
    ) async throws(ProviderFault) -> Domain.Environment? {
        try await asking { () async throws(StorageFault) in
            try await clusters.storage.environments.find(name, of: tenant, as: .system).map {
                stored throws(StorageFault) in try stored.environment()
            }
        }
    }

    func tenant(_ id: TenantID) async throws(ProviderFault) -> Tenant? {
        try await clusters.tenant(id)
    }

    func cluster(
        _ name: ClusterName,
        of tenant: TenantID
    ) async throws(ProviderFault) -> Cluster? {
        guard let owner = try await clusters.tenant(tenant) else { return nil }
        return try await asking { () async throws(StorageFault) in
            try await clusters.storage.clusters.find(name, of: owner.name, as: .system).map {
                stored throws(StorageFault) in try stored.cluster()
            }
        }
    }

    func servicesLeft(
        around environment: Domain.Environment
    ) async throws(ProviderFault) -> Int {
        try await asking { () async throws(StorageFault) in
            try await clusters.storage.services.count(
                around: environment.name,
                of: environment.tenant
            )
        }
    }

    func companionsLeft(
        of environment: Domain.Environment
    ) async throws(ProviderFault) -> Int {
        try await asking { () async throws(StorageFault) in
            try await clusters.storage.environments.companionCount(of: environment)
        }
    }

    func provided(
        for environment: Domain.Environment
    ) async throws(ProviderFault) -> [ProvidedService] {
        try await asking { () async throws(StorageFault) in
            try await clusters.storage.services.provided(
                for: environment.name,
                of: environment.tenant
            )
        }
    }

    func makeHome(of environment: Domain.Environment) async throws(ProviderFault) {
        guard case .own(let kind, let className) = environment.spec.placement,
            let owner = try await tenant(environment.tenant)
        else { throw .refused(reason: "the tenant is gone") }
        let surroundings = try await surroundings(of: owner)
        let now = Moment.now()
        var random = SecureRandom()
        let decision: Cluster.Decision
        do throws(ClusterRefusal) {
            decision = try Cluster.home(
                of: environment.name,
                as: kind,
                from: className,
                id: ClusterID(at: now, using: &random),
                for: owner,
                in: surroundings,
                on: Occasion(at: now, using: &random)
            )
        } catch {
            throw .refused(reason: error.reason)
        }
        do throws(StorageFault) {
            let call = Call.system("createCluster", requestID: "job", at: now)
            _ = try await clusters.storage.clusters.create(decision, for: call)
        } catch .nameTaken {
            return  // Made before.
        } catch .refused(let refusal) {
            throw .refused(reason: refusal.reason)
        } catch {
            throw error.providerFault
        }
    }

    func removeHome(_ cluster: Cluster) async throws(ProviderFault) {
        let now = Moment.now()
        var random = SecureRandom()
        let decision = cluster.removal(on: Occasion(at: now, using: &random))
        do throws(StorageFault) {
            _ = try await clusters.storage.clusters.store(
                decision,
                permission: .deleteCluster,
                replacing: cluster.revision,
                for: .system("deleteCluster", requestID: "job", at: now)
            )
        } catch .stale, .notFound {
            return  // It has changed meanwhile; the next look decides anew.
        } catch {
            throw error.providerFault
        }
    }

    private func surroundings(
        of owner: Tenant
    ) async throws(ProviderFault) -> ClusterSurroundings {
        do {
            return try await ClusterSurroundings(for: owner.labels, clusters.storage)
        } catch let fault as StorageFault {
            throw fault.providerFault
        } catch {
            throw .transient(reason: "the database gave no answer: \(error)")
        }
    }

    func asking<Value>(
        _ body: () async throws(StorageFault) -> Value
    ) async throws(ProviderFault) -> Value {
        do throws(StorageFault) { return try await body() } catch {
            throw error.providerFault
        }
    }
}

extension StoredEnvironments: FolderInventory {
    func applied(
        of folder: DeliveredFolder,
        of tenant: TenantID
    ) async throws(ProviderFault) -> [FolderReading.Applied] {
        try await clusters.applied(of: folder, of: tenant)
    }

    func note(
        _ applied: [FolderReading.Applied],
        of folder: DeliveredFolder,
        of tenant: TenantID
    ) async throws(ProviderFault) {
        try await clusters.note(applied, of: folder, of: tenant)
    }

    func forget(
        _ applied: [FolderReading.Applied],
        of folder: DeliveredFolder,
        of tenant: TenantID
    ) async throws(ProviderFault) {
        try await clusters.forget(applied, of: folder, of: tenant)
    }
}

extension StoredClusters: FolderInventory {
    func applied(
        of folder: DeliveredFolder,
        of tenant: TenantID
    ) async throws(ProviderFault) -> [FolderReading.Applied] {
        try await asking { () async throws(StorageFault) in
            try await storage.inventory.items(
                of: tenant,
                driver: folder.subject.rawValue,
                kind: folder.name
            )
        }.compactMap { FolderReading.Applied($0.name) }
    }

    func note(
        _ applied: [FolderReading.Applied],
        of folder: DeliveredFolder,
        of tenant: TenantID
    ) async throws(ProviderFault) {
        try await asking { () async throws(StorageFault) in
            try await storage.inventory.note(Self.items(applied, of: folder), of: tenant)
        }
    }

    func forget(
        _ applied: [FolderReading.Applied],
        of folder: DeliveredFolder,
        of tenant: TenantID
    ) async throws(ProviderFault) {
        try await asking { () async throws(StorageFault) in
            try await storage.inventory.forget(Self.items(applied, of: folder), of: tenant)
        }
    }

    private static func items(
        _ applied: [FolderReading.Applied],
        of folder: DeliveredFolder
    ) -> [InventoryStore.Item] {
        applied.map { entry in
            InventoryStore.Item(
                driver: folder.subject.rawValue,
                kind: folder.name,
                name: entry.text
            )
        }
    }
}

extension ClusterRefusal {
    /// Why there is no such cluster, in sentences.
    fileprivate var reason: String {
        switch self {
        case .isDeleting: "The cluster is being deleted."
        case .tenantIsDeleting: "The tenant is being deleted."
        case .isProtected: "The cluster is protected."
        case .invalid(let faults): faults.map(\.detail).joined(separator: " ")
        case .overQuota(let standings):
            standings.map { standing in
                "\(standing.name): \(standing.used) of \(standing.limit) are used. "
                    + standing.remedy
            }.joined(separator: " ")
        case .noRoom(let reason): reason
        }
    }
}

extension StoredEnvironments: EnvironmentTurns {
    func take(atMost count: Int) async throws(ProviderFault) -> [Domain.Environment] {
        try await asking { () async throws(StorageFault) in
            try await clusters.storage.environments.takeLooks(limit: count)
        }
    }

    func record(
        _ seen: EnvironmentObservation,
        of environment: Domain.Environment
    ) async throws(ProviderFault) {
        try await asking { () async throws(StorageFault) in
            _ = try await clusters.storage.environments.record(seen, of: environment)
        }
    }
}

/// Asks environments whether they answer: over the network, where their template leads.
///
/// A template may name any host, so that only the sandbox's own address may be one of this machine.
final class AddressProbe: EnvironmentProbe {
    /// How long an answer may take.
    private static let timeout = Duration.seconds(10)
    /// Bytes of Prometheus' answers that are read.
    private static let answerBytesMax = 1 << 20
    private let sandboxURL: String
    private let own: OutboundClient
    private let others: OutboundClient
    private let questions: OutboundClient

    /// A probe of URLs at those addresses, and of what tenants name for questions at those.
    init(
        on loop: EventLoop,
        sandboxURL: String,
        addresses: AddressLimits,
        questions questioned: AddressLimits
    ) {
        self.sandboxURL = sandboxURL
        own = OutboundClient(on: loop)
        var limits = LaneLimits()
        limits.addresses = addresses
        others = OutboundClient(on: loop, limits: limits)
        limits.addresses = questioned
        questions = OutboundClient(on: loop, limits: limits)
    }

    func status(
        of url: String,
        with header: (name: String, value: String)?
    ) async throws(ProviderFault) -> Int {
        var request = OutboundRequest("GET", url)
        if let header { request.headers = [OutboundHeader(header.name, header.value)] }
        // Only the status counts: what comes after the head is not read.
        let client = url.hasPrefix(sandboxURL + "/") ? own : others
        return try await asking(request) { request throws(OutboundFault) in
            try await client.open(request).head.status
        }
    }

    func answer(to question: PrometheusQuestion) async throws(ProviderFault) -> [Double] {
        var request = OutboundRequest("GET", PrometheusAnswer.url(of: question))
        request.limits.answerBytesMax = Self.answerBytesMax
        let answer = try await asking(request) { request throws(OutboundFault) in
            try await questions.send(request)
        }
        guard let values = PrometheusAnswer.values(in: answer.body) else {
            throw .transient(reason: "it answers with status \(answer.head.status) and no values")
        }
        return values
    }

    private func asking<Value>(
        _ request: OutboundRequest,
        _ body: (OutboundRequest) async throws(OutboundFault) -> Value
    ) async throws(ProviderFault) -> Value {
        var request = request
        request.limits.totalTimeout = Self.timeout
        do throws(OutboundFault) {
            return try await body(request)
        } catch {
            throw .transient(reason: "\(error)")
        }
    }

    /// Ends everything under way and closes the connections.
    func close() async {
        await own.close()
        await others.close()
        await questions.close()
    }
}
