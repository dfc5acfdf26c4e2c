import Domain
import Sandbox
import Synchronization

/// The sandbox's records in memory, by key; the dead stay until their key lives again.
final class PlayRecords: SandboxRecords {
    private struct Home {
        var revision: Int64 = 0
        var records: [SandboxKey: SandboxRecord] = [:]
        var owners: [SandboxKey: [String]] = [:]
    }

    private let homes = Mutex<[String: Home]>([:])

    func makeCluster(_ name: String) async throws(SandboxOutage) -> Bool {
        homes.withLock { homes in
            guard homes[name] == nil else { return false }
            homes[name] = Home()
            return true
        }
    }

    func removeCluster(_ name: String) async throws(SandboxOutage) {
        homes.withLock { $0[name] = nil }
    }

    func heads() async throws(SandboxOutage) -> [SandboxHead] {
        homes.withLock { homes in homes.map { Self.head($0.key, $0.value) } }
    }

    func head(of cluster: String) async throws(SandboxOutage) -> SandboxHead? {
        homes.withLock { homes in homes[cluster].map { Self.head(cluster, $0) } }
    }

    func newest(of kind: SandboxKind, in cluster: String) async throws(SandboxOutage) -> Int64 {
        homes.withLock { homes in
            homes[cluster]?.records.values.filter { $0.key.kind == kind }.map(\.revision).max() ?? 0
        }
    }

    func read(
        _ key: SandboxKey,
        in cluster: String
    ) async throws(SandboxOutage) -> SandboxRecord? {
        homes.withLock { homes in
            homes[cluster]?.records[key].flatMap { $0.isDeleted ? nil : $0 }
        }
    }

    func list(
        _ query: SandboxQuery,
        in cluster: String
    ) async throws(SandboxOutage) -> SandboxPage? {
        homes.withLock { homes in
            guard let home = homes[cluster] else { return nil }
            let found = home.records.values.filter { record in
                !record.isDeleted && (query.kind == nil || query.kind == record.key.kind)
                    && (query.namespace == nil || query.namespace == record.key.namespace)
                    && query.after.map { ($0.namespace, $0.name) < Self.place(record) } ?? true
            }
            let sorted = found.sorted { Self.place($0) < Self.place($1) }
            return SandboxPage(
                head: Self.head(cluster, home),
                records: Array(sorted.prefix(query.limit))
            )
        }
    }

    func changes(
        in cluster: String,
        after revision: Int64,
        limit: Int
    ) async throws(SandboxOutage) -> SandboxPage? {
        homes.withLock { homes in
            guard let home = homes[cluster] else { return nil }
            let found = home.records.values.filter { $0.revision > revision }
                .sorted { $0.revision < $1.revision }
            return SandboxPage(
                head: Self.head(cluster, home),
                records: Array(found.prefix(limit))
            )
        }
    }

    func dependents(
        of uid: String,
        in cluster: String
    ) async throws(SandboxOutage) -> [SandboxRecord] {
        homes.withLock { homes in
            guard let home = homes[cluster] else { return [] }
            return home.records.values.filter { record in
                !record.isDeleted && (home.owners[record.key] ?? []).contains(uid)
            }
        }
    }

    func write(
        _ writes: [SandboxWrite],
        in cluster: String
    ) async throws(SandboxOutage) -> [SandboxWritten] {
        writes.map { write($0, in: cluster) }
    }

    private func write(_ write: SandboxWrite, in cluster: String) -> SandboxWritten {
        homes.withLock { homes in
            guard var home = homes[cluster] else { return .noCluster }
            let live = home.records[write.key].flatMap { $0.isDeleted ? nil : $0 }
            var isEnd = false
            switch write.change {
            case .create where live == nil: break
            case .replace(let expected) where live?.revision == expected: break
            case .remove(let expected) where live?.revision == expected: isEnd = true
            default: return .conflict
            }
            home.revision += 1
            home.records[write.key] = SandboxRecord(
                key: write.key,
                uid: write.uid,
                created: live?.created ?? home.revision,
                revision: home.revision,
                isDeleted: isEnd,
                body: write.body
            )
            home.owners[write.key] = write.owners
            homes[cluster] = home
            return .at(home.revision)
        }
    }

    func compact(before moment: Instant) async throws(SandboxOutage) {}

    private static func head(_ name: String, _ home: Home) -> SandboxHead {
        SandboxHead(cluster: name, revision: home.revision, compacted: 0)
    }

    private static func place(_ record: SandboxRecord) -> (String, String) {
        (record.key.namespace ?? "", record.key.name)
    }
}
