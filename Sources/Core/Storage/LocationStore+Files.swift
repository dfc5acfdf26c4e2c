package import Catalog
package import Domain
import JSON
import Postgres
import Secrets

/// A file of a location as it is stored and was read before.
package struct StoredFile: Sendable, Equatable {
    /// The target of this one file.
    package var target: String
    /// The object that held its content.
    package var blob: String
    /// The targets that its entities of kind Location name.
    package var links: [String]
    /// Whether an entity of it is free that was another's when it was read.
    package var isDue: Bool
}

/// A file of a location as it was read now.
package struct NewFile: Sendable {
    /// The target of this one file.
    package var target: LocationTarget
    /// The object that holds its content.
    package var blob: String
    /// The targets that its entities of kind Location name.
    package var links: [String]
    /// What is wrong with it.
    package var problems: [CatalogFile.Problem]
    /// Its entities, each with its line.
    package var entries: [(entity: Entity, line: Int)]

    /// Puts together the parts as they are.
    package init(
        target: LocationTarget,
        blob: String,
        links: [String],
        problems: [CatalogFile.Problem],
        entries: [(entity: Entity, line: Int)]
    ) {
        self.target = target
        self.blob = blob
        self.links = links
        self.problems = problems
        self.entries = entries
    }
}

/// What keeping files came to.
package enum FilesKept: Sendable, Equatable {
    /// They are kept.
    case kept
    /// The location is gone.
    case gone
    /// There is no room: the sentence says for what.
    case full(String)
}

extension LocationStore {
    /// The files that were read before.
    package func files(of location: LocationID) async throws(StorageFault) -> [StoredFile] {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                """
                WITH due AS (
                    -- What another held is free: it went, or nothing leads to it any more.
                    SELECT DISTINCT c.file
                      FROM catalog_claim c LEFT JOIN catalog_entity e ON e.ref = c.ref
                     WHERE c.location_id = \(location)
                       AND (e.id IS NULL OR e.orphaned_at IS NOT NULL
                            OR e.location_id = c.location_id AND e.location <> 'url:' || c.file
                               AND NOT EXISTS (
                                SELECT FROM catalog_claim o
                                 WHERE o.location_id = c.location_id AND o.ref = c.ref
                                   AND 'url:' || o.file = e.location))
                )
                SELECT f.target, f.blob, f.links, due.file IS NOT NULL
                  FROM catalog_file f LEFT JOIN due ON due.file = f.target
                 WHERE f.location_id = \(location)
                """
            )
            return try rows.map { row throws(DatabaseFault) in
                StoredFile(
                    target: try row.decode(0),
                    blob: try row.decode(1),
                    links: try row.decode(2),
                    isDue: try row.decode(3)
                )
            }
        }
    }

    /// Keeps what files hold: their entities, as far as no other location holds them.
    ///
    /// All of it in one transaction, and as often as one likes: what stands as it should is left as
    /// it is. Of a file with problems, entities that are not found in it any more stay.
    package func keep(
        _ files: [NewFile],
        of location: CatalogLocation,
        at moment: Domain.Instant
    ) async throws(StorageFault) -> FilesKept {
        try await bounded { transaction in
            guard try await Self.lock(location.id, in: transaction) else { return .gone }
            try await Self.write(files, of: location.id, in: transaction)
            let claimed: Int = try await transaction.execute(
                "SELECT count(*) FROM catalog_claim WHERE location_id = \(location.id)"
            )[0].decode(0)
            guard claimed <= CatalogLocation.entitiesMax else {
                throw Full("more than \(CatalogLocation.entitiesMax) entities in one location")
            }
            let scene = try await EntityScene(of: files, location, in: transaction)
            let batch = scene.batch(of: files, at: moment)
            let owners = Set(batch.entities.map { $0.tenant?.id })
            var before: [TenantID?: CatalogUsage] = [:]
            for owner in owners {
                before[owner] = try await CatalogUsage.now(of: owner, in: transaction)
            }
            try await batch.write(in: transaction)
            for (owner, before) in before {
                let now = try await CatalogUsage.now(of: owner, in: transaction)
                guard !now.isTooMuch(after: before) else {
                    throw Full(
                        "more than \(CatalogEntity.countMax) entities of one owner, or "
                            + "\(CatalogEntity.bytesMax >> 20) MiB of them"
                    )
                }
            }
            return .kept
        }
    }

    /// Keeps how a look at a location ended.
    ///
    /// `seen` are the files that are there; what no file says any more becomes an orphan. With nil
    /// nothing is known to be gone.
    package func finish(
        _ status: LocationStatus,
        of location: LocationID,
        seen: [String]?,
        at moment: Domain.Instant
    ) async throws(StorageFault) {
        try await together(database) { transaction in
            guard try await Self.lock(location, in: transaction) else { return }
            var isAgain = false
            if let seen {
                try await Self.forget(allBut: seen, of: location, in: transaction)
                isAgain = try await Self.orphan(of: location, at: moment, in: transaction)
            }
            let row = try await transaction.execute(
                """
                SELECT (SELECT count(*) FROM catalog_entity WHERE location_id = \(location)),
                       (SELECT count(*) FROM catalog_entity
                         WHERE location_id = \(location) AND orphaned_at IS NOT NULL),
                       EXISTS (SELECT FROM catalog_file
                                WHERE location_id = \(location) AND is_faulty),
                       EXISTS (SELECT FROM (\(Self.conflicts(of: location))) c)
                """
            )[0]
            var status = status
            status.entities = try row.decode(0)
            status.orphans = try row.decode(1)
            let isFaulty = try row.decode(2, as: Bool.self) || row.decode(3, as: Bool.self)
            if isFaulty, status.phase == .ready { status.phase = .degraded }
            try await transaction.execute(
                """
                UPDATE catalog_location
                   SET phase = \(status.phase.rawValue), status = \(Document(status.write)),
                       due_at = CASE WHEN \(isAgain) THEN now() ELSE due_at END,
                       revision = revision + 1, updated_at = \(moment)
                 WHERE id = \(location)
                """
            )
        }
    }

    private static func lock(
        _ location: LocationID,
        in transaction: Transaction
    ) async throws(DatabaseFault) -> Bool {
        try await transaction.execute(
            "SELECT id FROM catalog_location WHERE id = \(location) FOR NO KEY UPDATE"
        ).first != nil
    }

    private static func write(
        _ files: [NewFile],
        of location: LocationID,
        in transaction: Transaction
    ) async throws(DatabaseFault) {
        let rows = Document { writer in
            writer.array(files) { writer, file in file.write(to: &writer) }
        }
        try await transaction.execute(all: [
            """
            INSERT INTO catalog_file (
                location_id, target, repository, blob, links, problems, is_faulty)
            SELECT \(location), f.target, f.repository, f.blob, f.links, f.problems, f.faulty
              FROM json_to_recordset(\(rows)) f (
                   target text, repository text, blob text, links text[], problems json,
                   faulty boolean)
            ON CONFLICT (location_id, target) DO UPDATE
               SET blob = excluded.blob, links = excluded.links, problems = excluded.problems,
                   is_faulty = excluded.is_faulty
            """,
            """
            DELETE FROM catalog_claim c
             USING json_to_recordset(\(rows)) f (target text, faulty boolean)
             WHERE c.location_id = \(location) AND c.file = f.target AND NOT f.faulty
            """,
            """
            INSERT INTO catalog_claim (location_id, file, ref, line)
            SELECT \(location), f.target, c.ref, c.line
              FROM json_to_recordset(\(rows)) f (target text, claims json)
             CROSS JOIN json_to_recordset(f.claims) c (ref text, line integer)
            ON CONFLICT (location_id, file, ref) DO UPDATE SET line = excluded.line
            """,
        ])
    }

    private static func forget(
        allBut seen: [String],
        of location: LocationID,
        in transaction: Transaction
    ) async throws(DatabaseFault) {
        try await transaction.execute(
            """
            DELETE FROM catalog_file f
             WHERE f.location_id = \(location)
               AND NOT EXISTS (SELECT FROM unnest(\(seen)) s (target) WHERE s.target = f.target)
            """
        )
    }

    /// Marks the entities that no file says any more.
    ///
    /// - Returns: whether another file of the location says one of them, and must be read again.
    private static func orphan(
        of location: LocationID,
        at moment: Domain.Instant,
        in transaction: Transaction
    ) async throws(DatabaseFault) -> Bool {
        let key = EntityKeys.annotation(WellKnownAnnotation.orphan)
        let terms = [EntityTerms.hash(key), EntityTerms.hash(key, "true")]
        let row = try await transaction.execute(
            """
            WITH lost AS MATERIALIZED (
                SELECT e.id, EXISTS (
                        SELECT FROM catalog_claim o
                         WHERE o.location_id = e.location_id AND o.ref = e.ref) AS is_wanted
                  FROM catalog_entity e
                 WHERE e.location_id = \(location) AND e.orphaned_at IS NULL
                   AND NOT EXISTS (
                    SELECT FROM catalog_claim c
                     WHERE c.location_id = e.location_id AND c.ref = e.ref
                       AND 'url:' || c.file = e.location)
            ), marked AS (
                UPDATE catalog_entity e
                   SET orphaned_at = now(), revision = e.revision + 1, updated_at = \(moment),
                       terms = e.terms || \(terms)
                  FROM lost WHERE e.id = lost.id AND NOT lost.is_wanted
                RETURNING e.id
            ), keyed AS (
                INSERT INTO catalog_key (entity_id, key, value, folded)
                SELECT marked.id, \(key), 'true', 'true' FROM marked
            )
            SELECT EXISTS (SELECT FROM lost WHERE is_wanted)
            """
        )[0]
        return try row.decode(0)
    }
}

/// What stands in the catalog already under the names that files say.
private struct EntityScene {
    /// An entity that is there.
    struct Held {
        let id: EntityID
        let isOwn: Bool
        let file: String?
        let isOrphan: Bool
        /// Whether the file that holds it says it still.
        let isClaimed: Bool
        let tenant: TenantID?
        let revision: Int64
        let createdAt: Domain.Instant
        let document: [UInt8]
    }

    let location: CatalogLocation
    private let held: [String: Held]
    /// The tenants that are called like a namespace.
    private let owners: [String: TenantReference]

    init(
        of files: [NewFile],
        _ location: CatalogLocation,
        in transaction: Transaction
    ) async throws(DatabaseFault) {
        self.location = location
        let references = files.flatMap { $0.entries.map(\.entity.reference.description) }
        let namespaces = Set(files.flatMap { $0.entries.map(\.entity.namespace) }).sorted()
        let answers = try await transaction.execute(all: [
            """
            SELECT e.ref, e.id, e.location_id IS NOT DISTINCT FROM \(location.id), e.location,
                   e.orphaned_at IS NOT NULL,
                   EXISTS (SELECT FROM catalog_claim c
                            WHERE c.location_id = e.location_id AND c.ref = e.ref
                              AND 'url:' || c.file = e.location),
                   e.tenant_id, e.revision, e.created_at, e.document
              FROM catalog_entity e WHERE e.ref = ANY (\(references))
               FOR NO KEY UPDATE
            """,
            "SELECT t.id, t.name FROM tenant t WHERE t.name = ANY (\(namespaces))",
        ])
        var held: [String: Held] = [:]
        for row in answers[0] {
            held[try row.decode(0)] = Held(
                id: try row.decode(1),
                isOwn: try row.decode(2),
                file: try row.decode(3),
                isOrphan: try row.decode(4),
                isClaimed: try row.decode(5),
                tenant: try row.decode(6),
                revision: try row.decode(7),
                createdAt: try row.decode(8),
                document: try row.decode(9)
            )
        }
        self.held = held
        var owners: [String: TenantReference] = [:]
        for row in answers[1] {
            let name: String = try row.decode(1)
            owners[name] = TenantReference(id: try row.decode(0), name: name)
        }
        self.owners = owners
    }

    /// What is written.
    func batch(
        of files: [NewFile],
        at moment: Domain.Instant
    ) -> EntityBatch {
        var batch = EntityBatch(from: location.id)
        var taken: Set<String> = []
        var random = SecureRandom()
        for file in files {
            let hold = EntityHold(file: "url:\(file.target)", origin: location.origin)
            for (entity, _) in file.entries {
                let reference = entity.reference.description
                let owner = owners[entity.namespace]
                let there = held[reference]
                // Of two files in one batch that say the same the first one has it.
                guard mayTake(there, for: hold), taken.insert(reference).inserted else { continue }
                if let there, isSame(there, entity, hold, owner) { continue }
                batch.add(
                    CatalogEntity(
                        id: there?.id ?? EntityID(at: moment, using: &random),
                        entity: entity,
                        tenant: owner,
                        hold: hold,
                        revision: (there?.revision ?? 0) + 1,
                        createdAt: there?.createdAt ?? moment,
                        updatedAt: moment
                    )
                )
            }
        }
        return batch
    }

    /// The first location keeps an entity; within one location it is the file whose name sorts
    /// first, so that it does not matter which was read first.
    private func mayTake(_ there: Held?, for hold: EntityHold) -> Bool {
        guard let there, !there.isOrphan else { return true }
        guard there.isOwn, let file = there.file else { return false }
        return !there.isClaimed || hold.file <= file
    }

    private func isSame(
        _ there: Held,
        _ entity: Entity,
        _ hold: EntityHold,
        _ owner: TenantReference?
    ) -> Bool {
        !there.isOrphan && there.file == hold.file && there.tenant == owner?.id
            && there.document == JSON.object(entity.document).serialized()
    }
}

/// There is no room; ends the transaction.
private struct Full: Error {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}

extension LocationStore {
    /// Runs `body` in a transaction; what does not fit ends it.
    private func bounded(
        _ body: (Transaction) async throws -> FilesKept
    ) async throws(StorageFault) -> FilesKept {
        var excess: Full?
        do throws(StorageFault) {
            return try await together(database) { transaction in
                do {
                    return try await body(transaction)
                } catch let full as Full {
                    excess = full
                    throw full
                }
            }
        } catch {
            if let excess { return .full(excess.sentence) }
            throw error
        }
    }
}

extension NewFile {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("target", target.description)
            writer.member("repository", target.repositoryKey)
            writer.member("blob", blob)
            writer.key("links")
            writer.array(links) { $0.string($1) }
            writer.key("problems")
            writer.array(problems) { $1.write(to: &$0) }
            writer.member("faulty", !problems.isEmpty)
            writer.key("claims")
            writer.array(entries) { writer, entry in
                writer.object { writer in
                    writer.member("ref", entry.entity.reference.description)
                    writer.member("line", entry.line)
                }
            }
        }
    }
}
