package import EventLoop
package import JSON
import Synchronization

/// How an informer does.
package struct InformerStatistics: Sendable, Equatable {
    /// Lists that were read to their end; the first one included.
    package var lists = 0
    /// Watches that were opened.
    package var watches = 0
    /// Events that were received, bookmarks included.
    package var events = 0
    /// Faults that were met.
    package var faults = 0
    /// Objects that are held.
    package var objects = 0
    /// When something was last heard of the server.
    package var heard: MonotonicTime?
    /// What is wrong since then; nil while all is well.
    package var fault: KubernetesFault?

    /// An informer that has not begun.
    package init() {}
}

/// Knows all objects of one kind in one cluster: lists them, then watches, and begins anew
/// whenever the server lets the state drop.
///
/// One of them is shared by whoever looks at that kind. Does nothing until somebody runs it.
package final class Informer: Sendable {
    /// Changes that may wait for one slow reader.
    package static let changesMax = 50_000

    /// The kind.
    package let kind: GroupKind

    private struct State: Sendable {
        var store = InformerStore()
        var isSynced = false
        var isMissing = false
        var missedSince: MonotonicTime?
        var statistics = InformerStatistics()
        var feeds: [WeakFeed] = []
    }

    private struct WeakFeed: Sendable {
        weak var feed: ChangeFeed?
    }

    private let client: KubernetesClient
    private let selection: Selection
    private let projection: Projection
    private let trim: @Sendable (inout JSONObject) -> Void
    private let state = Mutex(State())
    private let synchronisers = WaitList()

    /// An informer about the objects of a kind, of one namespace or of all.
    ///
    /// `trim`: takes from each object what nobody looks at; `managedFields` unless said
    /// otherwise, which is often the larger half.
    package init(
        _ kind: GroupKind,
        of client: KubernetesClient,
        namespace: String? = nil,
        labels: String? = nil,
        fields: String? = nil,
        projection: Projection = .whole,
        trim: @escaping @Sendable (inout JSONObject) -> Void = Informer.withoutManagedFields
    ) {
        self.kind = kind
        self.client = client
        selection = Selection(kind, namespace: namespace, labels: labels, fields: fields)
        self.projection = projection
        self.trim = trim
    }

    /// Drops `metadata.managedFields`.
    package static let withoutManagedFields: @Sendable (inout JSONObject) -> Void = { json in
        guard var metadata = json["metadata"]?.object, metadata["managedFields"] != nil else {
            return
        }
        metadata["managedFields"] = nil
        json["metadata"] = .object(metadata)
    }

    /// Whether everything was seen once: before, what is not here may well be there.
    package var isSynced: Bool { state.withLock(\.isSynced) }

    /// Whether the cluster has no such kind.
    package var isMissing: Bool { state.withLock(\.isMissing) }

    /// How it does.
    package var statistics: InformerStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.objects = state.store.objects.count
            return statistics
        }
    }

    /// The object of a key as it was last seen.
    package func object(_ key: ObjectKey) -> KubernetesObject? {
        state.withLock { $0.store.objects[key] }
    }

    /// All objects, or those of one namespace, as they were last seen; in no order.
    package func objects(in namespace: String? = nil) -> [KubernetesObject] {
        let all = state.withLock { Array($0.store.objects.values) }
        guard let namespace else { return all }
        return all.filter { $0.namespace == namespace }
    }

    /// A feed of changes for one reader; it ends with the value.
    package func changes() -> ChangeFeed {
        let feed = ChangeFeed(changesMax: Self.changesMax) { [weak self] feed in
            self?.state.withLock { feed.replace(by: Array($0.store.objects.values)) }
        }
        state.withLock { state in
            state.feeds.removeAll { $0.feed == nil }
            state.feeds.append(WeakFeed(feed: feed))
            feed.add(state.store.objects.values.map { .updated($0) })
        }
        return feed
    }

    /// Waits until everything was seen once.
    package func synced() async throws(CancellationError) {
        while !isSynced { try await synchronisers.wait { isSynced } }
    }

    // MARK: - Running

    /// Lists and watches until the task is cancelled.
    package func run() async {
        var backoff = Backoff()
        while !Task.isCancelled {
            let begun = client.clock.now
            do throws(KubernetesFault) {
                let start = try await relist()
                backoff.reset()
                try await follow(from: start, &backoff)
            } catch {
                // A server that was away for long drops old states, but it is back: no long wait,
                // unless it drops new ones as well.
                let isOld = client.clock.now - begun > Self.stateAgeMin
                if case .expired = error, isOld { backoff.reset() }
                await rest(after: error, &backoff)
            }
        }
    }

    private func relist() async throws(KubernetesFault) -> String {
        do throws(KubernetesFault) {
            let list = try await client.list(
                selection,
                projection: projection,
                lane: .bulk,
                trim: trim
            )
            replace(by: list.items, isMissing: false)
            return list.resourceVersion
        } catch {
            if error == .noSuchKind(kind) { missed() }
            throw error
        }
    }

    /// The server has no such kind: with their definition all objects are gone.
    ///
    /// Not at once where there were some: a server that has just started may not know yet about
    /// everything that it serves.
    private func missed() {
        let now = client.clock.now
        let isSure = state.withLock { state in
            let since = state.missedSince ?? now
            state.missedSince = since
            return state.store.objects.isEmpty || now - since >= Self.missingTimeMin
        }
        if isSure { replace(by: [], isMissing: true) }
    }

    /// How long a kind must be missing until its objects count as gone.
    static let missingTimeMin = Duration.seconds(30)

    /// Watches until the state to go on from is too old or something else is amiss with it.
    private func follow(
        from start: String,
        _ backoff: inout Backoff
    ) async throws(KubernetesFault) {
        var version = start
        while true {
            let opened = client.clock.now
            do throws(KubernetesFault) {
                let watch = try await client.watch(
                    selection,
                    from: version,
                    projection: projection,
                    trim: trim
                )
                note { $0.watches += 1 }
                while let event = try await watch.next() {
                    version = event.resourceVersion
                    received(event)
                    backoff.reset()
                }
                // A server that ends every watch at once must not be asked without end.
                if client.clock.now - opened < Self.watchTimeMin { await rest(&backoff) }
            } catch {
                guard error.keepsState else { throw error }
                await rest(after: error, &backoff)
            }
            if Task.isCancelled { throw .cancelled }
        }
    }

    /// A state that is too old sooner than that counts as a failure like any other.
    private static let stateAgeMin = Duration.seconds(10)

    /// A watch that ends sooner than that counts as a failure.
    private static let watchTimeMin = Duration.seconds(5)

    private func received(_ event: WatchEvent) {
        let now = client.clock.now
        state.withLock { state in
            state.statistics.events += 1
            state.statistics.heard = now
            state.statistics.fault = nil
            Self.tell(state.store.received(event), &state)
        }
    }

    private func replace(by list: [KubernetesObject], isMissing: Bool) {
        let now = client.clock.now
        state.withLock { state in
            state.statistics.lists += 1
            state.statistics.heard = now
            state.statistics.fault = nil
            state.isMissing = isMissing
            if !isMissing { state.missedSince = nil }
            state.isSynced = true
            Self.tell(state.store.replaced(by: list), &state)
        }
        synchronisers.wakeAll()
    }

    /// Under the lock, so that each reader sees changes in the order of the store.
    private static func tell(_ changes: [ObjectChange], _ state: inout State) {
        for feed in state.feeds { feed.feed?.add(changes) }
    }

    private func note(_ change: (inout InformerStatistics) -> Void) {
        state.withLock { change(&$0.statistics) }
    }

    private func rest(after fault: KubernetesFault, _ backoff: inout Backoff) async {
        if Task.isCancelled { return }
        note { statistics in
            statistics.faults += 1
            statistics.fault = fault
        }
        await rest(&backoff, atLeast: fault.delay)
    }

    private func rest(_ backoff: inout Backoff, atLeast asked: Duration? = nil) async {
        let delay = backoff.next(client.random(), atLeast: asked)
        do throws(CancellationError) { try await client.clock.wait(for: delay) } catch {
            return  // The caller looks at the task before it goes on.
        }
    }
}

extension KubernetesFault {
    /// The wait that the server asks for.
    package var delay: Duration? {
        switch self {
        case .throttled(let delay): delay
        case .unavailable(let delay, _): delay
        default: nil
        }
    }

    /// Whether a watch may go on from where it was.
    fileprivate var keepsState: Bool {
        switch self {
        case .unreachable, .interrupted, .throttled, .busy, .untrusted, .unauthorized: true
        default: false
        }
    }
}
