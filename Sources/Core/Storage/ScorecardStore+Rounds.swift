import Catalog
package import Domain
import JSON
import Postgres
package import Scorecards

extension ScorecardStore {
    /// Entities that are judged in one transaction.
    package static let pageMax = 200
    /// Environments, services and clusters that are looked at for one page.
    private static let objectsMax = 50_000
    /// Repositories whose facts are in memory at a time, up to 20,000 paths each.
    package static let repositoriesMax = 4
    /// How old a result may be that is not written again although nothing changed.
    private static let resultKept = Duration.seconds(600)

    /// Judges a page of entities, off the loops.
    package typealias Evaluation =
        @Sendable (Scorecard, ScorecardPage) async throws -> [ScorecardPage.Judged]

    /// Judges all entities of the scorecard that is due longest, page by page.
    ///
    /// Of several processes each takes another one. Where one ends in the middle, the next round
    /// begins anew; judging twice changes nothing.
    ///
    /// - Returns: whether one was due.
    package func judgeNext(
        at moment: Domain.Instant,
        _ evaluate: Evaluation
    ) async throws -> Bool {
        guard let own = try await claim() else { return false }
        var last: String?
        var count = 0
        while true {
            let most = min(Self.pageMax, OwnScorecard.entitiesMax - count)
            let page = try await page(of: own.scorecard, after: last, most: most)
            let judged = try await judge(page, by: own.scorecard, evaluate)
            count += judged.count
            let newest = judged.last?.reference.description
            let isLast = judged.count < most || count >= OwnScorecard.entitiesMax
            let range = Range(after: last, upTo: isLast ? nil : newest)
            guard try await keep(judged, by: own, in: range, at: moment) else { return true }
            last = newest
            guard isLast else { continue }
            try await end(own, count: count, isComplete: judged.count < most, at: moment)
            return true
        }
    }

    /// Judges a page, with the repositories of a few tenants in memory at a time.
    private func judge(
        _ page: ScorecardPage,
        by scorecard: Scorecard,
        _ evaluate: Evaluation
    ) async throws -> [ScorecardPage.Judged] {
        let tenants = Array(Set(page.subjects.compactMap { $0.tenant?.id }))
        guard scorecard.rules.contains(where: \.asksRepository), !tenants.isEmpty else {
            return try await evaluate(scorecard, page)
        }
        let asksFiles = scorecard.rules.contains { rule in
            if case .files = rule.check { true } else { false }
        }
        var judged: [EntityReference: ScorecardPage.Judged] = [:]
        for start in stride(from: 0, to: tenants.count, by: Self.repositoriesMax) {
            let some = Array(tenants[start..<min(start + Self.repositoriesMax, tenants.count)])
            let part = ScorecardPage(
                subjects: page.subjects.filter { subject in
                    // Those of the platform have no repository.
                    subject.tenant.map { some.contains($0.id) } ?? (start == 0)
                },
                live: page.live,
                repositories: try await translating { () async throws(DatabaseFault) in
                    try await repositories(of: some, withPaths: asksFiles)
                }
            )
            for one in try await evaluate(scorecard, part) { judged[one.reference] = one }
        }
        return page.subjects.compactMap { judged[$0.reference] }
    }

    /// The references of a page: those behind one, up to another; nil has no bound.
    private struct Range {
        let after: String?
        let upTo: String?

        var condition: SQL {
            var bounds: [SQL] = []
            if let after { bounds.append("AND ref > \(after)") }
            if let upTo { bounds.append("AND ref <= \(upTo)") }
            return SQL.joined(bounds, by: " ")
        }
    }

    private func claim() async throws(StorageFault) -> OwnScorecard? {
        let stored = try await translating { () async throws(DatabaseFault) in
            try await database.write(
                """
                UPDATE scorecard SET due_at = now() + \(interval: OwnScorecard.interval)
                 WHERE id = (SELECT id FROM scorecard WHERE due_at <= now()
                              ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING \(StoredScorecard.columns)
                """
            ).first.map(StoredScorecard.init)
        }
        return try stored?.scorecard()
    }

    private func page(
        of scorecard: Scorecard,
        after last: String?,
        most: Int
    ) async throws(StorageFault) -> ScorecardPage {
        var ids: [String] = []
        var columns: [SQL] = ["e.ref", "e.tenant_id", "t.name"]
        for rule in scorecard.rules {
            guard case .entity(let filter, _) = rule.check else { continue }
            ids.append(rule.id)
            columns.append(filter.predicate.conditionToOwner)
        }
        let start: SQL = last.map { "AND e.ref > \($0)" } ?? ""
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(SQL.joined(columns, by: ", "))
                  FROM catalog_entity e LEFT JOIN tenant t ON t.id = e.tenant_id
                 WHERE \(scorecard.entities.predicate.conditionToOwner) \(start)
                 ORDER BY e.ref LIMIT \(unsafeSQL: String(most))
                """
            )
            var subjects: [ScorecardPage.Subject] = []
            for row in rows { subjects.append(try Self.subject(row, ids)) }
            let tenants = Array(Set(subjects.compactMap { $0.tenant?.id }))
            return ScorecardPage(
                subjects: subjects,
                live: scorecard.rules.contains(where: \.asksWhatRuns)
                    ? try await live(of: tenants) : [:]
            )
        }
    }

    private static func subject(
        _ row: Row,
        _ ids: [String]
    ) throws(DatabaseFault) -> ScorecardPage.Subject {
        let id: TenantID? = try row.decode(1)
        let name: String? = try row.decode(2)
        var holding: Set<String> = []
        for (index, rule) in ids.enumerated() where try row.decode(index + 3, as: Bool.self) {
            holding.insert(rule)
        }
        let text: String = try row.decode(0)
        // What is stored is a whole reference.
        guard let reference = try? EntityReference(parsing: text) else {
            throw .decoding(column: 0, reason: "`\(text)` is no reference")
        }
        return ScorecardPage.Subject(
            reference: reference,
            tenant: id.map { TenantReference(id: $0, name: name ?? "") },
            holding: holding
        )
    }

    /// What runs and is not well, and all clusters.
    private func live(
        of tenants: [TenantID]
    ) async throws(DatabaseFault) -> [TenantID: [LiveObject]] {
        let rows = try await database.read(
            """
            SELECT e.tenant_id, 'environment', e.name, e.phase,
                   ARRAY(SELECT e.service WHERE e.service IS NOT NULL), '{}'::text[], NULL
              FROM environment e
             WHERE e.tenant_id = ANY (\(tenants)) AND e.phase IN ('degraded', 'failed')
             UNION ALL
            SELECT s.tenant_id, 'service', s.name, s.phase,
                   ARRAY(SELECT DISTINCT e.service FROM environment e
                          WHERE e.tenant_id = s.tenant_id AND e.service IS NOT NULL
                            AND (e.name = s.environment OR e.name IN (
                                SELECT b.environment FROM service_binding b
                                 WHERE b.service_id = s.id))),
                   '{}'::text[], NULL
              FROM service_instance s
             WHERE s.tenant_id = ANY (\(tenants)) AND s.phase IN ('degraded', 'failed')
             UNION ALL
            SELECT c.tenant_id, 'cluster', c.name, c.phase,
                   ARRAY(SELECT DISTINCT e.service FROM environment e
                          WHERE e.tenant_id = c.tenant_id AND e.service IS NOT NULL
                            AND e.cluster = c.name),
                   ARRAY(SELECT json_array_elements_text(c.status -> 'drift')),
                   c.status -> 'versions' ->> 'controlPlane'
              FROM cluster c
             WHERE c.tenant_id = ANY (\(tenants))
             ORDER BY 1, 2, 3 LIMIT \(unsafeSQL: String(Self.objectsMax))
            """
        )
        var live: [TenantID: [LiveObject]] = [:]
        for row in rows {
            let kind: String = try row.decode(1)
            guard let kind = LiveObject.Kind(rawValue: kind) else { continue }
            live[try row.decode(0), default: []].append(
                LiveObject(
                    kind: kind,
                    name: try row.decode(2),
                    phase: try row.decode(3),
                    components: try row.decode(4),
                    drift: try row.decode(5),
                    version: try row.decode(6)
                )
            )
        }
        return live
    }

    private func repositories(
        of tenants: [TenantID],
        withPaths: Bool
    ) async throws(DatabaseFault) -> [TenantID: [UInt8]] {
        let facts: SQL =
            withPaths
            ? "r.facts"
            // Most of their bytes.
            : "json_build_object('commit', r.facts -> 'commit', 'findings', r.facts -> 'findings')"
        let rows = try await database.read(
            """
            SELECT l.tenant_id, \(facts)
              FROM catalog_location l JOIN scorecard_repository r ON r.location_id = l.id
             WHERE l.tenant_id = ANY (\(tenants)) AND l.is_discovered
            """
        )
        var repositories: [TenantID: [UInt8]] = [:]
        for row in rows { repositories[try row.decode(0)] = try row.decode(1) }
        return repositories
    }

    /// Keeps how entities stand, and forgets it of those in between that are judged no more.
    ///
    /// - Returns: false where the scorecard is another one by now, or gone.
    private func keep(
        _ judged: [ScorecardPage.Judged],
        by own: OwnScorecard,
        in range: Range,
        at moment: Domain.Instant
    ) async throws(StorageFault) -> Bool {
        let name = own.scorecard.name.text
        let refs = judged.map(\.reference.description)
        let rows = Self.document(judged)
        return try await together(database) { transaction in
            let held = try await transaction.execute(
                """
                SELECT FROM scorecard WHERE id = \(own.id) AND revision = \(own.revision)
                   -- Whoever changes it waits for this, or this for them.
                   FOR SHARE
                """
            )
            guard held.count == 1 else { return false }
            let gone: SQL = "scorecard = \(name) AND ref <> ALL (\(refs)) \(range.condition)"
            let answers = try await transaction.execute(all: [
                "DELETE FROM scorecard_result WHERE \(gone)",
                "DELETE FROM scorecard_history WHERE \(gone)",
                Self.history(rows, name, moment),
                Self.results(rows, name, moment),
            ])
            let changed = try answers[2].map { row throws(DatabaseFault) -> String in
                try row.decode(0)
            }
            try await transaction.execute(Self.trimming(changed, name))
            return true
        }
    }

    private static func document(_ judged: [ScorecardPage.Judged]) -> Document {
        Document { writer in
            writer.array(judged) { writer, judged in
                writer.object { writer in
                    writer.member("ref", judged.reference.description)
                    writer.member("level", ifPresent: judged.result.level)
                    writer.member("met", judged.result.met)
                    writer.member("total", judged.result.outcomes.count)
                    writer.member("commit", ifPresent: judged.commit)
                    writer.key("rules")
                    judged.result.write(to: &writer)
                }
            }
        }
    }

    private static let recordset: SQL = """
        r (ref text, level text, met integer, total integer, commit text, rules json)
        """

    /// A row for each result that is another one than before.
    private static func history(
        _ rows: Document,
        _ name: String,
        _ moment: Domain.Instant
    ) -> SQL {
        """
        INSERT INTO scorecard_history (ref, scorecard, tenant_id, level, met, total, commit, at)
        SELECT r.ref, \(name), e.tenant_id, r.level, r.met, r.total, r.commit, \(moment)
          FROM json_to_recordset(\(rows)) \(recordset) JOIN catalog_entity e ON e.ref = r.ref
         WHERE NOT EXISTS (
            SELECT FROM scorecard_result o
             WHERE o.ref = r.ref AND o.scorecard = \(name) AND o.met = r.met
               AND o.total = r.total AND o.level IS NOT DISTINCT FROM r.level)
        RETURNING ref
        """
    }

    private static func results(
        _ rows: Document,
        _ name: String,
        _ moment: Domain.Instant
    ) -> SQL {
        """
        INSERT INTO scorecard_result AS o (
            ref, scorecard, tenant_id, level, met, total, rules, commit, at)
        SELECT r.ref, \(name), e.tenant_id, r.level, r.met, r.total, r.rules, r.commit, \(moment)
          FROM json_to_recordset(\(rows)) \(recordset) JOIN catalog_entity e ON e.ref = r.ref
        ON CONFLICT (ref, scorecard) DO UPDATE
           SET tenant_id = excluded.tenant_id, level = excluded.level, met = excluded.met,
               total = excluded.total, rules = excluded.rules, commit = excluded.commit,
               at = excluded.at
         -- What stays as it is needs no new row every minute.
         WHERE o.rules::text <> excluded.rules::text
            OR o.commit IS DISTINCT FROM excluded.commit
            OR o.level IS DISTINCT FROM excluded.level
            OR o.tenant_id IS DISTINCT FROM excluded.tenant_id
            OR o.at < excluded.at - \(interval: resultKept)
        """
    }

    private static func trimming(_ changed: [String], _ name: String) -> SQL {
        """
        DELETE FROM scorecard_history h
         WHERE h.scorecard = \(name) AND h.ref = ANY (\(changed))
           AND h.at < (SELECT o.at FROM scorecard_history o
                        WHERE o.ref = h.ref AND o.scorecard = h.scorecard
                        ORDER BY o.at DESC OFFSET \(unsafeSQL: String(historyMax)) LIMIT 1)
        """
    }

    private func end(
        _ own: OwnScorecard,
        count: Int,
        isComplete: Bool,
        at moment: Domain.Instant
    ) async throws(StorageFault) {
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                UPDATE scorecard
                   SET judged_at = \(moment), judged = \(Int32(count)),
                       is_complete = \(isComplete)
                 WHERE id = \(own.id) AND revision = \(own.revision)
                """
            )
        }
    }
}
