package import Catalog
package import Domain
import JSON
import Postgres

/// How entities stand by scorecards, and what that comes from.
package struct ScorecardStore: Sendable {
    /// Changes of one result that are kept.
    package static let historyMax = 500
    /// Changes of one result that are told.
    package static let historyTold = 50

    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// What the manifests of one file came to.
    package struct Report: Sendable {
        /// The path of the file in the repository.
        package let path: String
        /// The object that held its content.
        package let blob: String
        /// The text of a JSON object.
        package let report: [UInt8]

        /// Puts together the parts as they are.
        package init(path: String, blob: String, report: [UInt8]) {
            self.path = path
            self.blob = blob
            self.report = report
        }
    }

    /// How an entity stands by one scorecard.
    package struct Result: Sendable {
        /// The name of the scorecard.
        package let scorecard: String
        /// The level that is reached; nil for none.
        package let level: String?
        /// How many rules hold.
        package let met: Int
        /// How many there are.
        package let total: Int
        /// The rules, the text of a JSON list.
        package let rules: [UInt8]
        /// The commit that was looked at; nil where no repository was asked.
        package let commit: String?
        /// When it was looked at.
        package let at: Domain.Instant
        /// How it changed, the newest first.
        package var history: [Change] = []

        /// Puts together the parts as they are.
        package init(
            scorecard: String,
            level: String?,
            met: Int,
            total: Int,
            rules: [UInt8],
            commit: String?,
            at: Domain.Instant
        ) {
            self.scorecard = scorecard
            self.level = level
            self.met = met
            self.total = total
            self.rules = rules
            self.commit = commit
            self.at = at
        }
    }

    /// One change of a result.
    package struct Change: Sendable {
        /// The level that was reached then; nil for none.
        package let level: String?
        /// How many rules held.
        package let met: Int
        /// How many there were.
        package let total: Int
        /// The commit that was looked at; nil where no repository was asked.
        package let commit: String?
        /// When that was.
        package let at: Domain.Instant
    }

    /// The reports of a location.
    package func reports(of location: LocationID) async throws(StorageFault) -> [Report] {
        try await translating { () async throws(DatabaseFault) in
            try await database.write(
                """
                SELECT path, blob, report FROM scorecard_file
                 WHERE location_id = \(location) ORDER BY path
                """
            ).map { row throws(DatabaseFault) in
                Report(
                    path: try row.decode(0),
                    blob: try row.decode(1),
                    report: try row.decode(2)
                )
            }
        }
    }

    /// Keeps reports; those of files that are gone go when the results are kept.
    package func keep(
        _ reports: [Report],
        of location: LocationID
    ) async throws(StorageFault) {
        let rows = Document { writer in
            writer.array(reports) { writer, report in
                writer.object { writer in
                    writer.member("path", report.path)
                    writer.member("blob", report.blob)
                    writer.key("report")
                    writer.raw(report.report)
                }
            }
        }
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                INSERT INTO scorecard_file (location_id, path, blob, report)
                SELECT l.id, r.path, r.blob, r.report
                  FROM catalog_location l,
                       json_to_recordset(\(rows)) r (path text, blob text, report json)
                 WHERE l.id = \(location)
                ON CONFLICT (location_id, path) DO UPDATE
                   SET blob = excluded.blob, report = excluded.report
                """
            )
        }
    }

    /// Keeps how an entity stands, and that it changed where it did, with the facts of the
    /// repository that others are judged by; forgets reports of files that are gone.
    package func keep(
        _ results: [Result],
        of reference: EntityReference,
        _ tenant: TenantID,
        paths: [String],
        facts: [UInt8],
        location: LocationID
    ) async throws(StorageFault) {
        try await together(database) { transaction in
            try await transaction.execute(
                """
                DELETE FROM scorecard_file f
                 WHERE f.location_id = \(location)
                   AND NOT EXISTS (SELECT FROM unnest(\(paths)) p (path) WHERE p.path = f.path)
                """
            )
            try await transaction.execute(
                """
                INSERT INTO scorecard_repository (location_id, facts)
                SELECT l.id, \(Document(facts)) FROM catalog_location l WHERE l.id = \(location)
                ON CONFLICT (location_id) DO UPDATE SET facts = excluded.facts
                """
            )
            for result in results {
                try await Self.write(result, of: reference.description, tenant, transaction)
            }
        }
    }

    private static func write(
        _ result: Result,
        of reference: String,
        _ tenant: TenantID,
        _ transaction: Transaction
    ) async throws(DatabaseFault) {
        try await transaction.execute(all: [
            """
            INSERT INTO scorecard_history (
                ref, scorecard, tenant_id, level, met, total, commit, at)
            SELECT \(reference), \(result.scorecard), t.id, \(result.level), \(Int32(result.met)),
                   \(Int32(result.total)), \(result.commit), \(result.at)
              FROM tenant t
             WHERE t.id = \(tenant)
               AND NOT EXISTS (
                SELECT FROM scorecard_result r
                 WHERE r.ref = \(reference) AND r.scorecard = \(result.scorecard)
                   AND r.level IS NOT DISTINCT FROM \(result.level)
                   AND r.met = \(Int32(result.met)) AND r.total = \(Int32(result.total)))
            """,
            """
            INSERT INTO scorecard_result (
                ref, scorecard, tenant_id, level, met, total, rules, commit, at)
            SELECT \(reference), \(result.scorecard), t.id, \(result.level), \(Int32(result.met)),
                   \(Int32(result.total)), \(Document(result.rules)), \(result.commit),
                   \(result.at)
              FROM tenant t WHERE t.id = \(tenant)
            ON CONFLICT (ref, scorecard) DO UPDATE
               SET level = excluded.level, met = excluded.met, total = excluded.total,
                   rules = excluded.rules, commit = excluded.commit, at = excluded.at
            """,
            """
            DELETE FROM scorecard_history
             WHERE ref = \(reference) AND scorecard = \(result.scorecard)
               AND at < (SELECT at FROM scorecard_history
                          WHERE ref = \(reference) AND scorecard = \(result.scorecard)
                          ORDER BY at DESC OFFSET \(unsafeSQL: String(historyMax)) LIMIT 1)
            """,
        ])
    }

    /// How an entity stands, by every scorecard, with how that changed.
    package func results(
        of reference: EntityReference,
        as access: Access
    ) async throws(StorageFault) -> [Result] {
        let scope = access.scope(for: .readCatalog)
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT r.scorecard, r.level, r.met, r.total, r.rules, r.commit, r.at
                  FROM scorecard_result r
                 WHERE r.ref = \(reference.description)
                   AND \(scope.orPlatform(on: "r.tenant_id"))
                 ORDER BY r.scorecard
                """
            )
            var results: [Result] = []
            for row in rows {
                var result = Result(
                    scorecard: try row.decode(0),
                    level: try row.decode(1),
                    met: Int(try row.decode(2, as: Int32.self)),
                    total: Int(try row.decode(3, as: Int32.self)),
                    rules: try row.decode(4),
                    commit: try row.decode(5),
                    at: try row.decode(6)
                )
                let changes = try await database.read(
                    """
                    SELECT h.level, h.met, h.total, h.commit, h.at FROM scorecard_history h
                     WHERE h.ref = \(reference.description) AND h.scorecard = \(result.scorecard)
                     ORDER BY h.at DESC LIMIT \(unsafeSQL: String(Self.historyTold))
                    """
                )
                result.history = try changes.map { row throws(DatabaseFault) in
                    Change(
                        level: try row.decode(0),
                        met: Int(try row.decode(1, as: Int32.self)),
                        total: Int(try row.decode(2, as: Int32.self)),
                        commit: try row.decode(3),
                        at: try row.decode(4)
                    )
                }
                results.append(result)
            }
            return results
        }
    }
}
