import Domain
import Sandbox
import Storage

/// What the sandbox must keep, in PostgreSQL.
struct StoredSandbox: SandboxRecords {
    let store: SandboxStore

    func makeCluster(_ name: String) async throws(SandboxOutage) -> Bool {
        try await asking { () async throws(StorageFault) in try await store.makeCluster(name) }
    }

    func removeCluster(_ name: String) async throws(SandboxOutage) {
        try await asking { () async throws(StorageFault) in try await store.removeCluster(name) }
    }

    func heads() async throws(SandboxOutage) -> [SandboxHead] {
        try await asking { () async throws(StorageFault) in try await store.heads() }
            .map(SandboxHead.init)
    }

    func head(of cluster: String) async throws(SandboxOutage) -> SandboxHead? {
        try await asking { () async throws(StorageFault) in try await store.heads(of: cluster) }
            .first.map(SandboxHead.init)
    }

    func newest(of kind: SandboxKind, in cluster: String) async throws(SandboxOutage) -> Int64 {
        try await asking { () async throws(StorageFault) in
            try await store.newest(group: kind.group, kind: kind.name, in: cluster)
        }
    }

    func read(
        _ key: SandboxKey,
        in cluster: String
    ) async throws(SandboxOutage) -> SandboxRecord? {
        var query = SandboxStore.Query()
        query.key = SandboxStore.Key(key)
        return try await page(query, in: cluster)?.records.first
    }

    func list(
        _ query: SandboxQuery,
        in cluster: String
    ) async throws(SandboxOutage) -> SandboxPage? {
        var stored = SandboxStore.Query()
        stored.kind = query.kind.map { ($0.group, $0.name) }
        stored.namespace = query.namespace
        stored.after = query.after.map { ($0.namespace, $0.name) }
        stored.limit = query.limit == .max ? nil : query.limit
        return try await page(stored, in: cluster)
    }

    func dependents(
        of uid: String,
        in cluster: String
    ) async throws(SandboxOutage) -> [SandboxRecord] {
        var query = SandboxStore.Query()
        query.owner = uid
        return try await page(query, in: cluster)?.records ?? []
    }

    func changes(
        in cluster: String,
        after revision: Int64,
        limit: Int
    ) async throws(SandboxOutage) -> SandboxPage? {
        let found = try await asking { () async throws(StorageFault) in
            try await store.changes(in: cluster, after: revision, limit: limit)
        }
        return found.map { SandboxPage($0.head, $0.rows) }
    }

    func write(
        _ writes: [SandboxWrite],
        in cluster: String
    ) async throws(SandboxOutage) -> [SandboxWritten] {
        let stored = writes.map { SandboxStore.Write($0) }
        do throws(StorageFault) {
            return try await store.write(stored, in: cluster).map { SandboxWritten($0) }
        } catch {
            guard error.outage == .broken else { throw SandboxOutage("\(error)") }
        }
        // PostgreSQL refuses one of them: that one alone is not written.
        var written: [SandboxWritten] = []
        for write in stored {
            do throws(StorageFault) {
                written += try await store.write([write], in: cluster).map { SandboxWritten($0) }
            } catch {
                guard error.outage == .broken else { throw SandboxOutage("\(error)") }
                written.append(.refused("\(error)"))
            }
        }
        return written
    }

    func compact(before moment: Instant) async throws(SandboxOutage) {
        try await asking { () async throws(StorageFault) in
            try await store.compact(before: moment)
        }
    }

    private func page(
        _ query: SandboxStore.Query,
        in cluster: String
    ) async throws(SandboxOutage) -> SandboxPage? {
        let found = try await asking { () async throws(StorageFault) in
            try await store.list(query, in: cluster)
        }
        return found.map { SandboxPage($0.head, $0.rows) }
    }

    private func asking<Value>(
        _ body: () async throws(StorageFault) -> Value
    ) async throws(SandboxOutage) -> Value {
        do throws(StorageFault) { return try await body() } catch {
            throw SandboxOutage("\(error)")
        }
    }
}

extension SandboxStore.Key {
    fileprivate init(_ key: SandboxKey) {
        self.init(
            group: key.kind.group,
            kind: key.kind.name,
            namespace: key.namespace ?? "",
            name: key.name
        )
    }
}

extension SandboxStore.Write {
    fileprivate init(_ write: SandboxWrite) {
        let change: SandboxStore.Change =
            switch write.change {
            case .create: .create
            case .replace(let expected): .replace(expected: expected)
            case .remove(let expected): .remove(expected: expected)
            }
        self.init(
            change,
            SandboxStore.Key(write.key),
            uid: write.uid,
            owners: write.owners,
            body: write.body
        )
    }
}

extension SandboxWritten {
    fileprivate init(_ written: SandboxStore.Written) {
        self =
            switch written {
            case .at(let revision): .at(revision)
            case .conflict: .conflict
            case .noCluster: .noCluster
            }
    }
}

extension SandboxHead {
    fileprivate init(_ head: SandboxStore.Head) {
        self.init(cluster: head.cluster, revision: head.revision, compacted: head.compacted)
    }
}

extension SandboxPage {
    fileprivate init(_ head: SandboxStore.Head, _ rows: [SandboxStore.Row]) {
        self.init(head: SandboxHead(head), records: rows.map(SandboxRecord.init))
    }
}

extension SandboxRecord {
    fileprivate init(_ row: SandboxStore.Row) {
        self.init(
            key: SandboxKey(
                SandboxKind(row.key.group, row.key.kind),
                row.key.namespace.isEmpty ? nil : row.key.namespace,
                row.key.name
            ),
            uid: row.uid,
            created: row.created,
            revision: row.revision,
            isDeleted: row.isDeleted,
            body: row.body
        )
    }
}
