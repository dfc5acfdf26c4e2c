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
        secrets: ForgeSecretsChange,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let change = change(decision, for: call)
        let forge = decision.forge
        return try await change.perform(
            """
            INSERT INTO forge (
                id, name, labels, label_terms, kind, spec, token, ssh_key, phase, message, since,
                check_due_at, generation, revision, created_at, updated_at)
            SELECT \(forge.id), \(forge.name.text), \(Document(forge.labels.write)),
                   \(forge.labels.terms), \(forge.spec.kind.rawValue), \(forge.spec.document),
                   \(secrets.token.sealed), \(secrets.key.sealed),
                   \(forge.status.phase.rawValue), \(forge.status.message),
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
    /// `leavesTenants` says that it keeps their repositories no longer, or is another one.
    ///
    /// - Throws: `.notFound`, `.stale` with the current revision, `.keyReused`, `.keyInProgress`,
    ///   `.inUse` where tenants have their repository there that it is to keep no longer.
    package func store(
        _ decision: Forge.Decision,
        secrets: ForgeSecretsChange,
        leavesTenants: Bool = false,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let change = change(decision, for: call)
        let forge = decision.forge
        let token: SQL = secrets.token == .keep ? "token" : "\(secrets.token.sealed)"
        let key: SQL = secrets.key == .keep ? "ssh_key" : "\(secrets.key.sealed)"
        return try await change.perform(
            """
            UPDATE forge
               SET labels = \(Document(forge.labels.write)), label_terms = \(forge.labels.terms),
                   kind = \(forge.spec.kind.rawValue), spec = \(forge.spec.document),
                   token = \(token), ssh_key = \(key), phase = \(forge.status.phase.rawValue),
                   message = \(forge.status.message), since = \(forge.status.since),
                   checked_at = \(forge.status.checkedAt),
                   check_due_at = \(forge.spec.hasToken ? forge.updatedAt : nil),
                   paused_until = NULL, failures = 0, generation = \(forge.generation),
                   revision = \(forge.revision), updated_at = \(forge.updatedAt)
             WHERE \(change.guarded(by: revision))
            RETURNING id
            """
        ) { transaction in
            guard leavesTenants else { return }
            // Who makes a tenant there right now holds the forge until that is done.
            let answers = try await transaction.execute(all: [
                "SELECT 1 FROM forge WHERE id = \(forge.id) FOR UPDATE",
                "SELECT 1 FROM tenant WHERE forge_id = \(forge.id) LIMIT 1",
            ])
            guard answers[1].isEmpty else { throw StorageFault.inUse }
        }
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
    private let spec: [UInt8]
    private let hasKey: Bool

    static let columns: SQL = """
        id, name, labels, kind, spec, token IS NOT NULL AS has_token,
        ssh_key IS NOT NULL AS has_key, phase, message, since, checked_at, generation, revision,
        created_at, updated_at
        """

    init(_ row: Row) throws(DatabaseFault) {
        var row = row
        let id: ForgeID = try row.next()
        let name: String = try row.next()
        labels = try row.next()
        let kind: String = try row.next()
        spec = try row.next()
        let hasToken: Bool = try row.next()
        hasKey = try row.next()
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
                url: "",
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
        let spec = try parsed(spec)
        forge.labels = try reading { () throws(DocumentFault) in try Labels(reading: labels) }
        forge.spec.url = spec["url"]?.string ?? ""
        forge.spec.repositories = ForgeRepositories(
            reading: spec["repositories"],
            hasKey: hasKey
        )
        forge.spec.sources = spec["sources"]?.array?.compactMap(\.string).map(Wildcard.init)
        return forge
    }
}

extension ForgeSpec {
    /// The spec as it is stored: the secrets are sealed beside it.
    var document: Document {
        Document { writer in
            writer.object { writer in
                writer.member("url", url)
                writer.key("repositories")
                if let repositories {
                    repositories.write(to: &writer)
                } else {
                    writer.null()
                }
                writeSources(to: &writer)
            }
        }
    }
}

/// What becomes of the secrets of a forge.
package struct ForgeSecretsChange: Sendable, Equatable {
    /// With what its API is called.
    package var token: CredentialsChange
    /// With what is pushed over SSH.
    package var key: CredentialsChange

    /// That change of each.
    package init(token: CredentialsChange, key: CredentialsChange) {
        self.token = token
        self.key = key
    }
}
