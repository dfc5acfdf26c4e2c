package import Domain
import JSON
import Postgres

/// The sources of tenants.
package struct SourceStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The tenant's source of that name; nil where there is none that the caller may see.
    package func find(
        _ name: SourceName,
        of tenant: TenantName,
        as access: Access
    ) async throws(StorageFault) -> Source? {
        let scope = access.scope(for: .readSources)
        return try await find(
            where: """
                s.tenant_id = (SELECT t.id FROM tenant t WHERE t.name = \(tenant.text))
                AND s.name = \(name.text) AND \(scope.condition(on: "s.tenant_id"))
                """
        )
    }

    /// The source with that id, without its figures, for who handles what was delivered to it.
    ///
    /// The figures count what waits, which would take the longer the more of it there is.
    package func find(_ id: SourceID) async throws(StorageFault) -> Source? {
        try await find(where: "s.id = \(id)", figures: StoredSource.noFigures)
    }

    private func find(
        where condition: SQL,
        figures: SQL = StoredSource.figures
    ) async throws(StorageFault) -> Source? {
        let stored = try await translating { () async throws(DatabaseFault) in
            try await database.read(
                """
                SELECT \(StoredSource.columns(figures)) FROM \(StoredSource.tables)
                 WHERE \(condition)
                """
            ).first.map(StoredSource.init)
        }
        return try stored?.source()
    }

    /// The sources of a tenant that pass the filters, one page of them.
    package func list(
        _ query: ListQuery,
        of tenant: TenantID,
        as access: Access
    ) async throws(StorageFault) -> Page<Source> {
        let scope = access.scope(for: .readSources)
        var conditions: [SQL] = [
            "tenant_id = \(tenant)", scope.condition(on: "tenant_id"),
        ]
        conditions += query.selector.conditions
        if let start = query.continuation(names: .unique) { conditions.append(start) }
        let sql: SQL = """
            SELECT \(StoredSource.columns(StoredSource.figures))
              FROM (SELECT * FROM source WHERE \(SQL.joined(conditions, by: " AND "))) s
              JOIN tenant t ON t.id = s.tenant_id JOIN forge f ON f.id = s.forge_id
            \(Self.ending(of: query))
            """
        let page = try await translating { () async throws(DatabaseFault) in
            try Page(try await database.read(sql), limit: query.limit, StoredSource.init)
        }
        var items: [Source] = []
        for stored in page.items { items.append(try stored.source()) }
        return Page(items: items, hasMore: page.hasMore)
    }

    private static func ending(of query: ListQuery) -> SQL {
        let direction: SQL = query.order.isDescending ? "DESC" : "ASC"
        return switch query.order.key {
        case .name: "ORDER BY s.name \(direction) LIMIT \(rows: query.limit + 1)"
        case .createdAt:
            """
            ORDER BY s.created_at \(direction), s.id \(direction)
            LIMIT \(rows: query.limit + 1)
            """
        }
    }

    /// Stores a new source with its event, audit entry and receipt.
    ///
    /// - Throws: `.nameTaken`, `.repositoryTaken`, `.sourcesExhausted` where the tenant has as many
    ///   as it may, `.missingReference` where tenant or forge are gone, `.keyReused`,
    ///   `.keyInProgress`, `.notFound` where the caller may create none.
    package func create(
        _ decision: Source.Decision,
        secret: String,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let source = decision.source
        guard call.access.allows(.manageSources, in: source.tenant.id) else { throw .notFound }
        let statement = Self.statement(for: decision, call: call)
        let result = try await database.perform(
            statement,
            changing: """
                INSERT INTO source (
                    id, tenant_id, name, labels, label_terms, spec, forge_id, repository_key,
                    secret, generation, revision, created_at, updated_at)
                SELECT \(source.id), \(source.tenant.id), \(source.name.text),
                       \(Document(source.labels.write)), \(source.labels.terms),
                       \(Document(source.spec.write)), f.id, \(source.spec.repositoryKey),
                       \(secret), \(source.generation), \(source.revision),
                       \(source.createdAt), \(source.updatedAt)
                  FROM forge f
                 WHERE f.name = \(source.spec.forge.text) AND \(statement.isNew)
                RETURNING id
                """
        ) { transaction in
            try await transaction.keepRoom(
                in: "source",
                of: source.tenant.id,
                most: Source.countMax,
                else: .sourcesExhausted
            )
            try await Self.keepRoom(beside: source, in: transaction)
        } after: { _ in
        }
        guard case .outcome(let outcome) = result else { throw .missingReference }
        return outcome
    }

    /// Stores a changed source where it still is at the revision that was decided on.
    ///
    /// A secret that is sent takes the place of both that counted.
    ///
    /// - Throws: `.notFound`, `.stale` with the current revision, `.repositoryTaken`, `.keyReused`,
    ///   `.keyInProgress`.
    package func store(
        _ decision: Source.Decision,
        secret: String?,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let source = decision.source
        let statement = Self.statement(for: decision, call: call)
        let result = try await database.perform(
            statement,
            changing: """
                UPDATE source
                   SET labels = \(Document(source.labels.write)),
                       label_terms = \(source.labels.terms),
                       spec = \(Document(source.spec.write)), forge_id = f.id,
                       repository_key = \(source.spec.repositoryKey),
                       secret = coalesce(\(secret), source.secret),
                       previous_secret = CASE WHEN \(secret == nil)
                                              THEN source.previous_secret END,
                       previous_until = CASE WHEN \(secret == nil)
                                             THEN source.previous_until END,
                       generation = \(source.generation), revision = \(source.revision),
                       updated_at = \(source.updatedAt)
                  FROM forge f
                 WHERE f.name = \(source.spec.forge.text)
                   AND \(Self.guarding(source, revision, statement, call))
                RETURNING source.id
                """
        ) { transaction in
            try await Self.keepRoom(beside: source, in: transaction)
        } after: { _ in
        }
        return try await outcome(of: result, source, call)
    }

    /// Makes sure that the tenant has no more sources of the repository than it may.
    private static func keepRoom(beside source: Source, in transaction: Transaction) async throws {
        let rows = try await transaction.execute(
            """
            SELECT count(*) FROM source
             WHERE tenant_id = \(source.tenant.id) AND id <> \(source.id)
               AND repository_key = \(source.spec.repositoryKey)
            """
        )
        guard try rows[0].decode(0, as: Int.self) < Source.ofRepositoryMax else {
            throw StorageFault.sourcesExhausted
        }
    }

    /// Gives the source a new secret; the one before proves deliveries as well until the decision
    /// says.
    ///
    /// - Throws: as `store` does.
    package func rotate(
        _ decision: Source.Decision,
        secret: String,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let source = decision.source
        let statement = Self.statement(for: decision, call: call)
        let result = try await database.perform(
            statement,
            changing: """
                UPDATE source
                   SET previous_secret = secret, secret = \(secret),
                       previous_until = \(source.status.previousSecretUntil),
                       revision = \(source.revision), updated_at = \(source.updatedAt)
                 WHERE \(Self.guarding(source, revision, statement, call))
                RETURNING id
                """
        )
        return try await outcome(of: result, source, call)
    }

    /// Removes a source with what is known of its pull requests and deliveries; its environments
    /// stay.
    ///
    /// - Throws: as `store` does.
    package func remove(
        _ decision: Source.Decision,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let statement = Self.statement(for: decision, call: call)
        let result = try await database.perform(
            statement,
            changing: """
                DELETE FROM source
                 WHERE \(Self.guarding(decision.source, revision, statement, call))
                RETURNING id
                """
        )
        return try await outcome(of: result, decision.source, call)
    }

    private func outcome(
        of result: ChangeStatement.Result,
        _ source: Source,
        _ call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        if case .outcome(let outcome) = result { return outcome }
        guard let current = try await find(source.id) else { throw .notFound }
        throw .stale(current: current.revision)
    }

    private static func guarding(
        _ source: Source,
        _ revision: Int64,
        _ statement: ChangeStatement,
        _ call: Call
    ) -> SQL {
        let scope = call.access.scope(for: .manageSources)
        return """
            source.id = \(source.id) AND source.revision = \(revision)
            AND \(scope.condition(on: "source.tenant_id")) AND \(statement.isNew)
            """
    }

    private static func statement(for decision: Source.Decision, call: Call) -> ChangeStatement {
        ChangeStatement(
            call: call,
            object: decision.source.reference,
            tenant: decision.source.tenant.id,
            event: decision.event
        )
    }
}

/// A source as it is stored, its documents not read yet.
struct StoredSource: Sendable {
    private let base: Source
    private let labels: [UInt8]
    private let spec: [UInt8]

    static let tables: SQL = """
        source s JOIN tenant t ON t.id = s.tenant_id JOIN forge f ON f.id = s.forge_id
        """
    static func columns(_ figures: SQL) -> SQL {
        """
        s.id, s.tenant_id, t.name AS tenant_name, s.name, s.labels, s.spec, f.kind,
        s.delivered_at, \(figures), s.previous_until, s.generation, s.revision, s.created_at,
        s.updated_at
        """
    }
    static let noFigures: SQL = "0::bigint, 0::bigint"
    static let figures: SQL = """
        (SELECT count(*) FROM source_delivery d
          WHERE d.source_id = s.id AND d.state = 'accepted') AS waiting,
        (SELECT count(*) FROM source_thread h
          WHERE h.source_id = s.id AND h.is_held AND h.is_open) AS unapproved
        """

    init(_ row: Row) throws(DatabaseFault) {
        var row = row
        let id: SourceID = try row.next()
        let tenant: TenantID = try row.next()
        let tenantName: String = try row.next()
        let name: String = try row.next()
        labels = try row.next()
        spec = try row.next()
        let kind: String = try row.next()
        base = Source(
            id: id,
            tenant: TenantReference(id: tenant, name: tenantName),
            // A name was checked when it was stored.
            name: (try? SourceName(parsing: name)) ?? SourceName("unreadable"),
            labels: Labels(),
            spec: SourceSpec(forge: ForgeName("unread"), repository: ""),
            forgeKind: ForgeKind(rawValue: kind) ?? .gitea,
            status: SourceStatus(
                deliveredAt: try row.next(),
                waiting: try row.next(),
                unapproved: try row.next(),
                previousSecretUntil: try row.next()
            ),
            generation: try row.next(),
            revision: try row.next(),
            createdAt: try row.next(),
            updatedAt: try row.next()
        )
    }

    func source() throws(StorageFault) -> Source {
        var source = base
        let labels = try parsed(labels)
        let spec = try parsed(spec)
        source.labels = try reading { () throws(DocumentFault) in try Labels(reading: labels) }
        source.spec = try reading { () throws(DocumentFault) in try SourceSpec(reading: spec) }
        return source
    }
}

extension SourceSpec {
    /// The repository as deliveries are looked up by.
    var repositoryKey: String { repository.lowercased() }
}
