import Contract
import Domain
import EventLoop
import JSON
import Kubernetes
import Logging
import Synchronization

/// Watches one management cluster while this process holds the right to: one informer a kind,
/// however many clusters there are, and what follows from their objects for the clusters' status.
final class FleetWatch: Sendable {
    /// How often what changed is looked at; what changes in between is looked at once.
    static let settleEvery = Duration.milliseconds(250)
    /// How long a cluster is left alone after a look.
    static let lookPause = Duration.seconds(1)
    /// Clusters that are looked at in one turn.
    static let turnMax = 50
    /// How often the list of clusters is read anew.
    static let membersEvery = Duration.seconds(2)
    /// How often every cluster is looked at although nothing changed: deadlines pass silently.
    static let sweepEvery = Duration.seconds(30)
    /// How often the management cluster itself is checked.
    static let checkEvery = Duration.seconds(60)
    /// How often it is looked whether watches fail: then the check is made at once.
    static let listenEvery = Duration.seconds(1)
    /// How often it is asked whether it is there: watches of a server that is gone may just hear
    /// nothing.
    static let pingEvery = Duration.seconds(10)
    /// How long the answer to that may take.
    static let pingFor = Duration.seconds(5)
    /// How often a management cluster that is away is looked for.
    static let seekEvery = Duration.seconds(5)
    /// How long events that were read are good for.
    static let eventsFor = Duration.seconds(10)

    let management: ManagementCluster
    private let client: KubernetesClient
    private let drivers: [ClusterKind: any ClusterDriver]
    private let records: any FleetRecords
    private let clock: @Sendable () -> Instant
    private let log: Logger
    private let ledger = Mutex(ClusterLedger())
    private let informers: Mutex<[Informer]> = Mutex([])
    private let hasEnded = Atomic(false)
    private let isAway = Atomic(false)
    private let rounds: FleetRounds
    private let eventsRead: Mutex<[String: EventsRead]> = Mutex([:])

    /// Events of one namespace, and when they were read.
    private struct EventsRead: Sendable {
        let at: Instant
        let events: [JSONObject]
    }

    init(
        _ management: ManagementCluster,
        through client: KubernetesClient,
        of clusters: ManagementClusters,
        drivers: [ClusterKind: any ClusterDriver],
        records: any FleetRecords,
        clock: @escaping @Sendable () -> Instant,
        log: Logger
    ) {
        self.management = management
        self.client = client
        rounds = FleetRounds(of: management, through: clusters)
        self.drivers = drivers
        self.records = records
        self.clock = clock
        self.log = log
    }

    /// Whether `run` has returned.
    var isOver: Bool { hasEnded.load(ordering: .relaxed) }

    /// Kinds that are watched right now.
    var watchCount: Int { informers.withLock { $0.count } }

    /// Objects that are held.
    var objectCount: Int { ledger.withLock { $0.objectCount } }

    /// Watches until the task is cancelled.
    func run() async {
        let features = await check(keeping: management.status.features).features
        await lose()
        let kinds = watched(in: features)
        await withTaskGroup(of: Void.self) { group in
            for kind in kinds { group.addTask { await self.follow(kind) } }
            group.addTask { await self.repeating(every: Self.membersEvery) { await self.join() } }
            group.addTask { await self.repeating(every: Self.settleEvery) { await self.settle() } }
            group.addTask {
                await self.repeating(every: Self.sweepEvery) {
                    self.ledger.withLock { $0.touchAll() }
                }
            }
            group.addTask { await self.recheck(features) }
            group.addTask {
                await self.repeating(every: FleetRounds.every) {
                    for member in await self.rounds.go() {
                        self.ledger.withLock { $0.touch(member) }
                    }
                }
            }
            // What is installed has changed: begin anew with other kinds.
            await group.next()
            group.cancelAll()
        }
        informers.withLock { $0 = [] }
        hasEnded.store(true, ordering: .relaxed)
    }

    private func watched(in features: ManagementFeatures) -> [WatchedKind] {
        var kinds: [WatchedKind] = []
        for driver in drivers.values {
            for kind in driver.watched(in: features) where !kinds.contains(kind) {
                kinds.append(kind)
            }
        }
        return kinds
    }

    // MARK: - The management cluster itself

    /// Looks at the management cluster and keeps what was found.
    private func check(keeping known: ManagementFeatures) async -> ManagementReport {
        let report = await ManagementProbe(client, for: management.spec).report(keeping: known)
        do throws(ProviderFault) {
            try await records.record(report, of: management)
        } catch {
            log.warning("a check was not kept", metadata: ["reason": "\(error)"])
        }
        isAway.store(report.phase == .unreachable, ordering: .relaxed)
        return report
    }

    /// Checks again and again, sooner when watches begin to fail or nothing answered; ends when
    /// other things are installed than at the beginning, and when the server is back: watches
    /// that rest by now begin anew.
    private func recheck(_ known: ManagementFeatures) async {
        var last = clock()
        var asked = clock()
        var isSilent = false
        var knewOfFaults = false
        while await rest(Self.listenEvery) {
            let wasAway = isAway.load(ordering: .relaxed)
            if !wasAway, clock() - asked >= Self.pingEvery {
                isSilent = await !client.answers(within: Self.pingFor)
                asked = clock()
            }
            let fails = isSilent || informers.withLock { $0.contains(where: \.isCutOff) }
            let isNews = wasAway || (fails && !knewOfFaults)
            guard clock() - last >= (isNews ? Self.seekEvery : Self.checkEvery) else { continue }
            knewOfFaults = fails
            let features = await check(keeping: known).features
            last = clock()
            switch (wasAway, isAway.load(ordering: .relaxed)) {
            case (true, false): return
            // Clusters that were ordered meanwhile are lost as well.
            case (_, true): await lose()
            default: if watched(in: features) != watched(in: known) { return }
            }
        }
    }

    /// Says of every cluster that nobody can look at it, where that is so.
    private func lose() async {
        guard isAway.load(ordering: .relaxed) else { return }
        do throws(ProviderFault) {
            try await records.lose(clustersIn: management, because: management.lossReason)
        } catch {
            log.warning("a loss was not kept", metadata: ["reason": "\(error)"])
        }
    }

    // MARK: - Objects

    /// Feeds the ledger with the objects of one kind.
    private func follow(_ kind: WatchedKind) async {
        let group = GroupKind(group: kind.group, kind: kind.kind)
        let informer = Informer(
            group,
            of: client,
            labels: kind.labelSelector,
            trim: { _ in }
        )
        informers.withLock { $0.append(informer) }
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await informer.run() }
            tasks.addTask { await self.read(informer.changes(), of: group) }
            await tasks.waitForAll()
        }
    }

    private func read(_ feed: ChangeFeed, of kind: GroupKind) async {
        // Cancelled: the watch is being ended.
        while let batch = try? await feed.next() {
            ledger.withLock { ledger in
                if batch.isIncomplete { ledger.forget(kind) }
                ledger.take(batch.changes)
            }
        }
    }

    private func join() async {
        do throws(ProviderFault) {
            let members = try await records.clusters(in: management)
            ledger.withLock { $0.take(members) }
        } catch {
            log.debug("the clusters could not be read", metadata: ["reason": "\(error)"])
        }
    }

    // MARK: - Clusters

    /// Looks at what changed, and keeps what is to be said of it.
    private func settle() async {
        guard !isAway.load(ordering: .relaxed),
            informers.withLock({ $0.allSatisfy { $0.isSynced || $0.isMissing } })
        else { return }
        let now = clock()
        let due = ledger.withLock { ledger in
            ledger.due(atMost: Self.turnMax, at: now, pause: Self.lookPause)
        }
        for (member, objects) in due {
            do throws(ProviderFault) {
                try await observe(member, objects)
            } catch {
                // Looked at again with the next sweep, or when it changes.
                log.debug(
                    "a cluster could not be looked at",
                    metadata: ["cluster": "\(member.slug)", "reason": "\(error)"]
                )
            }
        }
    }

    private func observe(
        _ member: FleetMember,
        _ objects: [JSONObject]
    ) async throws(ProviderFault) {
        guard let wish = try await records.wish(of: member.id),
            let driver = rounds.driver(of: member, wish) ?? drivers[member.kind]
        else { return rounds.leave(member) }
        rounds.enter(member, wish, kubeconfig: driver.kubeconfigSecret(for: wish))
        let namespace = member.slug.namespace
        var seen = driver.observe(objects, events: [], for: wish, at: clock())
        if seen.isReady || seen.rootUID == nil {
            eventsRead.withLock { $0[namespace] = nil }
        } else {
            let events = try await events(in: namespace)
            seen = driver.observe(objects, events: events, for: wish, at: clock())
        }
        try await records.record(seen, of: member.id)
    }

    private func events(in namespace: String) async throws(ProviderFault) -> [JSONObject] {
        let now = clock()
        if let known = eventsRead.withLock({ $0[namespace] }), now - known.at < Self.eventsFor {
            return known.events
        }
        let events = try await ClusterScene.events(in: namespace, through: client)
        eventsRead.withLock { $0[namespace] = EventsRead(at: now, events: events) }
        return events
    }

    // MARK: - Time

    private func repeating(every interval: Duration, _ body: () async -> Void) async {
        repeat { await body() } while await rest(interval)
    }

    /// Waits; false where the task was cancelled meanwhile.
    private func rest(_ interval: Duration) async -> Bool {
        guard let loop = EventLoop.current else { return false }
        // Cancelled: there is no next turn.
        return (try? await loop.sleep(for: interval)) != nil
    }
}

extension ManagementCluster {
    /// Why nobody can look at its clusters.
    var lossReason: String { "management cluster \(name) cannot be used for now." }
}

extension Informer {
    /// Whether it hears nothing because the server as a whole is away or takes nobody in.
    fileprivate var isCutOff: Bool {
        switch statistics.fault {
        case .unreachable, .interrupted, .unauthorized, .untrusted, .throttled, .unavailable: true
        default: false
        }
    }
}
