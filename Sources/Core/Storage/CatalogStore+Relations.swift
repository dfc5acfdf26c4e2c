package import Catalog
package import Domain
import Postgres

extension CatalogStore {
    /// The relations that a walk from an entity comes along, the nearest first; as many as are
    /// told, and one more where there are more.
    ///
    /// Each is told once, at its smallest depth, so that circles end.
    package func relations(
        of reference: EntityReference,
        along walk: RelationWalk,
        as access: Access
    ) async throws(StorageFault) -> Page<WalkedRelation> {
        let scope = access.scope(for: .readCatalog)
        let visible = scope.orPlatform(on: "r.tenant_id")
        let followed: SQL = walk.types.map { "AND r.type = ANY (\($0))" } ?? ""
        // A relation comes at most once a step out of the recursion, however many ways lead to it.
        let limit = RelationWalk.relationsMax * walk.depth + 1
        let rows: Rows = try await translating { () async throws(DatabaseFault) in
            try await database.read(
                """
                WITH RECURSIVE walk (source, type, target, depth) AS (
                    SELECT r.source, r.type, r.target, 1 FROM catalog_relation r
                     WHERE r.source = \(reference.description) AND \(visible) \(followed)
                     UNION
                    SELECT r.source, r.type, r.target, w.depth + 1
                      FROM walk w JOIN catalog_relation r ON r.source = w.target
                     WHERE w.depth < \(Int32(walk.depth)) AND \(visible) \(followed)
                ), reached AS MATERIALIZED (
                    SELECT * FROM walk LIMIT \(unsafeSQL: String(limit))
                )
                SELECT s.source, s.type, s.target, min(s.depth) AS depth,
                       EXISTS (
                        SELECT FROM catalog_entity e
                         WHERE e.ref = s.target AND \(scope.orPlatform(on: "e.tenant_id")))
                  FROM reached s
                 GROUP BY s.source, s.type, s.target
                 ORDER BY 4, 1, 2, 3
                 LIMIT \(unsafeSQL: String(RelationWalk.relationsMax + 1))
                """
            )
        }
        return try await translating { () async throws(DatabaseFault) in
            try Page(rows, limit: RelationWalk.relationsMax) { row throws(DatabaseFault) in
                WalkedRelation(
                    source: try row.decode(0),
                    type: try row.decode(1),
                    target: try row.decode(2),
                    depth: Int(try row.decode(3, as: Int32.self)),
                    isKnown: try row.decode(4)
                )
            }
        }
    }
}
