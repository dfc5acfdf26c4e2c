import EventLoop
import Synchronization

/// The newest changes of each cluster, read once for all watches of this process.
final class SandboxFeed: Sendable {
    /// Changes that are remembered of one cluster: 1,000; who stands further back reads alone.
    private static let windowMax = 1_000
    /// Changes that are read at once: 500.
    private static let batch = 500

    private struct Window: Sendable {
        /// Every change after this revision is known.
        var from: Int64
        /// The newest revision that was seen.
        var to: Int64
        var records: [SandboxRecord] = []
        var compacted: Int64
        var isReading = false
        var waiters: [Wakeup<Void, Never>] = []
    }

    private enum Step {
        case known(SandboxPage)
        case read(after: Int64)
        case readAlone
        case wait
    }

    private let windows = Mutex<[String: Window]>([:])

    /// What was written of a kind after a revision, and up to which one that is all; nil where the
    /// cluster is gone.
    func changes(
        of kind: SandboxKind,
        in cluster: String,
        after revision: Int64,
        from records: any SandboxRecords
    ) async throws(SandboxOutage) -> (page: SandboxPage, reached: Int64)? {
        guard let page = try await changes(in: cluster, after: revision, from: records) else {
            return nil
        }
        let concerned = page.records.filter { $0.key.kind == kind }
        return (
            SandboxPage(head: page.head, records: concerned),
            page.records.last?.revision ?? revision
        )
    }

    private func changes(
        in cluster: String,
        after revision: Int64,
        from records: any SandboxRecords
    ) async throws(SandboxOutage) -> SandboxPage? {
        while true {
            let step = windows.withLock { Self.step(&$0, cluster, after: revision) }
            switch step {
            case .known(let page): return page
            case .readAlone:
                return try await records.changes(in: cluster, after: revision, limit: Self.batch)
            case .wait: await wait(for: cluster)
            case .read(let place):
                defer { finish(cluster) }
                let page = try await records.changes(in: cluster, after: place, limit: Self.batch)
                guard let page else {
                    windows.withLock { $0[cluster]?.records = [] }
                    return nil
                }
                windows.withLock { Self.add(page, to: &$0, cluster) }
                return SandboxPage(
                    head: page.head,
                    records: page.records.filter { $0.revision > revision }
                )
            }
        }
    }

    private static func step(
        _ windows: inout [String: Window],
        _ cluster: String,
        after revision: Int64
    ) -> Step {
        guard let window = windows[cluster] else {
            var window = Window(from: revision, to: revision, compacted: 0)
            window.isReading = true
            windows[cluster] = window
            return .read(after: revision)
        }
        if revision < window.from { return .readAlone }
        if revision < window.to, let last = window.records.last, last.revision > revision {
            let head = SandboxHead(
                cluster: cluster,
                revision: last.revision,
                compacted: window.compacted
            )
            // Most stand near the end.
            let last = window.records.lastIndex { $0.revision <= revision }
            let known = window.records[(last.map { $0 + 1 } ?? 0)...]
            return .known(SandboxPage(head: head, records: Array(known)))
        }
        if window.isReading { return .wait }
        windows[cluster]?.isReading = true
        return .read(after: window.to)
    }

    private static func add(
        _ page: SandboxPage,
        to windows: inout [String: Window],
        _ cluster: String
    ) {
        guard var window = windows[cluster] else { return }
        window.records += page.records
        window.compacted = page.head.compacted
        // A full batch may not be all there is.
        window.to =
            page.records.count < batch
            ? max(window.to, page.head.revision) : page.records.last?.revision ?? window.to
        if window.records.count > windowMax {
            let dropped = window.records.count - windowMax
            window.from = window.records[dropped - 1].revision
            window.records.removeFirst(dropped)
        }
        windows[cluster] = window
    }

    private func wait(for cluster: String) async {
        await Wakeup<Void, Never>.wait { wakeup in
            let isTooLate = windows.withLock { windows in
                guard windows[cluster]?.isReading ?? false else { return true }
                windows[cluster]?.waiters.append(wakeup)
                return false
            }
            if isTooLate { wakeup.resume() }
        }
    }

    private func finish(_ cluster: String) {
        let waiters = windows.withLock { windows in
            windows[cluster]?.isReading = false
            defer { windows[cluster]?.waiters = [] }
            return windows[cluster]?.waiters ?? []
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Forgets a cluster.
    func forget(_ cluster: String) {
        let window = windows.withLock { windows in
            windows[cluster]?.isReading ?? false ? nil : windows.removeValue(forKey: cluster)
        }
        for waiter in window?.waiters ?? [] { waiter.resume() }
    }
}
