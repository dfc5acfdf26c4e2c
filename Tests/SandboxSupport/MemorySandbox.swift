package import Domain
package import Sandbox
import Synchronization

/// The objects of sandbox clusters, as long as the test lasts.
package final class MemorySandbox: SandboxRecords {
    private struct Home {
        var revision: Int64 = 0
        var compacted: Int64 = 0
        /// By uid; the dead stay until they are compacted.
        var records: [String: SandboxRecord] = [:]
        /// The uids of the living.
        var living: [SandboxKey: String] = [:]
        var owners: [String: [String]] = [:]
        var writtenAt: [String: Instant] = [:]

        func record(_ key: SandboxKey) -> SandboxRecord? { living[key].flatMap { records[$0] } }
        var alive: some Sequence<SandboxRecord> { living.values.lazy.compactMap { records[$0] } }

        mutating func write(_ write: SandboxWrite, at now: Instant) -> SandboxWritten {
            let live = record(write.key)
            var isEnd = false
            switch write.change {
            case .create where live == nil: break
            case .replace(let expected) where live?.revision == expected: break
            case .remove(let expected) where live?.revision == expected: isEnd = true
            default: return .conflict
            }
            revision += 1
            records[write.uid] = SandboxRecord(
                key: write.key,
                uid: write.uid,
                created: live?.created ?? revision,
                revision: revision,
                isDeleted: isEnd,
                body: write.body
            )
            living[write.key] = isEnd ? nil : write.uid
            owners[write.uid] = write.owners
            writtenAt[write.uid] = now
            return .at(revision)
        }
    }

    private let homes = Mutex<[String: Home]>([:])
    private let clock: @Sendable () -> Instant
    private let beforeWrite: @Sendable ([SandboxWrite]) async throws(SandboxOutage) -> Void

    /// No clusters; the clock tells how old deletions are, and `beforeWrite` may hold back or end
    /// what is written together.
    package init(
        clock: @escaping @Sendable () -> Instant = { Instant(microseconds: 0) },
        beforeWrite: @escaping @Sendable ([SandboxWrite]) async throws(SandboxOutage) -> Void = {
            _ in
        }
    ) {
        self.clock = clock
        self.beforeWrite = beforeWrite
    }

    /// A cluster of that name, where there was none.
    package func makeCluster(_ name: String) async throws(SandboxOutage) -> Bool {
        homes.withLock { homes in
            guard homes[name] == nil else { return false }
            homes[name] = Home()
            return true
        }
    }

    /// No such cluster any more.
    package func removeCluster(_ name: String) async throws(SandboxOutage) {
        homes.withLock { $0[name] = nil }
    }

    /// The head of every cluster, by name.
    package func heads() async throws(SandboxOutage) -> [SandboxHead] {
        homes.withLock { homes in
            homes.sorted { $0.key < $1.key }.map { Self.head($0.key, $0.value) }
        }
    }

    /// The head of a cluster.
    package func head(of cluster: String) async throws(SandboxOutage) -> SandboxHead? {
        homes.withLock { homes in homes[cluster].map { Self.head(cluster, $0) } }
    }

    /// The newest revision of a kind, of the dead too.
    package func newest(
        of kind: SandboxKind,
        in cluster: String
    ) async throws(SandboxOutage) -> Int64 {
        homes.withLock { homes in
            homes[cluster]?.records.values.filter { $0.key.kind == kind }.map(\.revision).max() ?? 0
        }
    }

    /// The living object of a key.
    package func read(
        _ key: SandboxKey,
        in cluster: String
    ) async throws(SandboxOutage) -> SandboxRecord? {
        homes.withLock { $0[cluster]?.record(key) }
    }

    /// Living objects, by namespace and name.
    package func list(
        _ query: SandboxQuery,
        in cluster: String
    ) async throws(SandboxOutage) -> SandboxPage? {
        homes.withLock { homes in
            guard let home = homes[cluster] else { return nil }
            let records = home.alive.filter { record in
                (query.kind == nil || query.kind == record.key.kind)
                    && (query.namespace == nil || query.namespace == record.key.namespace)
                    && query.after.map { ($0.namespace, $0.name) < Self.place(record) } ?? true
            }
            let sorted = records.sorted { Self.place($0) < Self.place($1) }
            return SandboxPage(
                head: Self.head(cluster, home),
                records: Array(sorted.prefix(query.limit))
            )
        }
    }

    /// What changed since a revision, in the order of revisions.
    package func changes(
        in cluster: String,
        after revision: Int64,
        limit: Int
    ) async throws(SandboxOutage) -> SandboxPage? {
        homes.withLock { homes in
            guard let home = homes[cluster] else { return nil }
            let records = home.records.values.filter { $0.revision > revision }
                .sorted { $0.revision < $1.revision }
            return SandboxPage(
                head: Self.head(cluster, home),
                records: Array(records.prefix(limit))
            )
        }
    }

    /// Living objects with that owner.
    package func dependents(
        of uid: String,
        in cluster: String
    ) async throws(SandboxOutage) -> [SandboxRecord] {
        homes.withLock { homes in
            guard let home = homes[cluster] else { return [] }
            return home.alive.filter { (home.owners[$0.uid] ?? []).contains(uid) }
        }
    }

    /// Writes one after the other, each where its expectation holds.
    package func write(
        _ writes: [SandboxWrite],
        in cluster: String
    ) async throws(SandboxOutage) -> [SandboxWritten] {
        try await beforeWrite(writes)
        let now = clock()
        return homes.withLock { homes in
            guard var home = homes.removeValue(forKey: cluster) else {
                return writes.map { _ in .noCluster }
            }
            defer { homes[cluster] = home }
            return writes.map { home.write($0, at: now) }
        }
    }

    /// Forgets the deletions from before that moment.
    package func compact(before moment: Instant) async throws(SandboxOutage) {
        homes.withLock { homes in
            for (name, var home) in homes {
                for record in home.records.values
                where record.isDeleted && (home.writtenAt[record.uid] ?? moment) < moment {
                    home.records[record.uid] = nil
                    home.compacted = max(home.compacted, record.revision)
                }
                homes[name] = home
            }
        }
    }

    private static func head(_ name: String, _ home: Home) -> SandboxHead {
        SandboxHead(cluster: name, revision: home.revision, compacted: home.compacted)
    }

    private static func place(_ record: SandboxRecord) -> (String, String) {
        (record.key.namespace ?? "", record.key.name)
    }
}
