import Domain
import Postgres
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    /// What is known of pull requests, while there is much of it.
    @Suite struct HookStoreTests {
        private static let forge = "01936f00-0000-7000-8000-000000000501"
        private static let source = "01936f00-0000-7000-8000-000000000502"

        /// A source with threads that are over and told, and `open` ones.
        private func fill(_ fixture: Fixture, over: Int, open: Int) throws {
            let database = fixture.database
            try database.run(
                """
                INSERT INTO tenant (id, name, labels, label_terms, blueprint_id, spec, phase,
                    status, generation, revision, created_at, updated_at)
                SELECT '01936f00-0000-7000-8000-000000000003', 'acme', '{}', '{}', id, '{}',
                    'ready', '{"phase":"ready"}', 1, 1, now(), now()
                  FROM blueprint
                """
            )
            try database.run(
                """
                INSERT INTO forge (id, name, labels, label_terms, kind, spec, phase, message, since,
                    generation, revision, created_at, updated_at)
                VALUES ('\(Self.forge)', 'own', '{}', '{}', 'github', '{"url":"https://x"}',
                    'silent', '', now(), 1, 1, now(), now())
                """
            )
            try database.run(
                """
                INSERT INTO source (id, tenant_id, name, labels, label_terms, spec, forge_id,
                    repository_key, secret, generation, revision, created_at, updated_at)
                VALUES ('\(Self.source)', '01936f00-0000-7000-8000-000000000003', 'shop', '{}',
                    '{}', '{"forge":"own","repository":"acme/shop"}', '\(Self.forge)', 'acme/shop',
                    'sealed', 1, 1, now(), now())
                """
            )
            try database.run(
                """
                INSERT INTO source_thread (source_id, key, environment, revision, news, is_held,
                    is_open, updated_at, wanted, reported)
                SELECT '\(Self.source)', 'pull/' || n, 'pr-' || n, repeat('a', 40), '{}', false,
                    n > \(over), now() - n * interval '1 minute', 1, 1
                  FROM generate_series(1, \(over + open)) n
                """
            )
            try database.run("ANALYZE source_thread")
        }

        @Test func `what is over and told is not looked through for what is to be told`()
            async throws
        {
            try await Fixture.run { fixture in
                try fill(fixture, over: 20_000, open: 20)
                let due = ForgeStore.due(at: Fixture.start)
                let plan = try await fixture.storage.database.transaction { transaction in
                    let rows = try await transaction.execute(
                        "EXPLAIN (COSTS OFF) SELECT h.key FROM forge f, \(due)"
                    )
                    var lines: [String] = []
                    for row in rows { lines.append(try row.decode(0)) }
                    return lines.joined(separator: "\n")
                }
                #expect(plan.contains("thread_to_tell"), "\(plan)")
                #expect(!plan.contains("Seq Scan on source_thread"), "\(plan)")
            }
        }

        @Test func `what ended a month ago is forgotten, batch by batch, and nothing else`()
            async throws
        {
            try await Fixture.run { fixture in
                try fill(fixture, over: 250, open: 3)
                try fixture.database.run(
                    """
                    UPDATE source_thread SET updated_at = now() - interval '31 days'
                     WHERE key <> 'pull/1'
                    """
                )
                var removed: [Int] = []
                for _ in 0..<4 {
                    removed.append(try await fixture.storage.hooks.removeOld(batch: 100))
                }
                #expect(removed == [100, 100, 49, 0])
                let left = try fixture.database.run("SELECT key FROM source_thread ORDER BY key")
                #expect(left.map { $0[0] } == ["pull/1", "pull/251", "pull/252", "pull/253"])
            }
        }
    }
}
