import Domain
import Sandbox
import Synchronization

/// The objects of sandbox clusters, as long as the test lasts.
final class MemorySandbox: SandboxRecords {
    private struct Cluster {
        var revision: Int64 = 0
        var records: [SandboxKey: SandboxRecord] = [:]
        var owners: [SandboxKey: [String]] = [:]
    }

    private let clusters: Mutex<[String: Cluster]> = Mutex([:])

    func makeCluster(_ name: String) async throws(SandboxOutage) -> Bool {
        clusters.withLock { clusters in
            guard clusters[name] == nil else { return false }
            clusters[name] = Cluster()
            return true
        }
    }

    func removeCluster(_ name: String) async throws(SandboxOutage) {
        clusters.withLock { $0[name] = nil }
    }

    func heads() async throws(SandboxOutage) -> [SandboxHead] {
        clusters.withLock { clusters in
            clusters.keys.sorted().compactMap { name in
                clusters[name].map { Self.head(name, $0) }
            }
        }
    }

    func head(of cluster: String) async throws(SandboxOutage) -> SandboxHead? {
        clusters.withLock { $0[cluster].map { Self.head(cluster, $0) } }
    }

    private static func head(_ name: String, _ cluster: Cluster) -> SandboxHead {
        SandboxHead(cluster: name, revision: cluster.revision, compacted: 0)
    }

    func read(_ key: SandboxKey, in cluster: String) async throws(SandboxOutage) -> SandboxRecord? {
        clusters.withLock { clusters in
            clusters[cluster]?.records[key].flatMap { $0.isDeleted ? nil : $0 }
        }
    }

    func list(
        _ query: SandboxQuery,
        in cluster: String
    ) async throws(SandboxOutage) -> SandboxPage? {
        page(of: cluster) { record in
            guard !record.isDeleted else { return false }
            if let kind = query.kind, record.key.kind != kind { return false }
            if let namespace = query.namespace, record.key.namespace != namespace { return false }
            guard let after = query.after else { return true }
            return Self.place(record) > (after.namespace, after.name)
        } order: {
            Self.place($0) < Self.place($1)
        } limit: {
            query.limit
        }
    }

    private static func place(_ record: SandboxRecord) -> (String, String) {
        (record.key.namespace ?? "", record.key.name)
    }

    func changes(
        in cluster: String,
        after revision: Int64,
        limit: Int
    ) async throws(SandboxOutage) -> SandboxPage? {
        page(of: cluster) {
            $0.revision > revision
        } order: {
            $0.revision < $1.revision
        } limit: {
            limit
        }
    }

    private func page(
        of name: String,
        where isWanted: (SandboxRecord) -> Bool,
        order isBefore: (SandboxRecord, SandboxRecord) -> Bool,
        limit: () -> Int
    ) -> SandboxPage? {
        clusters.withLock { clusters in
            guard let cluster = clusters[name] else { return nil }
            let found = cluster.records.values.filter(isWanted).sorted(by: isBefore)
            return SandboxPage(
                head: Self.head(name, cluster),
                records: Array(found.prefix(limit()))
            )
        }
    }

    func newest(of kind: SandboxKind, in cluster: String) async throws(SandboxOutage) -> Int64 {
        clusters.withLock { clusters in
            let records = clusters[cluster]?.records.values.filter { $0.key.kind == kind } ?? []
            return records.map(\.revision).max() ?? 0
        }
    }

    func dependents(
        of uid: String,
        in cluster: String
    ) async throws(SandboxOutage) -> [SandboxRecord] {
        clusters.withLock { clusters in
            guard let found = clusters[cluster] else { return [] }
            return found.records.values.filter { record in
                !record.isDeleted && found.owners[record.key]?.contains(uid) == true
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
        clusters.withLock { clusters in
            guard var found = clusters[cluster] else { return .noCluster }
            let old = found.records[write.key].flatMap { $0.isDeleted ? nil : $0 }
            let isDeleted: Bool
            switch write.change {
            case .create:
                guard old == nil else { return .conflict }
                isDeleted = false
            case .replace(let expected):
                guard old?.revision == expected else { return .conflict }
                isDeleted = false
            case .remove(let expected):
                guard old?.revision == expected else { return .conflict }
                isDeleted = true
            }
            found.revision += 1
            found.records[write.key] = SandboxRecord(
                key: write.key,
                uid: write.uid,
                created: old?.created ?? found.revision,
                revision: found.revision,
                isDeleted: isDeleted,
                body: write.body
            )
            found.owners[write.key] = isDeleted ? nil : write.owners
            clusters[cluster] = found
            return .at(found.revision)
        }
    }

    func compact(before moment: Instant) async throws(SandboxOutage) {}
}
