package import Catalog
import Domain
import JSON
import Postgres

/// An entity that a location says while something else holds it.
package struct LocationConflict: Sendable, Hashable {
    /// The entity.
    package let ref: String
    /// The file that says it as well.
    package let file: String
    /// The line in that file.
    package let line: Int
    /// Where the entity that counts comes from: a file of this location or another, or the API.
    package let heldBy: String
}

extension LocationStore {
    /// The most conflicts and problems of files that are told of one location.
    package static let findingsMax = 200

    /// What is wrong with the files of a location that the caller was let at.
    package func problems(
        of location: LocationID
    ) async throws(StorageFault) -> [CatalogFile.Problem] {
        let documents = try await translating { () async throws(DatabaseFault) in
            try await database.write(
                """
                SELECT f.target, f.problems FROM catalog_file f
                 WHERE f.location_id = \(location) AND f.is_faulty
                 ORDER BY f.target LIMIT \(unsafeSQL: String(Self.findingsMax))
                """
            ).map { row throws(DatabaseFault) in
                (try row.decode(0, as: String.self), try row.decode(1, as: [UInt8].self))
            }
        }
        var problems: [CatalogFile.Problem] = []
        for (target, document) in documents {
            for value in try parsed(document).array ?? [] where problems.count < Self.findingsMax {
                problems.append(CatalogFile.Problem(reading: value).of(target))
            }
        }
        return problems
    }

    /// The entities that this location says and others hold, and those that it holds and others
    /// say, for a caller who was let at it.
    package func conflicts(
        of location: LocationID
    ) async throws(StorageFault) -> [LocationConflict] {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                """
                SELECT c.ref, c.file, c.line, c.held_by FROM (\(Self.conflicts(of: location))) c
                 ORDER BY 1, 2 LIMIT \(unsafeSQL: String(Self.findingsMax))
                """
            )
            return try rows.map { row throws(DatabaseFault) in
                LocationConflict(
                    ref: try row.decode(0),
                    file: try row.decode(1),
                    line: Int(try row.decode(2, as: Int32.self)),
                    heldBy: try row.decode(3)
                )
            }
        }
    }

    /// The conflicts of a location, seen from either side.
    static func conflicts(of location: LocationID) -> SQL {
        let columns: SQL = """
            c.ref, c.file, c.line,
            coalesce(e.location, 'slipway:/v1/catalog/entities/' || replace(e.ref, ':', '/'))
                AS held_by
            """
        return """
            SELECT \(columns)
              FROM catalog_claim c JOIN catalog_entity e ON e.ref = c.ref
             WHERE c.location_id = \(location)
               AND (e.location_id IS DISTINCT FROM c.location_id OR e.location <> 'url:' || c.file)
             UNION
            SELECT \(columns)
              FROM catalog_entity e JOIN catalog_claim c ON c.ref = e.ref
             WHERE e.location_id = \(location) AND c.location_id <> e.location_id
            """
    }
}

extension CatalogFile.Problem {
    /// The problem under the target of its file, which tells files of several repositories apart.
    fileprivate func of(_ target: String) -> CatalogFile.Problem {
        CatalogFile.Problem(
            path: target,
            code,
            detail,
            line: line,
            column: column,
            pointer: pointer
        )
    }
}
