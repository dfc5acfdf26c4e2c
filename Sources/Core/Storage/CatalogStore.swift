package import Catalog
package import Domain
import JSON
import Postgres
import Secrets

/// The software catalog.
package struct CatalogStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The entity of that reference; nil where there is none that the caller may see.
    package func find(
        _ reference: EntityReference,
        as access: Access
    ) async throws(StorageFault) -> StoredEntity? {
        try await find(where: "e.ref = \(reference.description)", as: access)
    }

    /// The entity with that id; nil where there is none that the caller may see.
    package func find(
        _ id: EntityID,
        as access: Access
    ) async throws(StorageFault) -> StoredEntity? {
        try await find(where: "e.id = \(id)", as: access)
    }

    private func find(
        where condition: SQL,
        as access: Access
    ) async throws(StorageFault) -> StoredEntity? {
        let scope = access.scope(for: .readCatalog)
        return try await translating { () async throws(DatabaseFault) in
            try await database.read(
                """
                SELECT \(StoredEntity.columns(within: scope)) FROM catalog_entity e
                 WHERE \(condition) AND \(scope.orPlatform(on: "e.tenant_id"))
                """
            ).first.map(StoredEntity.init)
        }
    }

    /// How much of the catalog the tenant has, or the platform.
    package func usage(of tenant: TenantID?) async throws(StorageFault) -> CatalogUsage {
        try await translating { () async throws(DatabaseFault) in
            try CatalogUsage(try await database.read(CatalogUsage.question(of: tenant)))
        }
    }
}

/// How much of the catalog somebody has.
package struct CatalogUsage: Sendable, Equatable {
    /// How many entities.
    package let entities: Int64
    /// Bytes of their descriptors.
    package let bytes: Int64

    /// Whether there is room for one more.
    package var hasRoom: Bool {
        entities < CatalogEntity.countMax && bytes < CatalogEntity.bytesMax
    }

    static func question(of tenant: TenantID?) -> SQL {
        let owner: SQL = tenant.map { "tenant_id = \($0)" } ?? "tenant_id IS NULL"
        return "SELECT entities, bytes FROM catalog_usage WHERE \(owner)"
    }

    init(_ rows: Rows) throws(DatabaseFault) {
        entities = try rows.first?.decode(0) ?? 0
        bytes = try rows.first?.decode(1) ?? 0
    }

    /// What is there now, in a transaction that has changed it or is about to.
    static func now(
        of tenant: TenantID?,
        in transaction: Transaction
    ) async throws(DatabaseFault) -> CatalogUsage {
        try CatalogUsage(try await transaction.execute(question(of: tenant)))
    }

    /// Whether it has grown beyond what may be.
    func isTooMuch(after before: CatalogUsage) -> Bool {
        entities > CatalogEntity.countMax && entities > before.entities
            || bytes > CatalogEntity.bytesMax && bytes > before.bytes
    }
}

extension Access.Scope {
    /// The condition that a row's tenant column satisfies where the caller may see the row: its
    /// own, and the platform's.
    func orPlatform(on column: StaticString) -> SQL {
        switch self {
        case .everything: "true"
        case .tenant(let tenant):
            """
            (\(unsafeSQL: column.description) IS NULL
             OR \(unsafeSQL: column.description) = \(tenant))
            """
        case .nothing: "false"
        }
    }
}

/// An entity as it is stored, its document not read yet.
package struct StoredEntity: Sendable {
    /// The most relations that are told of one entity.
    package static let relationsMax = 5_000

    /// The identity.
    package let id: EntityID
    /// The reference.
    package let ref: String
    /// The descriptor as it was written, as JSON text.
    package let document: [UInt8]
    /// Whose it is; nil for the platform's.
    package let tenant: TenantReference?
    /// Where it comes from; nil where it came through the API.
    package let hold: EntityHold?
    /// What it is to others, each once, sorted by type and target.
    package let relations: [Relation]
    /// Goes up with every change.
    package let revision: Int64
    /// When it came into the catalog.
    package let createdAt: Domain.Instant
    /// When it was changed last.
    package let updatedAt: Domain.Instant

    /// What an entity is to another.
    package struct Relation: Sendable, Hashable {
        /// What it is: `ownedBy`, `dependsOn` and so on.
        package let type: String
        /// The reference of the other.
        package let target: String

        /// Reads a type and a target with a space between; types hold none.
        fileprivate init(_ text: String) {
            let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            type = String(parts[0])
            target = parts.count == 2 ? String(parts[1]) : ""
        }
    }

    /// How many columns an entity is read from.
    static let columnCount = 12

    /// Relations that other tenants' entities claim are not told.
    ///
    /// A plain array, and not JSON that PostgreSQL builds: with that, reading one entity took one
    /// and a half times as long. Either end may say a relation, so that it is there twice at most.
    static func columns(within scope: Access.Scope) -> SQL {
        """
        e.id, e.ref, e.document, e.tenant_id,
        (SELECT t.name FROM tenant t WHERE t.id = e.tenant_id) AS tenant_name, e.location,
        e.origin, e.orphaned_at,
        ARRAY(SELECT r.type || ' ' || r.target FROM catalog_relation r
               WHERE r.source = e.ref AND \(scope.orPlatform(on: "r.tenant_id"))
               ORDER BY r.type, r.target
               LIMIT \(unsafeSQL: String(relationsMax * 2))) AS relations,
        e.revision, e.created_at, e.updated_at
        """
    }

    init(_ row: Row) throws(DatabaseFault) {
        var row = row
        id = try row.next()
        ref = try row.next()
        document = try row.next()
        let tenant: TenantID? = try row.next()
        let name: String? = try row.next()
        self.tenant = tenant.map { TenantReference(id: $0, name: name ?? "") }
        let file: String? = try row.next()
        let origin: String? = try row.next()
        let orphanedAt: Domain.Instant? = try row.next()
        hold = file.map { EntityHold(file: $0, origin: origin ?? $0, orphanedAt: orphanedAt) }
        let texts: [String] = try row.next()
        relations = Self.relations(texts)
        revision = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
    }

    /// Sorted texts, of which the same ones stand together.
    private static func relations(_ texts: [String]) -> [Relation] {
        var relations: [Relation] = []
        relations.reserveCapacity(texts.count)
        var last: String?
        for text in texts where text != last && relations.count < relationsMax {
            relations.append(Relation(text))
            last = text
        }
        return relations
    }

    /// The entity with its document read.
    package func entity() throws(StorageFault) -> CatalogEntity {
        let value = try parsed(document)
        let entity: Entity
        do throws(EntityFaults) {
            entity = try Entity(parsing: value)
        } catch {
            throw .unreadable("entity \(ref)")
        }
        return CatalogEntity(
            id: id,
            entity: entity,
            tenant: tenant,
            hold: hold,
            revision: revision,
            createdAt: createdAt,
            updatedAt: updatedAt
        )
    }
}
