import Catalog
import Domain
import JSON
import Postgres

/// Many entities that are written in a few statements, new and changed ones alike.
struct EntityBatch {
    /// The entities, each with the location that led to it.
    private(set) var entities: [CatalogEntity] = []
    let location: LocationID?

    init(from location: LocationID?) { self.location = location }

    mutating func add(_ entity: CatalogEntity) { entities.append(entity) }

    /// Writes them with their keys and relations; the table itself writes the events.
    ///
    /// One whose reference was taken in the meantime is left out.
    func write(in transaction: Transaction) async throws(DatabaseFault) {
        guard !entities.isEmpty else { return }
        let ids = entities.map(\.id)
        let rows = document
        try await transaction.execute(all: [
            "DELETE FROM catalog_key WHERE entity_id = ANY (\(ids))",
            "DELETE FROM catalog_relation WHERE entity_id = ANY (\(ids))",
            insertion(rows),
            """
            INSERT INTO catalog_key (entity_id, key, value, folded)
            SELECT e.id, k.key, k.value, k.folded
              FROM json_to_recordset(\(rows)) r (id uuid, keys json)
              JOIN catalog_entity e ON e.id = r.id
             CROSS JOIN json_to_recordset(r.keys) k (key text, value text, folded text)
            """,
            """
            INSERT INTO catalog_relation (entity_id, tenant_id, source, type, target)
            SELECT e.id, e.tenant_id, k.source, k.type, k.target
              FROM json_to_recordset(\(rows)) r (id uuid, relations json)
              JOIN catalog_entity e ON e.id = r.id
             CROSS JOIN json_to_recordset(r.relations) k (source text, type text, target text)
            """,
        ])
    }

    private func insertion(_ rows: Document) -> SQL {
        """
        INSERT INTO catalog_entity AS e (
            id, ref, kind, namespace, name, tenant_id, location_id, location, origin, document,
            terms, words, revision, created_at, updated_at)
        SELECT r.id, r.ref, r.kind, r.namespace, r.name, r.tenant, \(location), r.file, r.origin,
               r.document, r.terms,
               setweight(to_tsvector('simple', r.first), 'A')
               || setweight(to_tsvector('simple', r.second), 'B')
               || to_tsvector('simple', r.third),
               r.revision, r.created, r.updated
          FROM json_to_recordset(\(rows)) r (
               id uuid, ref text, kind text, namespace text, name text, tenant uuid, file text,
               origin text, document json, terms bigint[], first text, second text, third text,
               revision bigint, created timestamptz, updated timestamptz)
        ON CONFLICT (ref) DO UPDATE
           SET kind = excluded.kind, namespace = excluded.namespace, name = excluded.name,
               tenant_id = excluded.tenant_id, location_id = excluded.location_id,
               location = excluded.location, origin = excluded.origin, orphaned_at = NULL,
               document = excluded.document, terms = excluded.terms, words = excluded.words,
               revision = excluded.revision, updated_at = excluded.updated_at
         WHERE e.id = excluded.id
        """
    }

    private var document: Document {
        Document { writer in
            writer.array(entities) { writer, entity in
                let keys = EntityKeys(of: entity.entity, from: entity.hold)
                let words = EntityWords(of: entity.entity)
                writer.object { writer in
                    writer.member("id", entity.id.description)
                    writer.member("ref", entity.entity.reference.description)
                    writer.member("kind", entity.entity.kind)
                    writer.member("namespace", entity.entity.namespace)
                    writer.member("name", entity.entity.name)
                    if let tenant = entity.tenant { writer.member("tenant", tenant.id.description) }
                    if let hold = entity.hold {
                        writer.member("file", hold.file)
                        writer.member("origin", hold.origin)
                    }
                    writer.member("document", .object(entity.entity.document))
                    writer.key("terms")
                    let terms = EntityTerms.all(of: keys, id: entity.id, from: entity.hold)
                    writer.array(terms) { $0.value(.integer(Int($1))) }
                    writer.member("first", words.first)
                    writer.member("second", words.second)
                    writer.member("third", words.third)
                    writer.member("revision", entity.revision)
                    writer.member("created", entity.createdAt.description)
                    writer.member("updated", entity.updatedAt.description)
                    Self.write(keys, to: &writer)
                    Self.write(entity.entity.relations, to: &writer)
                }
            }
        }
    }

    private static func write(_ keys: EntityKeys, to writer: inout JSONWriter) {
        writer.key("keys")
        writer.array(keys.entries.filter { $0.value != nil }) { writer, entry in
            writer.object { writer in
                writer.member("key", entry.key)
                writer.member("value", entry.value ?? "")
                writer.member("folded", (entry.value ?? "").lowercased())
            }
        }
    }

    private static func write(_ relations: [EntityRelation], to writer: inout JSONWriter) {
        writer.key("relations")
        writer.array(relations) { writer, relation in
            writer.object { writer in
                writer.member("source", relation.source.description)
                writer.member("type", relation.type)
                writer.member("target", relation.target.description)
            }
        }
    }
}
