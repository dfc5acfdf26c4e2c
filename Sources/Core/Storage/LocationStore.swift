package import Catalog
package import Domain
import JSON
import Postgres

/// The locations that entities come from.
package struct LocationStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The location with that id; nil where there is none that the caller may see.
    package func find(
        _ id: LocationID,
        as access: Access
    ) async throws(StorageFault) -> CatalogLocation? {
        try await first("l.id = \(id)", as: access)
    }

    /// The location of that target that was registered for the tenant, or the platform.
    package func find(
        _ target: LocationTarget,
        of tenant: TenantID?,
        as access: Access
    ) async throws(StorageFault) -> CatalogLocation? {
        try await first(
            "l.target = \(target.description) AND l.tenant_id IS NOT DISTINCT FROM \(tenant)",
            as: access
        )
    }

    /// The location that portals name like this; nil where there is none that the caller may see.
    package func find(
        named reference: EntityReference,
        as access: Access
    ) async throws(StorageFault) -> CatalogLocation? {
        // What is no id names no location.
        guard reference.kind == "location", let id = try? LocationID(parsing: reference.name) else {
            return nil
        }
        let found = try await find(id, as: access)
        return found?.entityReference == reference.description ? found : nil
    }

    /// The location that led to an entity; nil where none did, or the caller may not see it.
    package func find(
        leadingTo entity: EntityReference,
        as access: Access
    ) async throws(StorageFault) -> CatalogLocation? {
        try await first(
            """
            l.id = (SELECT e.location_id FROM catalog_entity e WHERE e.ref = \(entity.description))
            """,
            as: access
        )
    }

    private func first(
        _ condition: SQL,
        as access: Access
    ) async throws(StorageFault) -> CatalogLocation? {
        let scope = access.scope(for: .readCatalog)
        let stored = try await translating { () async throws(DatabaseFault) in
            try await database.write(
                """
                SELECT \(StoredLocation.columns) FROM \(StoredLocation.tables)
                 WHERE \(condition) AND \(scope.orPlatform(on: "l.tenant_id"))
                """
            ).first.map(StoredLocation.init)
        }
        return try stored?.location()
    }

    /// The locations that the caller may see, the oldest first, one page of them.
    package func list(
        after position: ListPosition?,
        limit: Int,
        as access: Access
    ) async throws(StorageFault) -> Page<CatalogLocation> {
        let scope = access.scope(for: .readCatalog)
        var conditions = [scope.orPlatform(on: "l.tenant_id")]
        if let position, case .moment(let moment) = position.value {
            conditions.append("(l.created_at, l.id) > (\(moment), \(position.id))")
        }
        let sql: SQL = """
            SELECT \(StoredLocation.columns) FROM \(StoredLocation.tables)
             WHERE \(SQL.joined(conditions, by: " AND "))
             ORDER BY l.created_at, l.id LIMIT \(rows: limit + 1)
            """
        let page = try await translating { () async throws(DatabaseFault) in
            try Page(try await database.read(sql), limit: limit, StoredLocation.init)
        }
        var items: [CatalogLocation] = []
        for stored in page.items { items.append(try stored.location()) }
        return Page(items: items, hasMore: page.hasMore)
    }

    /// How many locations the tenant has, or the platform.
    package func count(of tenant: TenantID?) async throws(StorageFault) -> Int {
        try await translating { () async throws(DatabaseFault) in
            try await database.read(
                """
                SELECT count(*) FROM catalog_location
                 WHERE tenant_id IS NOT DISTINCT FROM \(tenant)
                """
            ).first?.decode(0) ?? 0
        }
    }

    /// Stores a new location with the job that reads it, audit entry and receipt.
    ///
    /// - Throws: `.nameTaken` where the target is registered, `.locationsExhausted` where there are
    ///   as many as may be, `.keyReused`, `.keyInProgress`, `.notFound` where the caller may create
    ///   none.
    package func create(
        _ location: CatalogLocation,
        _ job: NewJob,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        guard Self.mayWrite(location, call) else { throw .notFound }
        let statement = statement(location, job, call)
        let result = try await database.perform(
            statement,
            changing: """
                \(Self.insertion) SELECT \(Self.values(of: location)) WHERE \(statement.isNew)
                RETURNING id
                """,
            before: { transaction in
                let most = CatalogLocation.countMax
                guard let tenant = location.tenant?.id else {
                    return try await transaction.keepPlatformsRoom(
                        in: "catalog_location",
                        most: most,
                        else: .locationsExhausted
                    )
                }
                try await transaction.keepRoom(
                    in: "catalog_location",
                    of: tenant,
                    most: most,
                    else: .locationsExhausted
                )
            },
            after: { _ in }
        )
        guard case .outcome(let outcome) = result else { throw .missingReference }
        return outcome
    }

    /// Has a location read now.
    ///
    /// - Throws: `.notFound`, `.keyReused`, `.keyInProgress`.
    package func refresh(
        _ location: CatalogLocation,
        _ job: NewJob,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        guard Self.mayWrite(location, call) else { throw .notFound }
        let statement = statement(location, job, call)
        let result = try await database.perform(
            statement,
            changing: """
                UPDATE catalog_location SET due_at = now() + \(interval: CatalogLocation.interval)
                 WHERE id = \(location.id) AND \(statement.isNew)
                RETURNING id
                """,
            before: { transaction in
                try await transaction.execute(Self.asking(forThoseOf: location.id))
            },
            after: { _ in }
        )
        guard case .outcome(let outcome) = result else { throw .notFound }
        return outcome
    }

    /// Has a location read from elsewhere; the entities of its files before become orphans unless
    /// the new ones say them as well.
    ///
    /// - Throws: `.nameTaken` where the target is registered, `.notFound`, `.keyReused`,
    ///   `.keyInProgress`.
    package func move(
        _ location: CatalogLocation,
        _ job: NewJob,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        guard Self.mayWrite(location, call) else { throw .notFound }
        var statement = statement(location, job, call)
        statement.supersedes = .unfinished
        let result = try await database.perform(
            statement,
            changing: """
                UPDATE catalog_location
                   SET target = \(location.target.description),
                       repository = \(location.target.repositoryKey),
                       phase = \(location.status.phase.rawValue),
                       status = \(Document(location.status.write)),
                       due_at = now() + \(interval: CatalogLocation.interval),
                       -- A look may have ended since the location was read.
                       revision = revision + 1, updated_at = \(location.updatedAt)
                 WHERE id = \(location.id) AND \(statement.isNew)
                RETURNING id
                """
        )
        guard case .outcome(let outcome) = result else { throw .notFound }
        return outcome
    }

    /// Removes a location with the entities that it holds; those that another location says as
    /// well are read from there at once.
    ///
    /// - Throws: `.notFound`, `.keyReused`, `.keyInProgress`.
    package func remove(
        _ location: CatalogLocation,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        guard Self.mayWrite(location, call) else { throw .notFound }
        var statement = statement(location, nil, call)
        statement.supersedes = .unfinished
        let result = try await database.perform(
            statement,
            changing: """
                DELETE FROM catalog_location WHERE id = \(location.id) AND \(statement.isNew)
                RETURNING id
                """,
            before: { transaction in
                try await transaction.execute(
                    """
                    UPDATE catalog_location SET due_at = now()
                     WHERE id IN (
                        SELECT c.location_id
                          FROM catalog_entity e
                          JOIN catalog_claim c ON c.ref = e.ref AND c.location_id <> e.location_id
                         WHERE e.location_id = \(location.id))
                    """
                )
            },
            after: { _ in }
        )
        guard case .outcome(let outcome) = result else { throw .notFound }
        return outcome
    }

    private static func mayWrite(_ location: CatalogLocation, _ call: Call) -> Bool {
        switch call.access.scope(for: .writeCatalog) {
        case .everything: true
        case .tenant(let own): location.tenant?.id == own
        case .nothing: false
        }
    }

    private func statement(
        _ location: CatalogLocation,
        _ job: NewJob?,
        _ call: Call
    ) -> ChangeStatement {
        ChangeStatement(
            call: call,
            object: location.reference,
            tenant: location.tenant?.id,
            job: job
        )
    }

    static let insertion: SQL = """
        INSERT INTO catalog_location (
            id, tenant_id, is_discovered, target, repository, phase, status, due_at, revision,
            created_at, updated_at)
        """

    /// The values of `insertion`; due once its first job must be over.
    static func values(of location: CatalogLocation, dueNow: Bool = false) -> SQL {
        let pause = dueNow ? .zero : CatalogLocation.interval
        return """
            \(location.id), \(location.tenant?.id), \(location.isDiscovered),
            \(location.target.description), \(location.target.repositoryKey),
            \(location.status.phase.rawValue), \(Document(location.status.write)),
            now() + \(interval: pause), \(location.revision), \(location.createdAt),
            \(location.updatedAt)
            """
    }
}

/// A location as it is stored, its status not read yet.
struct StoredLocation: Sendable {
    private let id: LocationID
    private let tenant: TenantReference?
    private let isDiscovered: Bool
    private let target: String
    private let status: [UInt8]
    private let revision: Int64
    private let createdAt: Domain.Instant
    private let updatedAt: Domain.Instant

    static let tables: SQL = "catalog_location l LEFT JOIN tenant t ON t.id = l.tenant_id"
    static let columns: SQL = """
        l.id, l.tenant_id, t.name, l.is_discovered, l.target, l.status, l.revision, l.created_at,
        l.updated_at
        """

    init(_ row: Row) throws(DatabaseFault) {
        var row = row
        id = try row.next()
        let tenant: TenantID? = try row.next()
        let name: String? = try row.next()
        self.tenant = tenant.map { TenantReference(id: $0, name: name ?? "") }
        isDiscovered = try row.next()
        target = try row.next()
        status = try row.next()
        revision = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
    }

    func location() throws(StorageFault) -> CatalogLocation {
        let target: LocationTarget
        do throws(LocationTargetFault) {
            target = try LocationTarget(parsing: self.target)
        } catch {
            throw .unreadable("location \(id)")
        }
        return CatalogLocation(
            id: id,
            tenant: tenant,
            isDiscovered: isDiscovered,
            target: target,
            status: LocationStatus(reading: try parsed(status)),
            revision: revision,
            createdAt: createdAt,
            updatedAt: updatedAt
        )
    }
}
