import Domain
import EventLoop
import Synchronization

/// Runs the controllers of all sandbox clusters in one process at a time.
///
/// Level-triggered: at the start every object is looked at, later those that changed by the
/// clusters' revisions. The process that holds the lease (a `Lease` object in `kube-system` of
/// the management cluster) works; others wait for it to lapse.
package final class SandboxControllers: Sendable {
    /// The most objects that are reconciled at once.
    package static let atOnceMax = 16
    /// How often changes are looked for without a hint: every second.
    private static let lookAround = Duration.seconds(1)
    /// How long changes are gathered before they are read: 10 ms.
    private static let gathering = Duration.milliseconds(10)
    /// How often tombstones are dropped: every minute.
    private static let compaction = Duration.seconds(60)
    /// Changes that are read at once: 500.
    private static let batch = 500

    private struct State {
        var queue = ControllerQueue()
        /// Up to where each cluster's changes are in the queue.
        var positions: [String: Int64] = [:]
        var compactedAt: Instant?

        /// Forgets everything but what still runs.
        mutating func rest() {
            queue.rest()
            positions = [:]
        }
    }

    private let server: SandboxServer
    private let controllers: [any SandboxController]
    /// The places of those that are asked about objects of a kind, and of every kind.
    private let concerned: [SandboxKind: [Int]]
    private let everConcerned: [Int]
    private let lease: ControllerLease
    private let report: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// The runner of those controllers, beside garbage collection and namespaces, which it brings
    /// along.
    ///
    /// `holder`: names this process in the lease.
    ///
    /// `report`: hears of what went wrong, in words without secrets.
    package init(
        _ server: SandboxServer,
        controllers: [any SandboxController],
        holder: String,
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.server = server
        let all = controllers + [GarbageCollector(), NamespaceController()]
        self.controllers = all
        everConcerned = all.indices.filter { all[$0].kinds.isEmpty }
        var concerned: [SandboxKind: [Int]] = [:]
        for place in all.indices {
            for kind in Set(all[place].kinds) { concerned[kind, default: []].append(place) }
        }
        self.concerned = concerned
        self.report = report
        lease = ControllerLease(server, holder: holder)
    }

    /// Works until the task is cancelled; on an event loop.
    package func run() async {
        await withDiscardingTaskGroup { group in
            let signal = server.anySignal
            while !Task.isCancelled, !signal.isClosed {
                let generation = signal.generation
                for work in await due() { group.addTask { await self.work(on: work) } }
                await signal.wait(since: generation, upTo: untilNext())
                await server.pause(Self.gathering)
            }
        }
        await lease.release()
    }

    /// What is to be worked on now; nothing where another process works.
    private func due() async -> [ControllerQueue.Work] {
        do throws(SandboxStatus) {
            guard try await lease.holds() else {
                state.withLock { $0.rest() }
                return []
            }
            try await look()
            try await compact()
            return take()
        } catch {
            report("sandbox controllers cannot look: \(error.message)")
            return []
        }
    }

    /// Whether this process is the one that works; it becomes so where nobody else is.
    package func leads() async throws(SandboxStatus) -> Bool { try await lease.holds() }

    /// Everything that is due now is done, and what follows from it; timers are not waited for.
    ///
    /// For tests, which move their clock between calls.
    package func settle() async throws(SandboxStatus) {
        while true {
            try await look()
            let works = take()
            guard !works.isEmpty else { return }
            await withDiscardingTaskGroup { group in
                for work in works { group.addTask { await self.work(on: work) } }
            }
        }
    }

    private func take() -> [ControllerQueue.Work] {
        let now = server.settings.clock()
        return state.withLock { $0.queue.take(upTo: Self.atOnceMax, at: now) }
    }

    private func untilNext() -> Duration {
        let now = server.settings.clock()
        let next = state.withLock { $0.queue.nextTimer }
        return next.map { max(.zero, min(Self.lookAround, $0 - now)) } ?? Self.lookAround
    }

    private func work(on work: ControllerQueue.Work) async {
        let controller = controllers[work.controller]
        do throws(SandboxStatus) {
            let requeue = try await controller.reconcile(
                work.key,
                in: server.cluster(work.cluster)
            )
            let delay: Duration? = if case .after(let delay) = requeue { delay } else { nil }
            let now = server.settings.clock()
            state.withLock { $0.queue.finish(work, again: delay, at: now) }
        } catch {
            report("\(controller.name): \(work.key) in \(work.cluster): \(error.message)")
            let now = server.settings.clock()
            state.withLock { $0.queue.fail(work, at: now) }
        }
        server.anySignal.ring()
    }

    /// Puts what has changed into the queue.
    private func look() async throws(SandboxStatus) {
        let heads = try await asking { () async throws(SandboxOutage) in
            try await server.records.heads()
        }
        let known = state.withLock { $0.positions }
        for gone in Set(known.keys).subtracting(heads.map(\.cluster)) {
            state.withLock { state in
                state.positions[gone] = nil
                state.queue.forget(gone)
            }
            server.feed.forget(gone)
        }
        for head in heads where head.revision > known[head.cluster] ?? 0 {
            try await look(into: head.cluster, after: known[head.cluster] ?? 0)
        }
    }

    private func look(
        into cluster: String,
        after position: Int64
    ) async throws(SandboxStatus) {
        var position = position
        while true {
            let start = position
            let page = try await asking { () async throws(SandboxOutage) in
                try await server.records.changes(in: cluster, after: start, limit: Self.batch)
            }
            guard let page else { return }
            for record in page.records { try add(record, of: cluster) }
            position = page.records.last?.revision ?? max(start, page.head.revision)
            let reached = position
            state.withLock { $0.positions[cluster] = reached }
            if page.records.count < Self.batch { return }
        }
    }

    private func add(_ record: SandboxRecord, of cluster: String) throws(SandboxStatus) {
        let concerned = ((self.concerned[record.key.kind] ?? []) + everConcerned)
            .filter { controllers[$0].runs(in: cluster) }
        guard !concerned.isEmpty else { return }
        let change = SandboxChange(
            cluster: cluster,
            object: try SandboxObject(record),
            isDeleted: record.isDeleted,
            isNew: record.created == record.revision
        )
        for place in concerned {
            for key in controllers[place].keys(for: change) {
                let work = ControllerQueue.Work(cluster: cluster, controller: place, key: key)
                state.withLock { $0.queue.add(work) }
            }
        }
    }

    private func compact() async throws(SandboxStatus) {
        let now = server.settings.clock()
        let isDue = state.withLock { state in
            guard state.compactedAt.map({ now - $0 >= Self.compaction }) ?? true else {
                return false
            }
            state.compactedAt = now
            return true
        }
        if isDue { try await compactNow() }
    }

    /// Forgets deletions that are older than the server remembers.
    package func compactNow() async throws(SandboxStatus) {
        let now = server.settings.clock()
        let moment = now.advanced(by: .zero - server.settings.history)
        try await asking { () async throws(SandboxOutage) in
            try await server.records.compact(before: moment)
        }
    }
}
