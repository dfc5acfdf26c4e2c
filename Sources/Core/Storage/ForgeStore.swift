package import Domain
import JSON
import Postgres

/// Forges.
package struct ForgeStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The forge of that name; nil where there is none that the caller may see.
    package func find(
        _ name: ForgeName,
        as access: Access
    ) async throws(StorageFault) -> Forge? {
        guard access.allows(.readForges) else { return nil }
        let stored = try await translating { () async throws(DatabaseFault) in
            try await database.read(
                "SELECT \(StoredForge.columns) FROM forge WHERE name = \(name.text)"
            ).first.map(StoredForge.init)
        }
        return try stored?.forge()
    }

    /// The forges that pass the filters, one page of them; every tenant may know their names.
    package func list(
        _ query: ListQuery,
        as access: Access
    ) async throws(StorageFault) -> Page<Forge> {
        guard access.allows(.readForges) else { return Page(items: [], hasMore: false) }
        var conditions: [SQL] = ["true"] + query.selector.conditions
        if let start = query.continuation(names: .unique) { conditions.append(start) }
        let sql: SQL = """
            SELECT \(StoredForge.columns) FROM forge
             WHERE \(SQL.joined(conditions, by: " AND "))
            \(query.ending(names: .unique))
            """
        let page = try await translating { () async throws(DatabaseFault) in
            try Page(try await database.read(sql), limit: query.limit, StoredForge.init)
        }
        var items: [Forge] = []
        for stored in page.items { items.append(try stored.forge()) }
        return Page(items: items, hasMore: page.hasMore)
    }

    /// Stores a new forge with its event, audit entry and receipt.
    ///
    /// - Throws: `.nameTaken`, `.forgesExhausted` where there are as many as may be, `.keyReused`,
    ///   `.keyInProgress`, `.notFound` where the caller may create none.
    package func create(
        _ decision: Forge.Decision,
        token: CredentialsChange,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let change = change(decision, for: call)
        let forge = decision.forge
        return try await change.perform(
            """
            INSERT INTO forge (
                id, name, labels, label_terms, kind, spec, token, phase, message, since,
                check_due_at, generation, revision, created_at, updated_at)
            SELECT \(forge.id), \(forge.name.text), \(Document(forge.labels.write)),
                   \(forge.labels.terms), \(forge.spec.kind.rawValue), \(forge.spec.document),
                   \(token.sealed), \(forge.status.phase.rawValue), \(forge.status.message),
                   \(forge.status.since), \(forge.spec.hasToken ? forge.updatedAt : nil),
                   \(forge.generation), \(forge.revision), \(forge.createdAt), \(forge.updatedAt)
             WHERE \(change.statement.isNew)
            RETURNING id
            """
        ) { transaction in
            try await transaction.keepRoom(
                in: "forge",
                most: Forge.countMax,
                else: .forgesExhausted
            )
        }
    }

    /// Stores a changed forge where it still is at the revision that was decided on.
    ///
    /// - Throws: `.notFound`, `.stale` with the current revision, `.keyReused`, `.keyInProgress`.
    package func store(
        _ decision: Forge.Decision,
        token: CredentialsChange,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let change = change(decision, for: call)
        let forge = decision.forge
        let kept: SQL = token == .keep ? "token" : "\(token.sealed)"
        return try await change.perform(
            """
            UPDATE forge
               SET labels = \(Document(forge.labels.write)), label_terms = \(forge.labels.terms),
                   kind = \(forge.spec.kind.rawValue), spec = \(forge.spec.document),
                   token = \(kept), phase = \(forge.status.phase.rawValue),
                   message = \(forge.status.message), since = \(forge.status.since),
                   checked_at = \(forge.status.checkedAt),
                   check_due_at = \(forge.spec.hasToken ? forge.updatedAt : nil),
                   paused_until = NULL, failures = 0, generation = \(forge.generation),
                   revision = \(forge.revision), updated_at = \(forge.updatedAt)
             WHERE \(change.guarded(by: revision))
            RETURNING id
            """
        )
    }

    /// Removes a forge that no source uses.
    ///
    /// - Throws: `.inUse`, and as `store` does.
    package func remove(
        _ decision: Forge.Decision,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        try await change(decision, for: call).remove(from: "forge", at: revision)
    }

    private func change(_ decision: Forge.Decision, for call: Call) -> PlatformChange {
        PlatformChange(
            database: database,
            statement: ChangeStatement(
                call: call,
                object: decision.forge.reference,
                tenant: nil,
                event: decision.event
            ),
            permission: .manageForges,
            current: { () async throws(StorageFault) in
                try await find(decision.forge.name, as: call.access)?.revision
            }
        )
    }
}

/// A forge as it is stored, its documents not read yet.
struct StoredForge: Sendable {
    private let base: Forge
    private let labels: [UInt8]
    private let url: String

    static let columns: SQL = """
        id, name, labels, kind, spec ->> 'url' AS url, token IS NOT NULL AS has_token, phase,
        message, since, checked_at, generation, revision, created_at, updated_at
        """

    init(_ row: Row) throws(DatabaseFault) {
        var row = row
        let id: ForgeID = try row.next()
        let name: String = try row.next()
        labels = try row.next()
        let kind: String = try row.next()
        url = try row.next()
        let hasToken: Bool = try row.next()
        let phase: String = try row.next()
        let message: String = try row.next()
        let since: Domain.Instant = try row.next()
        let checkedAt: Domain.Instant? = try row.next()
        base = Forge(
            id: id,
            // A name was checked when it was stored.
            name: (try? ForgeName(parsing: name)) ?? ForgeName("unreadable"),
            labels: Labels(),
            spec: ForgeSpec(
                kind: ForgeKind(rawValue: kind) ?? .gitea,
                url: url,
                hasToken: hasToken
            ),
            status: ForgeStatus(
                phase: ForgeStatus.Phase(rawValue: phase) ?? .pending,
                message: message,
                checkedAt: checkedAt,
                since: since
            ),
            generation: try row.next(),
            revision: try row.next(),
            createdAt: try row.next(),
            updatedAt: try row.next()
        )
    }

    func forge() throws(StorageFault) -> Forge {
        var forge = base
        let labels = try parsed(labels)
        forge.labels = try reading { () throws(DocumentFault) in try Labels(reading: labels) }
        return forge
    }
}

extension ForgeSpec {
    /// The spec as it is stored: the token is sealed beside it.
    var document: Document {
        Document { writer in
            writer.object { writer in writer.member("url", url) }
        }
    }
}
