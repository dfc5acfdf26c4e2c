package import Domain
package import EventLoop
package import Secrets
package import Storage
package import Telemetry

/// Everything that the operations work with; Program wires it, tests make their own.
///
/// One object, because every request holds it: a struct of so many parts is dear to copy.
package final class APIServices: Sendable {
    /// What is stored.
    package let storage: Storage
    /// Git over HTTP.
    package let git: APIGit
    /// Kubernetes, as far as the API needs it.
    package let clusters: APIClusters
    /// Environments, as far as they are not stored.
    package let environments: APIEnvironments
    /// Services, as far as they are not stored.
    package let ordering: APIOrdering
    /// Who vouches for pipelines.
    package let federation: APIFederation
    /// Forges, as far as they are not stored.
    package let forges: APIForges
    /// The catalog, as far as it is not stored.
    package let catalog: APICatalog
    /// Where what blocks is run.
    package let pool: BlockingPool
    /// The moment by the wall clock.
    package let clock: @Sendable () -> Domain.Instant
    /// The key from which cursors are signed.
    package let key: HMACSHA256
    /// Where requests are counted, and what `/metrics` shows.
    package let metrics: MetricsRegistry
    /// Where the line of each request goes; nil for none.
    package let log: LogSink?
    /// What callers may use up.
    package let limits: APILimits
    /// What `/readyz` asks.
    package let probes: [ReadinessProbe]
    /// What is served as it is.
    package let library: Library
    /// Seals the credentials of blueprints and the secrets of webhooks.
    package let sealer: Sealer
    /// Says why events are not sent to an address, as a sentence; nil where they are.
    package let refusalOfReceiver: @Sendable (String) -> String?
    /// Told after a job was stored, so that a worker looks at once.
    package let jobStored: @Sendable () -> Void
    /// The names of the steps of a kind of job, for plans.
    package let steps: @Sendable (JobKind) -> [String]
    /// Rung when a job changed, here or in another process.
    package let jobSignal: ChangeSignal
    /// Rung when an event was told.
    package let eventSignal: ChangeSignal
    /// Calls that are held right now.
    let holds = HoldCounter()
    /// Blueprints that are rendered right now; each may take seconds of a thread of the pool.
    let renderings = Shares(most: 8, share: 2)
    /// Deliveries of forges on their way, before anybody knows who sends them.
    let deliveries: BodyRoom
    /// What came of exchanges of tokens.
    let exchanges: ExchangeStatistics
    /// Streams that are served right now.
    let streams = HoldCounter()
    /// Parameter schemas that have been parsed.
    let schemas = SchemaCache()

    /// Services as Program wires them.
    package init(
        storage: Storage,
        git: APIGit,
        clusters: APIClusters,
        environments: APIEnvironments,
        ordering: APIOrdering,
        federation: APIFederation,
        forges: APIForges,
        catalog: APICatalog,
        pool: BlockingPool,
        clock: @escaping @Sendable () -> Domain.Instant,
        key: HMACSHA256,
        metrics: MetricsRegistry,
        log: LogSink?,
        limits: APILimits = APILimits(),
        probes: [ReadinessProbe],
        library: Library,
        sealer: Sealer,
        refusalOfReceiver: @escaping @Sendable (String) -> String?,
        jobStored: @escaping @Sendable () -> Void,
        steps: @escaping @Sendable (JobKind) -> [String],
        jobSignal: ChangeSignal,
        eventSignal: ChangeSignal
    ) {
        self.storage = storage
        self.git = git
        self.clusters = clusters
        self.environments = environments
        self.ordering = ordering
        self.federation = federation
        exchanges = ExchangeStatistics(metrics)
        self.forges = forges
        self.catalog = catalog
        self.pool = pool
        self.clock = clock
        self.key = key
        self.metrics = metrics
        self.log = log
        self.limits = limits
        deliveries = BodyRoom(
            bytesMax: limits.deliveryBytesMax,
            perAddress: limits.deliveryBytesPerAddressMax
        )
        self.probes = probes
        self.library = library
        self.sealer = sealer
        self.refusalOfReceiver = refusalOfReceiver
        self.jobStored = jobStored
        self.steps = steps
        self.jobSignal = jobSignal
        self.eventSignal = eventSignal
    }
}

/// What callers may use up.
package struct APILimits: Sendable {
    /// How often one token may ask: 200 requests a second, 2,000 at once.
    package var perToken = RateLimit(perSecond: 200, burst: 2_000)
    /// How often one address may ask without a valid token: 20 a second, 200 at once.
    package var perAddress = RateLimit(perSecond: 20, burst: 200)
    /// How often one address may exchange tokens: 20 times a second, 200 at once.
    package var perExchange = RateLimit(perSecond: 20, burst: 200)
    /// How often one address may deliver what forges tell: 500 times a second, 5,000 at once.
    ///
    /// A forge delivers for all of its repositories from a few addresses.
    package var perForge = RateLimit(perSecond: 500, burst: 5_000)
    /// Bytes of deliveries that one process holds at once: 64 MiB, some 2,000 usual ones.
    package var deliveryBytesMax = 64 << 20
    /// Bytes of deliveries of one address: half of them, so that no sender keeps all others out.
    package var deliveryBytesPerAddressMax = 32 << 20
    /// Streams of events or logs that one process serves at once.
    package var streamsMax = 1_000
    /// Calls that one process holds at once for `Prefer: wait` and `wait=`.
    package var waitsMax = 5_000
    /// How often a quiet stream says that it is still there.
    package var heartbeat = Duration.seconds(15)
    /// How long after the last hint a waiting call looks for itself.
    package var recheck = Duration.milliseconds(500)

    /// The defaults.
    package init() {}
}

/// One thing that must work before requests should be sent here.
package struct ReadinessProbe: Sendable {
    /// A word for it: `database`, `migrations`, `workers`, `drain`.
    package var name: String
    /// What is wrong, in words without secrets; nil where nothing is.
    package var check: @Sendable () async -> String?
    /// Whether requests should go elsewhere while it does not; else it is only told.
    package var isVital: Bool

    /// A probe of this name.
    package init(
        _ name: String,
        isVital: Bool = true,
        check: @escaping @Sendable () async -> String?
    ) {
        self.name = name
        self.isVital = isVital
        self.check = check
    }
}
