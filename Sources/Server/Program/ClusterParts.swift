import API
import ClusterAPI
import Clusters
import Contract
import Domain
import EventLoop
import GitOps
import Jobs
import Kubernetes
import Logging
import Namespaces
import Outbound
import Sandbox
import Secrets
import Storage
import VCluster

/// Everything about Kubernetes in this process, wired together.
struct ClusterParts: Sendable {
    let records: StoredClusters
    let sandbox: SandboxServer
    let management: ManagementClusters
    private let lanes: [OutboundLanes]
    let furniture: SandboxFurniture
    private let clock: @Sendable () -> Domain.Instant = { Moment.now() }

    /// What makes clusters, by kind.
    static let drivers: [any ClusterDriver] = [
        ClusterAPIDriver(), VClusterDriver(), NamespaceDriver(),
    ]

    init(
        storage: Storage,
        layout: RepositoryLayout,
        hosts: StoredHosts,
        sealer: Sealer,
        sandbox: SandboxServer,
        adoptedAddresses: AddressLimits,
        play: SandboxPlay,
        pool: BlockingPool,
        loop: EventLoop
    ) {
        let kubeconfigs = SealedKubeconfigs(storage: storage, sealer: sealer)
        records = StoredClusters(
            storage: storage,
            layout: layout,
            hosts: hosts,
            kubeconfigs: kubeconfigs
        )
        self.sandbox = sandbox
        lanes = [OutboundLanes(on: loop), OutboundLanes(on: loop, addresses: adoptedAddresses)]
        furniture = SandboxFurniture(
            sandbox: sandbox,
            play: play,
            settings: storage.settings,
            layout: layout
        )
        management = ManagementClusters(
            network: ClusterNetworks(
                lanes: lanes[0],
                tenantLanes: lanes[1],
                tenantAddresses: adoptedAddresses,
                sandbox: sandbox,
                kubeconfigs: kubeconfigs,
                furniture: furniture,
                readFile: { path in
                    try await pool.run {
                        try TextFile.read(path, bytesMax: ClusterNetworks.fileBytesMax)
                    }
                }
            )
        )
    }

    /// Ends everything under way and closes the connections.
    func close() async {
        for lanes in lanes { await lanes.close() }
    }

    /// What can be done with clusters, for the job engine.
    func workflows(_ gitOps: GitOps) -> [Workflow] {
        let engines = EngineNudges(records: records, management: management, clock: clock)
        let making = ClusterWorkflows(
            records: records,
            clusters: management,
            drivers: Self.drivers,
            git: gitOps.delivery(through: engines),
            direct: DirectDelivery(records: records, management: management),
            engines: engines,
            clock: clock
        )
        let checking = CheckWorkflow(records: records, clusters: management) {
            place,
            job throws(ProviderFault) in
            guard place.spec.delivery == .gitops else { return }
            try await gitOps.welcome(place.name, for: job)
        }
        return making.workflows + [checking.workflow]
    }

    /// Watches management clusters for this process.
    func observer(on loop: EventLoop, log: Logger) -> FleetObserver {
        FleetObserver(
            records: records,
            clusters: management,
            drivers: Self.drivers,
            holder: Host.name,
            loop: loop,
            clock: clock,
            log: log
        )
    }
}

/// Hands out kubeconfigs for the API.
struct ClusterDoor: API.ClusterAccess {
    let parts: ClusterParts

    func kubeconfig(
        for cluster: Cluster,
        role: ClusterRole,
        ttl: Duration,
        requestedBy: String
    ) async throws(ClusterAccessFault) -> IssuedKubeconfig {
        try await issue(for: cluster) { issuer, wish, management throws(ProviderFault) in
            try await issuer.issue(for: wish, in: management, role: role, ttl: ttl)
        }
    }

    func adminKubeconfig(
        for cluster: Cluster,
        requestedBy: String
    ) async throws(ClusterAccessFault) -> IssuedKubeconfig {
        try await issue(for: cluster) { issuer, wish, management throws(ProviderFault) in
            try await issuer.admin(for: wish, in: management)
        }
    }

    private func issue(
        for cluster: Cluster,
        _ body: (KubeconfigIssuer, ClusterWish, ManagementCluster) async throws(ProviderFault) ->
            KubeconfigIssuer.Issue
    ) async throws(ClusterAccessFault) -> IssuedKubeconfig {
        do throws(ProviderFault) {
            guard let wish = try await WishMaker(records: parts.records).wish(of: cluster.id),
                let management = try await parts.records.managementCluster(
                    cluster.spec.managementCluster
                )
            else { throw .refused(reason: "the cluster is gone") }
            let issuer = KubeconfigIssuer(
                clusters: parts.management,
                drivers: ClusterParts.drivers
            )
            let issue = try await body(issuer, wish, management)
            return IssuedKubeconfig(yaml: issue.text.revealed(), expiresAt: issue.expiresAt)
        } catch {
            throw Self.fault(error, of: cluster)
        }
    }

    private static func fault(
        _ fault: ProviderFault,
        of cluster: Cluster
    ) -> ClusterAccessFault {
        switch fault {
        case .transient, .away, .busy:
            cluster.status.seen.isReachable
                ? .unreachable(reason: fault.words) : .notReady(reason: fault.words)
        case .refused(let reason): .refused(reason: reason)
        case .cancelled: .unreachable(reason: "the request was given up")
        }
    }
}
