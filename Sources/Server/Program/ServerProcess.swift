import API
import Clusters
import Domain
import Environments
import EventLoop
import Folders
import Forges
import Git
import GitOps
import HTTP
import Jobs
import Logging
import Postgres
import Sandbox
import Storage
import Synchronization
import Telemetry
import Webhooks

/// A running server: everything that `serve` starts, and the order in which it ends.
final class ServerProcess: Sendable {
    /// What this process serves and runs; absent where its role leaves it out.
    private struct Parts: Sendable {
        var server: Server?
        var handler: APIHandler?
        var engine: JobEngine?
        var housekeeping: Housekeeping?
        var fleet: Task<Void, Never>?
        /// Cancelled and awaited by `drain`.
        var looks: Task<Void, Never>?
        var serviceLooks: Task<Void, Never>?
        /// Cancelled and awaited by `drain`.
        var sandbox: Task<Void, Never>?
        /// Cancelled and awaited by `drain`.
        var webhooks: Task<Void, Never>?
        /// Cancelled and awaited by `drain`.
        var reports: Task<Void, Never>?
    }

    let settings: Settings
    private let group: EventLoopGroup
    private let services: Services
    private let logger: Logger
    private let tls: TLSContext?
    private let parts: Mutex<Parts>
    private let readiness: Readiness

    /// Starts everything; what was started is stopped again when a part fails.
    ///
    /// - Throws: a fault whose description says what to do.
    static func start(
        _ installation: Installation,
        on group: EventLoopGroup
    ) async throws -> ServerProcess {
        let services = try Services(installation, on: group)
        do {
            let process = try ServerProcess(installation, services, group)
            try await process.open(installation)
            return process
        } catch {
            await services.stop()
            throw error
        }
    }

    private init(
        _ installation: Installation,
        _ services: Services,
        _ group: EventLoopGroup
    ) throws {
        settings = installation.settings
        self.group = group
        self.services = services
        logger = installation.log.logger("slipway")
        tls = try settings.tls.map { files in
            try TLSContext(certificatePath: files.certificate, keyPath: files.key)
        }
        readiness = Readiness()
        parts = Mutex(Parts())
    }

    private func open(_ installation: Installation) async throws {
        let began = MonotonicTime.now()
        try await services.database.start()
        let bootstrap = Bootstrap(
            storage: services.storage,
            keyring: services.keyring,
            directory: installation.directory
        )
        try await bootstrap.checkKey()
        let isNew = try await bootstrap.makeAdminToken()
        // There from the start, so that a GitOps engine can be pointed at it before any tenant.
        try await services.git.create(at: services.layout.management)
        // The sandbox is pointed at its folder first: it would prune what it no longer finds.
        try await SandboxSeed(services).prepare()
        try await services.carryOver()
        if settings.seedsExample {
            try await ExampleSeed(services).plant()
            try await SandboxSeed(services).plant()
        }
        let housekeeping = Housekeeping(
            services,
            on: group.loops[0],
            logger: logger
        )
        let engine = settings.role.runsJobs ? services.makeEngine(on: group) : nil
        parts.withLock { $0 = Parts(server: nil, engine: engine, housekeeping: housekeeping) }
        services.listen()
        engine?.start()
        if settings.role.runsJobs { watch() }
        if settings.role.runsJobs { playSandbox() }
        sendWebhooks()
        reportToForges()
        try serve(engine)
        logger.notice(
            "slipway is ready",
            metadata: [
                "version": "\(Version.text)", "role": "\(settings.role.rawValue)",
                "data": "\(installation.directory.path)",
                "admin_token": "\(isNew ? installation.directory.adminToken : "made before")",
                "ready_ms": "\((MonotonicTime.now() - began).nanoseconds / 1_000_000)",
            ]
        )
    }

    /// Watches the clusters and looks at the environments from one loop, beside the jobs.
    private func watch() {
        let loop = group.loops[group.loops.count - 1]
        let observer = services.clusters.observer(
            on: loop,
            log: services.log.logger("slipway.clusters")
        )
        services.metrics.observe(observer)
        // Cancelled and awaited by `drain`.
        let task = Task(executorPreference: loop) { await observer.run() }
        let watch = services.environmentWatch(on: loop)
        // The same.
        let looks = Task(executorPreference: loop) { await watch.run() }
        let serviceWatch = services.serviceWatch(on: loop)
        // The same.
        let serviceLooks = Task(executorPreference: loop) { await serviceWatch.run() }
        parts.withLock { parts in
            parts.fleet = task
            parts.looks = looks
            parts.serviceLooks = serviceLooks
        }
    }

    /// Plays the controllers of the sandbox's clusters, in one process at a time.
    private func playSandbox() {
        let controllers = SandboxControllers(
            services.sandbox,
            controllers: services.sandboxControllers,
            holder: "\(Host.name)-\(UInt32.random(in: .min ... .max))",
            report: { [logger] in logger.warning("sandbox", metadata: ["reason": "\($0)"]) }
        )
        // Cancelled and awaited by `drain`.
        let task = Task(executorPreference: group.loops[0]) { await controllers.run() }
        parts.withLock { $0.sandbox = task }
    }

    /// Sends events to the receivers of webhooks from one loop, where the role has it.
    private func sendWebhooks() {
        guard let webhooks = services.webhooks else { return }
        let loop = group.loops[group.loops.count - 1]
        // Cancelled and awaited by `drain`.
        let task = Task(executorPreference: loop) { await webhooks.run() }
        parts.withLock { $0.webhooks = task }
    }

    /// Tells forges how environments stand, from one loop, where the role has it.
    private func reportToForges() {
        guard let reports = services.reports else { return }
        let loop = group.loops[group.loops.count - 1]
        // Cancelled and awaited by `drain`.
        let task = Task(executorPreference: loop) { await reports.run() }
        parts.withLock { $0.reports = task }
    }

    private func serve(_ engine: JobEngine?) throws {
        let probes = readiness.probes(of: services, engine: engine)
        let handler = try APIHandler(
            services.api(probes: probes),
            operations: settings.role.servesAPI ? .all : .health
        )
        let mount = SandboxMount(
            api: handler,
            server: services.sandbox,
            storage: services.storage,
            requests: SandboxRequests(services.metrics, log: services.log.sink),
            uses: SandboxUses(
                services.storage.environments,
                domain: services.environments.domain
            )
        )
        let surface: any RequestHandler = settings.role.servesAPI ? mount : handler
        let server = Server(group: group, handler: surface, limits: ServerLimits(), tls: tls)
        parts.withLock { parts in
            parts.server = server
            parts.handler = handler
        }
        services.metrics.observe(server)
        for address in settings.listen {
            let bound = try Self.reaching(address) { try server.listen(on: address) }
            logger.notice("listening", metadata: ["address": "\(bound)"])
        }
    }

    /// Finds out whether the addresses can be had, before anything else is started.
    static func examineAddresses(_ settings: Settings) throws(StartFault) {
        for address in settings.listen {
            try reaching(address) { try Server.examine(address) }
        }
    }

    private static func reaching<Value>(
        _ address: ListenAddress,
        _ body: () throws -> Value
    ) throws(StartFault) -> Value {
        do { return try body() } catch {
            throw StartFault(
                "cannot listen on \(address): \(error); give another --listen, or stop what uses "
                    + "this one"
            )
        }
    }

    /// Waits for SIGTERM or SIGINT, then ends everything in order.
    ///
    /// On loop 0.
    func runUntilStopped() async {
        let signals = StopSignals(on: group.loops[0]) { [self] in reloadCertificate() }
        await signals.untilStop()
        await drain()
    }

    /// New requests are refused, those under way are finished, leases are handed back.
    private func drain() async {
        logger.notice("draining", metadata: ["seconds": "\(settings.drainSeconds)"])
        readiness.beginDraining()
        services.releaseHeldAnswers()
        let parts = parts.withLock { $0 }
        let limit = Duration.seconds(settings.drainSeconds)
        parts.fleet?.cancel()
        parts.looks?.cancel()
        parts.serviceLooks?.cancel()
        parts.sandbox?.cancel()
        parts.webhooks?.cancel()
        parts.reports?.cancel()
        await parts.sandbox?.value
        async let served: Void? = parts.server?.drain(within: limit)
        async let worked: Void? = parts.engine?.drain(within: limit)
        _ = await (served, worked)
        await parts.handler?.settle()
        await parts.fleet?.value
        await parts.looks?.value
        await parts.serviceLooks?.value
        await parts.webhooks?.value
        await parts.reports?.value
        await parts.housekeeping?.stop()
        await services.stop()
        logger.notice("stopped")
    }

    private func reloadCertificate() {
        guard let tls else { return }
        do {
            try tls.reload()
            logger.notice("certificate read anew")
        } catch {
            logger.error("certificate kept as it was", metadata: ["reason": "\(error)"])
        }
    }
}
