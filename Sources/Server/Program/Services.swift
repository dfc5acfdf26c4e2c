import API
import Contract
import Domain
import Environments
import EventLoop
import Federation
import Forges
import Git
import GitOps
import HTTP
import Ingest
import Jobs
import Kubernetes
import Logging
import Postgres
import Provisioning
import Sandbox
import Storage
import Telemetry
import TimeZones
import Webhooks

/// The parts that the API and the workers share, wired together.
final class Services: Sendable {
    /// Threads for libgit2 and other work that blocks; more only wait for the disk.
    private static let poolThreads = 4
    /// Pieces of work that may wait for such a thread.
    private static let poolQueueMax = 1024
    /// Threads that ask for the addresses of hosts: a name server that is silent holds them for as
    /// long as the machine waits for one, and nothing else.
    private static let resolverThreads = 2
    /// Questions that may wait for such a thread.
    private static let resolverQueueMax = 64

    let settings: Settings
    let keyring: Keyring
    let metrics = MetricsRegistry()
    let database: Database
    let storage: Storage
    let queue: JobQueue
    let pool: BlockingPool
    /// Asks for the addresses of hosts.
    let resolver: BlockingPool
    let layout: RepositoryLayout
    let git: GitService
    let backend: GitBackend
    let jobSignal = ChangeSignal()
    /// Wakes the workers of this process.
    let workers = WorkerBell()
    let eventSignal = ChangeSignal()
    /// Nil where the role of the process leaves it out.
    let webhooks: WebhookDispatcher?
    /// The same.
    let reports: ForgeReporter?
    let sandbox: SandboxServer
    /// The forges that keep repositories of tenants.
    let hosts: StoredHosts
    let clusters: ClusterParts
    let environments: EnvironmentParts
    /// Drives repositories for the jobs.
    private let gitOps: GitOps
    let federation: Federation
    let log: Log
    /// Where the rules of time zones come from.
    let zones: ZoneDirectory
    /// What environments are judged by, in calls and in the work on what forges deliver.
    let apiEnvironments: APIEnvironments

    init(_ installation: Installation, on group: EventLoopGroup) throws {
        settings = installation.settings
        log = installation.log
        zones = ZoneDirectory()
        keyring = try Keyring(in: installation.directory)
        database = Database(
            group: group,
            connection: installation.database.connection,
            options: Self.databaseOptions(loops: group.loops.count),
            logger: log.logger("slipway.postgres"),
            metrics: metrics
        )
        storage = Storage(database)
        queue = JobQueue(database)
        pool = BlockingPool(
            threads: Self.poolThreads,
            queueLimit: Self.poolQueueMax,
            name: "blocking"
        )
        resolver = BlockingPool(
            threads: Self.resolverThreads,
            queueLimit: Self.resolverQueueMax,
            name: "resolver"
        )
        layout = RepositoryLayout(
            root: installation.directory.repositories,
            baseURL: "\(installation.settings.reachableURL)/git"
        )
        git = GitService(pool: pool, group: group, home: installation.directory.gitHome)
        backend = try GitBackend(home: installation.directory.gitHome)
        sandbox = Self.sandbox(storage, keyring, settings)
        let loop = group.loops[group.loops.count - 1]
        hosts = Self.hosts(storage, keyring, settings, on: loop)
        clusters = ClusterParts(
            storage: storage,
            layout: layout,
            hosts: hosts,
            sealer: keyring.sealer,
            sandbox: sandbox,
            adoptedAddresses: installation.settings.adoptedAddresses,
            play: Self.play(git: git, layout: layout, storage: storage),
            pool: pool,
            loop: loop
        )
        environments = Self.environments(in: clusters, settings, zones, on: loop)
        gitOps = GitOps(
            git: git,
            records: StoredRecords(storage: storage, sealer: keyring.sealer),
            layout: layout,
            hosts: hosts,
            clock: { Moment.now() }
        )
        apiEnvironments = environments.api(gitOps)
        federation = Self.federation(settings, metrics, on: loop)
        let hooks = log.logger("slipway.webhooks")
        webhooks =
            settings.role.runsJobs
            ? Self.webhooks(storage, keyring, settings, metrics, on: loop, hooks) : nil
        let forges = log.logger("slipway.forges")
        reports =
            settings.role.runsJobs
            ? Self.reports(storage, keyring, settings, metrics, on: loop, forges) : nil
        metrics.registerProcessMetrics()
        metrics.observe(group)
    }

    /// Write sessions of all loops together: a commit waits for the disk, and PostgreSQL flushes
    /// once for all that wait at that moment.
    ///
    /// With 16 the flush, and not the queue before it, sets the pace, and two processes stay far
    /// below PostgreSQL's usual 100 connections.
    private static let writeSessions = 16

    private static func databaseOptions(loops: Int) -> DatabaseOptions {
        var options = DatabaseOptions()
        options.writeSessionsPerLoop = max(1, writeSessions / loops)
        return options
    }

    /// Closes what was opened; for the end of the program.
    func stop() async {
        await federation.close()
        await environments.probe.close()
        await hosts.close()
        await clusters.close()
        await database.stop()
    }

    /// What the API works with.
    func api(probes: [ReadinessProbe]) -> APIServices {
        var limits = APILimits()
        limits.perToken = settings.rateLimit
        return APIServices(
            storage: storage,
            git: apiGit,
            clusters: apiClusters,
            environments: apiEnvironments,
            ordering: environments.ordering(gitOps),
            federation: apiFederation,
            forges: APIForges(
                refusalOfAddress: settings.refusalOfForge(at:),
                changed: { [reports] in reports?.wake() }
            ),
            catalog: apiCatalog,
            pool: pool,
            clock: { Moment.now() },
            key: keyring.cursors,
            metrics: metrics,
            log: log.sink,
            limits: limits,
            probes: probes,
            library: Library(
                description: EmbeddedFiles.bytes("openapi.yaml"),
                page: EmbeddedFiles.bytes("docs/api.html"),
                version: Version.text
            ),
            sealer: keyring.sealer,
            refusalOfReceiver: settings.webhookAddresses.refusal(of:),
            jobStored: jobStored,
            steps: steps,
            jobSignal: jobSignal,
            eventSignal: eventSignal
        )
    }

    /// Tells workers that a job was stored: those of this process at once.
    var jobStored: @Sendable () -> Void {
        { [workers, queue] in
            workers.ring()
            queue.announce()
        }
    }

    /// Repositories, as callers get at them.
    var apiGit: APIGit {
        APIGit(
            backend: backend,
            service: git,
            folder: { [layout] owner, name in layout.folder(of: owner, named: name) },
            platformURL: { [layout] tenant in layout.platformURL(of: tenant) },
            publicURL: settings.publicURL
        )
    }

    /// Environments in those clusters.
    private static func environments(
        in clusters: ClusterParts,
        _ settings: Settings,
        _ zones: any TimeZoneSource,
        on loop: EventLoop
    ) -> EnvironmentParts {
        let sandboxURL = "\(settings.reachableURL)/sandbox"
        return EnvironmentParts(
            clusters: clusters,
            probe: AddressProbe(
                on: loop,
                sandboxURL: sandboxURL,
                addresses: settings.adoptedAddresses,
                questions: settings.webhookAddresses.limits
            ),
            domain: settings.environmentDomain,
            sandboxURL: sandboxURL,
            zones: zones
        )
    }

    /// Removes the mirrors of blueprints that are gone.
    func removeMirrors() async throws -> [BlueprintName] {
        try await gitOps.removeMirrors { name in
            try await storage.blueprints.find(name, as: .system) != nil
        }
    }

    /// What roll-outs order with themselves.
    private var orders: PlacedOrders {
        PlacedOrders(orders: RollOutOrders { self.api(probes: []) })
    }

    /// Everything that jobs can be about.
    private var workflows: [Workflow] {
        let gitOps = gitOps
        return gitOps.workflows + clusters.workflows(gitOps)
            + environments.workflows(gitOps).workflows(placing: orders)
            + environments.services(gitOps).workflows + [hookWorkflow, ingest.workflow]
    }

    /// Looks at environments between their jobs.
    func environmentWatch(on loop: EventLoop) -> EnvironmentWatch {
        EnvironmentWatch(
            turns: StoredEnvironments(clusters: clusters.records, zones: zones),
            workflows: environments.workflows(gitOps),
            loop: loop,
            log: log.logger("slipway.environments"),
            told: metrics.looks(at: "environment")
        )
    }

    /// Looks at services, and at what their consumers have, between their jobs.
    func serviceWatch(on loop: EventLoop) -> ServiceWatch {
        let records = StoredEnvironments(clusters: clusters.records, zones: zones)
        return ServiceWatch(
            turns: StoredServices(environments: records),
            workflows: environments.services(gitOps),
            loop: loop,
            log: log.logger("slipway.services"),
            told: metrics.looks(at: "service")
        )
    }

    /// Brings the management repository to the layout of this version.
    func carryOver() async throws { try await gitOps.carryOver() }

    /// The names of the steps of each kind of job, for plans.
    private var steps: @Sendable (JobKind) -> [String] {
        let names = Dictionary(
            uniqueKeysWithValues: workflows.map { ($0.kind, $0.steps.map(\.name)) }
        )
        return { names[$0] ?? [] }
    }

    /// The worker of this process.
    func makeEngine(on group: EventLoopGroup) -> JobEngine {
        var engine = EngineSettings()
        engine.workerName = Host.name
        engine.stepsAtOnceMax = settings.concurrentStepsMax
        let made = JobEngine(
            queue: queue,
            workflows: workflows + (settings.allowsBenchmarks ? [.benchNoop] : []),
            settings: engine,
            loop: group.loops[group.loops.count - 1],
            metrics: JobMetrics(in: metrics),
            logger: log.logger("slipway.jobs"),
            onChange: { [jobSignal] in jobSignal.ring() }
        )
        workers.attach(made)
        return made
    }

    /// Lets calls that wait for something answer at once, and streams end.
    func releaseHeldAnswers() {
        jobSignal.close()
        eventSignal.close()
        sandbox.close()
    }

    /// Passes on what other processes, and this one, tell through the database.
    func listen() {
        let channels = [
            JobQueue.channel, JobQueue.changeChannel, EventStore.channel, SandboxStore.channel,
        ]
        database.listen(to: channels) {
            [workers, jobSignal, eventSignal, sandbox, webhooks] notification in
            switch notification {
            case .received(JobQueue.channel, _): workers.ring()
            case .received(JobQueue.changeChannel, _): jobSignal.ring()
            case .received(SandboxStore.channel, _): sandbox.hint()
            case .received:
                eventSignal.ring()
                webhooks?.wake()
            case .resynchronise:
                workers.ring()
                jobSignal.ring()
                eventSignal.ring()
                webhooks?.wake()
                sandbox.hint()
            }
        }
    }
}

extension RepositoryLayout {
    /// The folder of a repository that callers name over HTTP; nil where there can be none.
    func folder(of owner: APIGit.Owner, named name: String) -> String? {
        switch owner {
        case .platform:
            name == Self.managementName ? management : nil
        case .blueprints:
            (try? BlueprintName(parsing: name)).map(mirror)  // No such name, no such mirror.
        case .tenant(let text):
            // No such name, no such tenant.
            name == Self.platformName ? (try? TenantName(parsing: text)).map(platform) : nil
        }
    }
}

extension Settings {
    /// What one token may send: bursts of ten seconds' worth.
    var rateLimit: RateLimit {
        RateLimit(perSecond: requestsPerSecondMax, burst: requestsPerSecondMax * 10)
    }

    /// What clone URLs start with: what the operator said, or the first address.
    var reachableURL: String {
        if let publicURL { return publicURL }
        let scheme = tls == nil ? "http" : "https"
        switch listen.first {
        case .host(let host, let port) where ["::", "0.0.0.0"].contains(host):
            return "\(scheme)://localhost:\(port)"
        case .host: return "\(scheme)://\(listen[0])"
        case .unix, nil: return "\(scheme)://localhost"
        }
    }
}
