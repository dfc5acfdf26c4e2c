package import Contract
package import Domain
package import EventLoop
package import Logging
import Synchronization

/// Watches management clusters, each by one process at a time: whoever holds its lease.
package final class FleetObserver: Sendable {
    /// How long a process that says nothing more keeps its right to watch.
    package static let leaseFor = Duration.seconds(15)
    /// How often the right is renewed, and that of others is tried for.
    private static let renewEvery = Duration.seconds(4)

    private struct Session: Sendable {
        let watch: FleetWatch
        let task: Task<Void, Never>
    }

    private let records: any FleetRecords
    private let clusters: ManagementClusters
    private let drivers: [ClusterKind: any ClusterDriver]
    private let holder: String
    private let loop: EventLoop
    private let clock: @Sendable () -> Instant
    private let log: Logger
    private let sessions: Mutex<[ManagementClusterID: Session]> = Mutex([:])

    /// Someone who watches; `holder` names this process.
    package init(
        records: any FleetRecords,
        clusters: ManagementClusters,
        drivers: [any ClusterDriver],
        holder: String,
        loop: EventLoop,
        clock: @escaping @Sendable () -> Instant,
        log: Logger
    ) {
        self.records = records
        self.clusters = clusters
        self.drivers = Dictionary(uniqueKeysWithValues: drivers.map { ($0.kind, $0) })
        self.holder = holder
        self.loop = loop
        self.clock = clock
        self.log = log
    }

    /// Watches of Kubernetes that are open right now.
    package var watchCount: Int {
        sessions.withLock { $0.values.reduce(0) { $0 + $1.watch.watchCount } }
    }

    /// Objects of Kubernetes that are held.
    package var objectCount: Int {
        sessions.withLock { $0.values.reduce(0) { $0 + $1.watch.objectCount } }
    }

    /// Watches until the task is cancelled, then gives back what it holds.
    package func run() async {
        repeat {
            do throws(ProviderFault) { try await turn() } catch {
                // Without the database nobody knows who may watch: others will take over.
                log.warning("management clusters unknown", metadata: ["reason": "\(error)"])
            }
            // Cancelled: the sleep ends the loop.
        } while (try? await loop.sleep(for: Self.renewEvery)) != nil
        let held = sessions.withLock { $0 }
        for id in held.keys { await end(id) }
        for id in held.keys {
            // Who waits for it only waits a little longer.
            try? await records.release(id, from: holder)
        }
    }

    private func turn() async throws(ProviderFault) {
        let all = try await records.managementClusters()
        let known = Set(all.map(\.id))
        for id in sessions.withLock({ Array($0.keys) }) where !known.contains(id) {
            await end(id)
        }
        for management in all {
            guard try await records.lease(management.id, to: holder, for: Self.leaseFor) else {
                await end(management.id)
                continue
            }
            let session = sessions.withLock { $0[management.id] }
            if let session {
                // The task ends by itself where the management cluster is not what it was.
                let isCurrent = session.watch.management.generation == management.generation
                if isCurrent, !session.watch.isOver { continue }
                await end(management.id)
            }
            await begin(management)
        }
    }

    private func begin(_ management: ManagementCluster) async {
        do throws(ProviderFault) {
            let watch = FleetWatch(
                management,
                through: try await clusters.reach(management).client,
                of: clusters,
                drivers: drivers,
                records: records,
                clock: clock,
                log: log
            )
            // Cancelled and awaited by `end`.
            let task = Task(executorPreference: loop) { await watch.run() }
            sessions.withLock { $0[management.id] = Session(watch: watch, task: task) }
        } catch {
            await cannotBegin(management, error)
        }
    }

    /// Says in the management cluster's status why it cannot be used.
    private func cannotBegin(_ management: ManagementCluster, _ fault: ProviderFault) async {
        let report = ManagementReport(
            unreachable: fault.words,
            keeping: management.status.features
        )
        // Without the database there is nobody to tell.
        try? await records.record(report, of: management)
        // The same.
        try? await records.lose(clustersIn: management, because: management.lossReason)
    }

    private func end(_ id: ManagementClusterID) async {
        guard let session = sessions.withLock({ $0.removeValue(forKey: id) }) else { return }
        session.task.cancel()
        await session.task.value
    }
}
