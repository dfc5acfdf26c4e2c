package import Catalog
package import Domain
import JSON
import Postgres

extension CatalogStore {
    /// Stores a new entity with its keys, relations, audit entry and receipt; the table itself
    /// writes the event.
    ///
    /// - Throws: `.nameTaken`, `.missingReference` where the tenant is gone, `.catalogExhausted`
    ///   where it has as much as it may, `.keyReused`, `.keyInProgress`, `.notFound` where the
    ///   caller may create none.
    package func create(
        _ new: CatalogEntity,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        guard Self.mayWrite(new, call) else { throw .notFound }
        let statement = Self.statement(for: new, call)
        let row = EntityRow(new)
        var before: CatalogUsage?
        let result = try await database.perform(
            statement,
            changing: """
                INSERT INTO catalog_entity (
                    id, ref, kind, namespace, name, tenant_id, document, terms, words, revision,
                    created_at, updated_at)
                SELECT \(new.id), \(row.ref), \(new.entity.kind), \(new.entity.namespace),
                       \(new.entity.name), \(new.tenant?.id), \(row.document), \(row.terms),
                       \(row.words), \(new.revision), \(new.createdAt), \(new.updatedAt)
                 WHERE \(statement.isNew)
                RETURNING id
                """,
            before: { before = try await CatalogUsage.now(of: new.tenant?.id, in: $0) },
            after: { transaction in
                try await transaction.execute(all: row.insertions)
                try await Self.checkRoom(of: new.tenant?.id, after: before, in: transaction)
            }
        )
        guard case .outcome(let outcome) = result else { throw .missingReference }
        return outcome
    }

    /// Stores a changed entity where it still is at the revision that was decided on.
    ///
    /// - Throws: `.notFound`, `.stale` with the current revision, `.catalogExhausted`,
    ///   `.keyReused`, `.keyInProgress`.
    package func store(
        _ changed: CatalogEntity,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        guard Self.mayWrite(changed, call) else { throw .notFound }
        let statement = Self.statement(for: changed, call)
        let row = EntityRow(changed)
        var before: CatalogUsage?
        let result = try await database.perform(
            statement,
            changing: """
                UPDATE catalog_entity
                   SET kind = \(changed.entity.kind), namespace = \(changed.entity.namespace),
                       name = \(changed.entity.name), tenant_id = \(changed.tenant?.id),
                       location_id = NULL, location = NULL, origin = NULL, orphaned_at = NULL,
                       document = \(row.document), terms = \(row.terms), words = \(row.words),
                       revision = \(changed.revision), updated_at = \(changed.updatedAt)
                 WHERE \(Self.guarding(changed, revision, statement, call))
                RETURNING id
                """,
            before: { before = try await CatalogUsage.now(of: changed.tenant?.id, in: $0) },
            after: { transaction in
                try await transaction.execute(all: row.removals + row.insertions)
                try await Self.checkRoom(of: changed.tenant?.id, after: before, in: transaction)
            }
        )
        return try await outcome(of: result, changed, call)
    }

    /// Removes an entity with its keys and with what it says of others.
    ///
    /// - Throws: as `store` does.
    package func remove(
        _ entity: CatalogEntity,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let statement = Self.statement(for: entity, call)
        let result = try await database.perform(
            statement,
            changing: """
                DELETE FROM catalog_entity
                 WHERE \(Self.guarding(entity, entity.revision, statement, call))
                RETURNING id
                """
        )
        return try await outcome(of: result, entity, call)
    }

    /// - Throws: `.catalogExhausted` where a change took more than may be.
    private static func checkRoom(
        of tenant: TenantID?,
        after before: CatalogUsage?,
        in transaction: Transaction
    ) async throws {
        // The row is held by this transaction since the change was counted.
        let now = try await CatalogUsage.now(of: tenant, in: transaction)
        guard let before, now.isTooMuch(after: before) else { return }
        throw StorageFault.catalogExhausted
    }

    /// The most entities that go in one transaction.
    private static let removedMax = 500

    /// Removes some entities of a tenant that goes; how many, 0 where none is left.
    package func removeSome(of tenant: TenantID) async throws(StorageFault) -> Int {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                """
                WITH gone AS (
                    DELETE FROM catalog_entity WHERE id IN (
                        SELECT id FROM catalog_entity WHERE tenant_id = \(tenant)
                         ORDER BY ref LIMIT \(rows: Self.removedMax))
                    RETURNING id)
                SELECT count(*) FROM gone
                """
            )
            return try rows[0].decode(0)
        }
    }

    private func outcome(
        of result: ChangeStatement.Result,
        _ entity: CatalogEntity,
        _ call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        if case .outcome(let outcome) = result { return outcome }
        guard let current = try await find(entity.id, as: call.access) else { throw .notFound }
        throw .stale(current: current.revision)
    }

    private static func mayWrite(_ entity: CatalogEntity, _ call: Call) -> Bool {
        switch call.access.scope(for: .writeCatalog) {
        case .everything: true
        case .tenant(let own): entity.tenant?.id == own
        case .nothing: false
        }
    }

    private static func guarding(
        _ entity: CatalogEntity,
        _ revision: Int64,
        _ statement: ChangeStatement,
        _ call: Call
    ) -> SQL {
        let scope = call.access.scope(for: .writeCatalog)
        return """
            id = \(entity.id) AND revision = \(revision)
            AND \(scope.condition(on: "tenant_id")) AND \(statement.isNew)
            """
    }

    private static func statement(for entity: CatalogEntity, _ call: Call) -> ChangeStatement {
        ChangeStatement(call: call, object: entity.subject, tenant: entity.tenant?.id)
    }
}

/// What is stored of an entity beside its own row.
private struct EntityRow {
    let ref: String
    let document: Document
    let terms: [Int64]
    let words: SQL
    /// What takes the former keys and relations away.
    let removals: [SQL]
    /// What writes those that hold now.
    let insertions: [SQL]

    init(_ entity: CatalogEntity) {
        let keys = EntityKeys(of: entity.entity)
        let valued = keys.entries.filter { $0.value != nil }
        let values = valued.map { $0.value ?? "" }
        let relations = entity.entity.relations
        let text = EntityWords(of: entity.entity)
        ref = entity.entity.reference.description
        document = Document { $0.value(.object(entity.entity.document)) }
        terms = EntityTerms.all(of: keys, id: entity.id)
        words = """
            setweight(to_tsvector('simple', \(text.first)), 'A')
            || setweight(to_tsvector('simple', \(text.second)), 'B')
            || to_tsvector('simple', \(text.third))
            """
        removals = [
            "DELETE FROM catalog_key WHERE entity_id = \(entity.id)",
            "DELETE FROM catalog_relation WHERE entity_id = \(entity.id)",
        ]
        insertions = [
            """
            INSERT INTO catalog_key (entity_id, key, value, folded)
            SELECT \(entity.id), k.key, k.value, k.folded
              FROM unnest(\(valued.map(\.key)), \(values),
                          \(values.map { $0.lowercased() })) k (key, value, folded)
            """,
            """
            INSERT INTO catalog_relation (entity_id, tenant_id, source, type, target)
            SELECT \(entity.id), \(entity.tenant?.id), r.source, r.type, r.target
              FROM unnest(\(relations.map(\.source.description)), \(relations.map(\.type)),
                          \(relations.map(\.target.description))) r (source, type, target)
            """,
        ]
    }
}
