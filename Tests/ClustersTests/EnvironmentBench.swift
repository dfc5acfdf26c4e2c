import Clusters
import Contract
import Domain
import Environments
import EventLoop
import Git
import GitOps
import JSON
import Kubernetes
import Testing

/// The jobs of environments in a cluster that the sandbox plays, with real repositories.
struct EnvironmentBench: Sendable {
    private static let id = EnvironmentID(high: 8, low: 1)

    let bench: ClusterBench
    let records: MemoryEnvironments
    let probe: PlayedProbe
    let outage = PlayedOutage()
    let orders = PlayedOrders()
    let environments: EnvironmentWorkflows

    var trial: JobTrial {
        JobTrial(
            workflows: environments.workflows(placing: orders),
            life: bench.life,
            take: { [records] in records.take($0, of: $1.id) },
            turn: { [bench] in try await bench.turn() },
            world: { [self] in try await world() }
        )
    }

    /// A cluster of that form with a blueprint whose template holds these files.
    init(in bench: ClusterBench, template: [String: String] = files) async throws {
        self.bench = bench
        records = MemoryEnvironments(clusters: bench.records, cluster: bench.cluster)
        probe = PlayedProbe()
        let clock = records.clock
        let gitOps = GitOps(
            git: bench.git,
            records: TenantRecords(records: bench.records),
            layout: bench.layout,
            clock: clock
        )
        environments = EnvironmentWorkflows(
            records: records,
            places: PlayedPlaces(bench: bench, records: records, outage: outage),
            files: MortalFiles(inner: gitOps, life: bench.life),
            probe: probe,
            domain: "env.example.org",
            clock: clock
        )
        let commit = try await plant(template)
        let cluster = try #require(try await bench.current)
        var tenant = try #require(try await bench.records.tenant(cluster.tenant))
        tenant.repository?.baseCommit = commit
        bench.records.set(tenant)
        let made = try await bench.run(.clusterCreate, 1)
        try #require(made.step == nil, "\(made)")
    }

    /// Commits a blueprint, and names the commit.
    private func plant(_ template: [String: String]) async throws -> String {
        let mirror = bench.layout.mirror(of: try BlueprintName(parsing: "platform"))
        try await bench.git.create(at: mirror, branch: "main")
        let rollout = "    rollout: {deployment: app, service: app, route: app}\n"
        let splits = template.keys.contains("route.yaml")
        var files = ["blueprint.yaml": Self.manifest + (splits ? rollout : "")]
        for (path, text) in template { files["environments/web/\(path)"] = text }
        let edits = try files.map { path, text in
            TreeEdit.put(
                TreeFile(path: try RepositoryPath(parsing: path), content: .bytes(Array(text.utf8)))
            )
        }
        return try await bench.git.open(mirror) { repository throws(GitFault) in
            let person = Signature(name: "Ada", email: "ada@example.org", seconds: 1_700_000_000)
            let text = CommitText(message: "Begin", author: person, committer: person)
            return try repository.commit(onto: "main", text: text) { _, _ in edits }.commit.hex
        }
    }

    /// The environment as it is recorded; nil where it is gone.
    var current: Environment? {
        get async throws { try await records.environment(Self.id) }
    }

    static func occasion(_ number: UInt64) -> Occasion {
        Occasion(
            at: ClusterBench.moment,
            job: JobID(high: number, low: 5),
            event: EventID(high: number, low: 6)
        )
    }

    private func order(
        _ image: String,
        _ edit: (inout EnvironmentOrder) -> Void
    ) throws
        -> EnvironmentOrder
    {
        var order = EnvironmentOrder(placement: .cluster(try ClusterName(parsing: "web")))
        order.rest.images = EnvironmentImages([.init(name: "app", reference: image)])
        edit(&order)
        return order
    }

    private func surroundings() throws -> EnvironmentSurroundings {
        EnvironmentSurroundings(
            templates: [
                EnvironmentTemplatePolicy(
                    name: EnvironmentTemplateName("web"),
                    images: ["app"],
                    splitsTraffic: true
                )
            ],
            clusters: [
                ClusterSummary(
                    name: try ClusterName(parsing: "web"),
                    kind: .vcluster,
                    phase: .ready
                )
            ],
            environments: [EnvironmentName("staging"): ServiceName("payments")],
            zones: NoZones()
        )
    }

    /// Asks for the environment, or for another image in it; the job that follows.
    func ask(
        _ number: UInt64,
        image: String,
        _ edit: (inout EnvironmentOrder) -> Void = { _ in }
    ) async throws -> PlannedWork {
        let request = RollOutRequest(id: DeploymentID(high: 9, low: number), by: "ci")
        let order = try order(image, edit)
        let occasion = Self.occasion(number)
        let decision: Environment.Decision
        if let current = try await current {
            decision = try current.refresh(
                labels: current.labels,
                order: order,
                request: request,
                in: try surroundings(),
                on: occasion
            )
        } else {
            let cluster = try #require(try await bench.current)
            decision = try Environment.creation(
                id: Self.id,
                name: EnvironmentName(parsing: "pr-7"),
                of: cluster.tenant,
                named: cluster.tenantName,
                labels: Labels(),
                order: order,
                request: request,
                in: try surroundings(),
                on: occasion
            )
        }
        return try take(decision)
    }

    /// Asks for the end of the environment; the job that follows.
    func askForEnd(_ number: UInt64) async throws -> PlannedWork {
        let current = try #require(try await current)
        return try take(
            try #require(try current.deletion(by: "ci", on: Self.occasion(number)))
        )
    }

    /// Asks that the environment sleeps, or wakes; the job that follows.
    func askFor(sleep isAsleep: Bool, _ number: UInt64) async throws -> PlannedWork {
        let current = try #require(try await current)
        let occasion = Self.occasion(number)
        let decision =
            isAsleep ? try current.sleep(on: occasion) : try current.wake(on: occasion)
        return try take(try #require(decision))
    }

    /// Asks that what is live gets all requests back; the job that follows.
    func askForRestoration(_ number: UInt64) async throws -> PlannedWork {
        let current = try #require(try await current)
        return try take(try #require(current.restoration(on: Self.occasion(number))))
    }

    /// Sends a roll-out on, or back; the job that waits looks again.
    func steer(
        _ decide: (Environment, DeploymentID) throws -> Environment.Decision?
    ) async throws {
        let current = try #require(try await current)
        let coming = try #require(current.status.coming)
        let decision = try #require(try decide(current, coming.deployment))
        #expect(decision.wakesJob)
        records.set(decision.environment)
    }

    private func take(_ decision: Environment.Decision) throws -> PlannedWork {
        records.set(decision.environment)
        return try PlannedWork(try #require(decision.job))
    }

    /// Everything that there is of the environment: objects in its namespace, what applies it, and
    /// the files of the tenant's repository.
    func world() async throws -> Set<String> {
        var world: Set<String> = []
        let namespace = ObjectKey(GroupKind(kind: "Namespace"), name: "e-pr-7")
        if let found = try await bench.tenantClient.get(namespace) { world.insert("\(found.key)") }
        for kind in [
            GroupKind(group: "apps", kind: "Deployment"), GroupKind(kind: "ConfigMap"),
        ] {
            for object in try await bench.tenantClient.list(kind, namespace: "e-pr-7").items {
                world.insert("\(object.key) \(JSON.object(object.spec).text)")
            }
        }
        for kind in [
            GroupKind(group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization"),
            GroupKind(group: "argoproj.io", kind: "Application"),
        ] {
            for object in try await bench.client.list(kind).items where object.isOfPullRequest {
                world.insert("\(object.key) \(JSON.object(object.spec).text)")
            }
        }
        return world.union(try await files())
    }

    /// The environment's files in the tenant's repository, with what they hold.
    func files() async throws -> Set<String> {
        let cluster = try #require(try await bench.current)
        return try await bench.git.open(bench.layout.platform(of: cluster.tenantName)) {
            repository throws(GitFault) in
            guard let head = try repository.commit(named: "refs/heads/main") else { return [] }
            let files = try repository.snapshot(of: head).map { "\($0.path) \($0.id)" }
            return Set(files.filter { $0.hasPrefix("environments/") })
        }
    }
}

extension KubernetesObject {
    fileprivate var isOfPullRequest: Bool { labels["slipway.dev/environment"] == "pr-7" }
}

extension EnvironmentBench {
    static let manifest = """
        apiVersion: slipway.dev/v1
        kind: Blueprint
        metadata: {name: platform, description: A small platform.}
        environments:
          - name: web
            description: A web service.
            path: environments/web
            images: [app]
            substitute: ["**"]
            url: "http://${HOST}/shop"
            outputs: {namespace: "${NAMESPACE}"}

        """

    /// A service that runs one image.
    static let files = [
        "app.yaml": """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: app}
        spec:
          replicas: 1
          selector: {matchLabels: {app: app}}
          template:
            metadata: {labels: {app: app}}
            spec:
              containers: [{name: app, image: "${IMAGE_APP}"}]

        """,
        "config.yaml": """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: about}
        data: {host: "${HOST}"}

        """,
    ]

    /// The same service, whose pods suffer from a fault that the sandbox plays.
    static func files(suffering fault: String) -> [String: String] {
        var files = files
        files["app.yaml"] = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: app}
            spec:
              replicas: 1
              selector: {matchLabels: {app: app}}
              template:
                metadata:
                  labels: {app: app}
                  annotations: {sandbox.slipway.dev/fault: \(fault)}
                spec:
                  containers: [{name: app, image: "${IMAGE_APP}"}]

            """
        return files
    }
}
