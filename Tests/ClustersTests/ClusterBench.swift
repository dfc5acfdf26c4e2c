import ClusterAPI
import Clusters
import Contract
import Domain
import EventLoop
import Git
import GitOps
import JSON
import Kubernetes
import Namespaces
import Outbound
import Secrets
import TestSupport
import Testing
import VCluster

/// The cluster jobs on a management cluster of their own: a namespace and a management repository
/// that nobody else uses, records in memory.
struct ClusterBench: Sendable {
    /// A client that nothing ends.
    let client: KubernetesClient
    let player: Player
    /// The workflows as one process runs them, and as the next one does.
    let processes: [[Workflow]]
    let records: MemoryClusterRecords
    /// Clients of the servers that are there.
    let clusters: ManagementClusters
    let git: GitService
    let layout: RepositoryLayout
    let life: KillSwitch
    let cluster: ClusterID
    let slug: ClusterSlug
    /// Whether the server has a life of its own, for which there is nothing to do but wait.
    let isReal: Bool
    /// Whether the server plays what runs beside it.
    let isPlaying: Bool
    /// Speaks to the tenant's cluster.
    let tenantClient: KubernetesClient
    /// The way to the tenant's cluster.
    let tenantTransport: any KubernetesTransport
    /// Lets what belongs to the server itself do what is due.
    let serverTurn: @Sendable () async throws -> Void

    static let drivers: [any ClusterDriver] = [
        NamespaceDriver(), VClusterDriver(), ClusterAPIDriver(),
    ]
    static let moment = Instant(microseconds: 1_795_000_000_000_000)

    var namespace: String { slug.namespace }

    /// Everything beside Slipway does what is due.
    func turn() async throws {
        if !isPlaying { try await player.turn() }
        try await serverTurn()
    }

    /// The workflow as a process runs it.
    func workflow(_ kind: JobKind, process: Int = 0) -> Workflow {
        guard let found = processes[process].first(where: { $0.kind == kind }) else {
            preconditionFailure("no workflow of kind \(kind)")
        }
        return found
    }

    /// What a process of its own can do.
    private static func process(
        on server: PlayedServer,
        _ records: MemoryClusterRecords,
        _ git: GitService,
        _ layout: RepositoryLayout,
        _ life: KillSwitch
    ) -> [Workflow] {
        let network = PlayedNetwork(server: server, life: life)
        let clusters = ManagementClusters(network: network)
        let clock: @Sendable () -> Instant = { moment }
        let engines = EngineNudges(records: records, management: clusters, clock: clock)
        let gitOps = GitOps(
            git: git,
            records: TenantRecords(records: records),
            layout: layout,
            clock: clock
        )
        let workflows = ClusterWorkflows(
            records: records,
            clusters: clusters,
            drivers: drivers,
            git: MortalDelivery(inner: gitOps.delivery(through: engines), life: life),
            direct: DirectDelivery(records: records, management: clusters),
            engines: engines,
            clock: clock
        )
        return workflows.workflows
    }

    /// The tenant's platform repository, with one object in it.
    private func plantRepository() async throws {
        guard let cluster = try await current else { return }
        let tenant = cluster.tenantName
        let object = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: from-git
              namespace: default
            """
        let path = try RepositoryPath(parsing: "clusters/\(tenant)/config.yaml")
        let repository = layout.platform(of: tenant)
        try await git.create(at: layout.management, branch: RepositoryLayout.branch)
        try await git.create(at: repository, branch: RepositoryLayout.branch)
        try await git.open(repository) { repository throws(GitFault) in
            let person = Signature(name: "Ada", email: "ada@example.org", seconds: 1_700_000_000)
            let text = CommitText(message: "Begin", author: person, committer: person)
            _ = try repository.commit(onto: "main", text: text) { _, _ throws(GitFault) in
                [.put(TreeFile(path: path, content: .bytes(Array(object.utf8))))]
            }
        }
    }

    /// The cluster as it is recorded; nil where it is gone.
    var current: Cluster? {
        get async throws { try await records.cluster(cluster) }
    }

    /// Changes what is wanted of the cluster.
    func change(_ change: (inout ClusterSpec) -> Void) async throws {
        guard var cluster = try await current else { return }
        change(&cluster.spec)
        cluster.generation += 1
        cluster.revision += 1
        records.set(cluster)
    }

    func object(
        _ group: String,
        _ kind: String,
        _ name: String,
        in namespace: String? = nil
    ) async throws -> KubernetesObject? {
        let kind = GroupKind(group: group, kind: kind)
        let place = namespace ?? self.namespace
        return try await client.get(ObjectKey(kind, namespace: place, name: name))
    }
}

/// The API servers that are there.
private struct PlayedNetwork: ClusterNetwork {
    let server: PlayedServer
    let life: KillSwitch

    func way(to management: ManagementCluster) async throws(ProviderFault) -> ClusterWay {
        way(over: server.transport, to: "management")
    }

    func way(
        to cluster: Cluster,
        in management: ManagementCluster,
        kubeconfig:
            @escaping @Sendable (ClusterVantage) async throws(KubernetesFault) -> SecretBytes
    ) async throws(ProviderFault) -> ClusterWay {
        way(over: server.tenants(cluster.slug), to: "\(cluster.slug)")
    }

    func transport(
        over way: ClusterWay,
        to management: ManagementCluster,
        token: @escaping @Sendable () async throws(KubernetesFault) -> SecretBytes
    ) -> any KubernetesTransport {
        guard let visitors = server.visitors else { return way.transport }
        return MortalTransport(inner: TokenTransport(inner: visitors, token: token), life: life)
    }

    private func way(over transport: any KubernetesTransport, to name: String) -> ClusterWay {
        let mortal = MortalTransport(inner: transport, life: life)
        return ClusterWay(transport: mortal, endpoint: { "https://\(name).example:6443" }) {
            _ throws(KubernetesFault) in SecretBytes("none")
        }
    }
}

/// A way with a token.
private struct TokenTransport: KubernetesTransport {
    let inner: any KubernetesTransport
    let token: @Sendable () async throws(KubernetesFault) -> SecretBytes

    func send(_ request: KubernetesRequest) async throws(KubernetesFault) -> KubernetesAnswer {
        var request = request
        request.headers.append(("authorization", "Bearer \(try await token().revealedText())"))
        return try await inner.send(request)
    }
}

extension ClusterBench {
    /// One way for a cluster to be had.
    struct Form: Sendable, CustomTestStringConvertible {
        let kind: ClusterKind
        let delivery: ManagementClusterSpec.Delivery
        var engine = ManagementClusterSpec.Engine.flux
        /// What the management cluster is called.
        var place = "local"
        var connection = ManagementClusterSpec.Connection.inCluster

        var testDescription: String {
            "\(kind.rawValue), \(delivery.rawValue), \(engine.rawValue)"
        }

        static let all = forms(with: .flux)
        static let argo = forms(with: .argocd)

        private static func forms(with engine: ManagementClusterSpec.Engine) -> [Form] {
            ClusterKind.allCases.flatMap { kind in
                ManagementClusterSpec.Delivery.allCases.map { delivery in
                    Form(kind: kind, delivery: delivery, engine: engine)
                }
            }
        }
    }

    /// Runs `body` on a loop, with a cluster of that form that is asked for and nothing of it
    /// made.
    static func run(
        _ form: Form,
        on opening: ServerOpening,
        _ body: @escaping @Sendable (ClusterBench) async throws -> Void
    ) async throws {
        try await run([(form, opening)]) { try await body($0[0]) }
    }

    /// The same with several management clusters that share one management repository.
    static func run(
        _ forms: [(Form, ServerOpening)],
        _ body: @escaping @Sendable ([ClusterBench]) async throws -> Void
    ) async throws {
        let folder = TemporaryDirectory()
        let group = try EventLoopGroup(count: 1)
        group.start()
        let pool = BlockingPool(threads: 2, queueLimit: 1_000, name: "git")
        let task = Task(executorPreference: group.loops[0]) {
            let git = GitService(pool: pool, group: group, home: "\(folder.path)/home")
            let layout = RepositoryLayout(
                root: "\(folder.path)/repositories",
                baseURL: "https://git.example.com"
            )
            let repositories = PlayedRepositories(git: git, layout: layout)
            var servers: [PlayedServer] = []
            let result: Result<Void, any Error>
            do {
                var benches: [ClusterBench] = []
                for (form, opening) in forms {
                    let server = try await opening.open(group.loops[0], repositories)
                    servers.append(server)
                    let bench = try bench(form, on: server, git, layout)
                    try await bench.prepare()
                    benches.append(bench)
                }
                try await body(benches)
                result = .success(())
            } catch {
                result = .failure(error)
            }
            for server in servers { await server.close() }
            try result.get()
        }
        let result = await task.result
        pool.stop()
        group.stop()
        try result.get()
    }

    /// What is there before anything is asked for.
    private func prepare() async throws {
        for name in ["flux-system", "argocd"] {
            let json: JSONObject = [
                "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)],
            ]
            _ = try await client.apply(json, force: true)
        }
        try await plantRepository()
    }

    private static func bench(
        _ form: Form,
        on server: PlayedServer,
        _ git: GitService,
        _ layout: RepositoryLayout
    ) throws -> ClusterBench {
        let records = MemoryClusterRecords()
        let life = KillSwitch()
        var random = SystemRandomNumberGenerator()
        let suffix = ShortHash.hex(of: "\(random.next())")
        let cluster = try records.plant(form, tenant: "t\(suffix)")
        let client = KubernetesClient(transport: server.transport)
        return ClusterBench(
            client: client,
            player: Player(
                client: client,
                git: git,
                layout: layout,
                namespace: cluster.slug.namespace,
                place: form.place,
                platformNamespace: form.kind == .namespace
                    ? cluster.slug.accessNamespace : cluster.slug.namespace
            ),
            processes: (0..<2).map { _ in
                process(on: server, records, git, layout, life)
            },
            records: records,
            clusters: ManagementClusters(network: PlayedNetwork(server: server, life: life)),
            git: git,
            layout: layout,
            life: life,
            cluster: cluster.id,
            slug: cluster.slug,
            isReal: server.isReal,
            isPlaying: server.isPlaying,
            tenantClient: KubernetesClient(
                transport: form.kind == .namespace
                    ? server.transport : server.tenants(cluster.slug)
            ),
            tenantTransport: server.tenants(cluster.slug),
            serverTurn: server.turn
        )
    }
}

extension MemoryClusterRecords {
    /// A tenant with a repository, a management cluster that has been looked at, and a cluster
    /// that is asked for.
    fileprivate func plant(_ form: ClusterBench.Form, tenant name: String) throws -> Cluster {
        let wish = try WishSample.wish(form.kind, tenant: name, name: "web")
        var cluster = wish.cluster
        cluster.spec.managementCluster = try ManagementClusterName(parsing: form.place)
        if form.kind == .cluster { try makeClass(for: &cluster) }
        var features = wish.features
        features.hasFlux = form.engine == .flux
        features.hasArgoCD = form.engine == .argocd
        features.infrastructure["VCluster"] = nil
        set(
            ManagementCluster(
                id: ManagementClusterID(high: 1, low: 1),
                name: cluster.spec.managementCluster,
                labels: Labels(),
                spec: ManagementClusterSpec(connection: form.connection, delivery: form.delivery),
                status: ManagementClusterStatus(phase: .ready, features: features),
                generation: 1,
                revision: 1,
                createdAt: ClusterBench.moment,
                updatedAt: ClusterBench.moment
            )
        )
        set(
            Tenant(
                id: cluster.tenant,
                name: cluster.tenantName,
                labels: Labels(),
                spec: TenantSpec(
                    displayName: name,
                    blueprint: BlueprintChoice(
                        name: try BlueprintName(parsing: "platform"),
                        version: nil
                    )
                ),
                status: TenantStatus(phase: .ready),
                blueprint: BlueprintID(high: 1, low: 1),
                repository: TenantRepository(
                    name: "platform",
                    branch: "main",
                    blueprintVersion: "1.0.0",
                    baseCommit: "0",
                    commit: "0",
                    parameters: JSONObject()
                ),
                generation: 1,
                revision: 1,
                createdAt: ClusterBench.moment,
                updatedAt: ClusterBench.moment
            )
        )
        set(cluster)
        return cluster
    }
}

extension MemoryClusterRecords {
    /// A cluster of the class that is shipped as an example.
    private func makeClass(for cluster: inout Cluster) throws {
        let template = try #require(SharedData.ownBytes("examples/cluster-classes/dev.yaml"))
        let name = try ClusterClassName(parsing: "dev")
        cluster.spec.className = name
        cluster.spec.kubernetesVersion = "1.34.2"
        set(
            ClusterClass(
                id: ClusterClassID(high: 1, low: 1),
                name: name,
                labels: Labels(),
                definition: Array(#"{"kubernetesVersions":["1.34","1.35"]}"#.utf8),
                template: String(decoding: template, as: UTF8.self),
                source: nil,
                status: Array("{}".utf8),
                generation: 1,
                revision: 1,
                createdAt: ClusterBench.moment,
                updatedAt: ClusterBench.moment
            )
        )
    }
}
