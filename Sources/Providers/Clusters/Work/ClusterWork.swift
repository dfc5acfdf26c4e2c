import Contract
import Domain
import Drivers
import Kubernetes

/// Everything that one step of one cluster's job works with.
struct ClusterWork: Sendable {
    let cluster: Cluster
    let tenant: Tenant
    let management: ManagementCluster
    let client: KubernetesClient
    let driver: any ClusterDriver
    let delivery: any ClusterDelivery
    let resolved: ResolvedCluster
    let wish: ClusterWish
    /// The ways to clusters' own APIs.
    let clusters: ManagementClusters

    var target: DeliveryTarget { DeliveryTarget(cluster) }
    var namespace: String { cluster.slug.namespace }

    /// Whether Slipway makes the cluster, or only uses it.
    var isMade: Bool { cluster.spec.adopt == nil }

    /// What is seen of the cluster right now.
    func observation(at now: Instant) async throws(ProviderFault) -> ClusterObservation {
        try await sight(at: now).seen
    }

    /// What is seen, and an object whose controller has not noticed yet what is wanted of it.
    func sight(
        at now: Instant
    ) async throws(ProviderFault) -> (seen: ClusterObservation, unnoticed: String?) {
        let scene = try await ClusterScene(
            of: target,
            in: cluster.spec.kind == .namespace
                ? [namespace, cluster.slug.accessNamespace] : [namespace],
            kinds: driver.watched(in: wish.features),
            engineNamespace: wish.features.hasArgoCD ? wish.engineNamespace(.argocd) : nil,
            through: client
        )
        if !isMade {
            let driver = AdoptedDriver(after: await clusters.look(at: cluster, in: management))
            return (driver.observe(scene.objects, events: [], for: wish, at: now), nil)
        }
        let seen = driver.observe(scene.objects, events: [], for: wish, at: now)
        guard !seen.isReady, seen.rootUID != nil else { return (seen, scene.unnoticed) }
        let events = try await ClusterScene.events(in: namespace, through: client)
        let told = driver.observe(scene.objects, events: events, for: wish, at: now)
        return (told, scene.unnoticed)
    }
}

extension ClusterWorkflows {
    /// The cluster of the job as it is wanted now.
    func cluster(_ context: StepContext) async throws(ProviderFault) -> Cluster {
        guard let id = context.subject.id, let cluster = try await records.cluster(id.cast())
        else { throw .refused(reason: "the cluster is gone; cancel the job") }
        return cluster
    }

    /// The tenant of a cluster.
    func tenant(of cluster: Cluster) async throws(ProviderFault) -> Tenant {
        guard let tenant = try await records.tenant(cluster.tenant) else {
            throw .refused(reason: "the tenant is gone; cancel the job")
        }
        return tenant
    }

    /// What this step works with; nil where something newer is wanted than this job goes by, for
    /// which there is a job of its own.
    func work(_ context: StepContext) async throws(ProviderFault) -> ClusterWork? {
        let resolved = try ResolvedCluster(reading: context.findings(of: Self.resolveStep))
        let cluster = try await cluster(context)
        guard cluster.generation == resolved.generation, cluster.status.phase != .deleting else {
            context.log.info("something newer is wanted; its own job goes on")
            return nil
        }
        return try await work(for: cluster, resolved)
    }

    /// The same for a cluster at hand.
    func work(
        for cluster: Cluster,
        _ resolved: ResolvedCluster
    ) async throws(ProviderFault) -> ClusterWork {
        let tenant = try await tenant(of: cluster)
        let management = try await records.place(cluster.spec.managementCluster)
        let driver = try driver(of: cluster)
        return ClusterWork(
            cluster: cluster,
            tenant: tenant,
            management: management,
            client: try await clusters.reach(management).client,
            driver: driver,
            delivery: delivery(in: management),
            resolved: resolved,
            wish: try await WishMaker(records: records).wish(
                for: cluster,
                of: tenant,
                in: management,
                platformURL: resolved.platformURL
            ),
            clusters: clusters
        )
    }

    /// What makes clusters of that kind, or only connects one that is there already.
    private func driver(of cluster: Cluster) throws(ProviderFault) -> any ClusterDriver {
        guard cluster.spec.adopt == nil else { return AdoptedDriver() }
        guard let driver = drivers[cluster.spec.kind] else {
            throw .refused(reason: "no driver makes clusters of kind \(cluster.spec.kind.rawValue)")
        }
        return driver
    }

    /// How what is wanted gets to a management cluster.
    func delivery(in management: ManagementCluster) -> any ClusterDelivery {
        switch management.spec.delivery {
        case .gitops: git
        case .direct: direct
        }
    }

    /// When to look again: soon at first, then as a tenth of the time that has passed, at most
    /// every fifteen seconds.
    func pace(_ context: StepContext, atLeast least: Duration = .milliseconds(500)) -> Duration {
        let passed = context.waitingSince.map { clock() - $0 } ?? .zero
        return min(max(passed / 10, least), .seconds(15))
    }

    /// The outcome of a step that waits.
    func waiting(
        _ context: StepContext,
        for on: String,
        releasedBy: String? = Self.caretaker
    ) -> Outcome {
        .waiting(Wait(on: on, releasedBy: releasedBy), recheckAfter: pace(context))
    }

    /// The outcome of a step that waits on what a driver says, and how long that may take.
    func waiting(_ context: StepContext, on wait: ClusterWait) -> Outcome {
        .waiting(self.wait(on: wait), recheckAfter: pace(context))
    }

    /// The outcome of a step that waits for what the observer of the cluster sees too.
    ///
    /// The observer releases the job; that it looks by itself is for when nobody observes, and soon
    /// where the observer has seen more than the job has.
    func waiting(
        _ context: StepContext,
        for on: String,
        having seen: ClusterObservation,
        of cluster: Cluster
    ) async throws(ProviderFault) -> Outcome {
        let told = try await records.cluster(cluster.id)?.status.seen ?? seen
        let isBehind = told.isReachable && !seen.isReachable || told.isReady && !seen.isReady
        return .waiting(
            seen.waiting.map { wait(on: $0) } ?? Wait(on: on, releasedBy: nil),
            recheckAfter: isBehind ? pace(context) : pace(context, atLeast: Self.observedPace)
        )
    }

    /// How often a job looks at least at what the observer would tell it of.
    private static let observedPace = Duration.seconds(5)

    private func wait(on wait: ClusterWait) -> Wait {
        let isLate = wait.until.map { $0 <= clock() } ?? false
        return Wait(on: isLate ? wait.on + Self.overdue : wait.on, releasedBy: wait.releasedBy)
    }
}
