import Domain
import Postgres
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    /// What PostgreSQL does for the statements whose time must not grow with the tables.
    struct PlanTests {
        private func fill(_ fixture: Fixture) throws {
            try fixture.database.run(
                """
                INSERT INTO tenant (
                    id, name, labels, label_terms, blueprint_id, spec, phase, status,
                                    generation, revision, created_at, updated_at)
                SELECT gen_random_uuid(), 't' || md5(n::text), '{}',
                       CASE WHEN n % 500 = 0 THEN ARRAY['tier', 'tier=gold'] ELSE '{}' END,
                       (SELECT id FROM blueprint), '{}',
                       CASE WHEN n % 500 = 0 THEN 'degraded' ELSE 'ready' END, '{}', 1, 1,
                       now() - n * interval '1 minute', now()
                  FROM generate_series(1, 20000) n;
                INSERT INTO event (
                    position, id, type, subject_kind, subject_name, tenant_id, at, data)
                SELECT n, gen_random_uuid(), 't', 'tenant', 'x',
                       (SELECT min(id::text)::uuid FROM tenant),
                       now(), '{}' FROM generate_series(1, 20000) n;
                UPDATE event_log SET last = 20000;
                INSERT INTO job_history (
                    id, place, kind, subject_kind, subject_name, input, state, steps, attempt,
                    crashes, lease, revision, created_at)
                SELECT gen_random_uuid(), n, 'k', 'tenant', 'x', '{}', 'completed', '[]', 1, 0, 1,
                       1, now()
                  FROM generate_series(1, 20000) n;
                INSERT INTO audit (at, actor, operation, object_kind, object_name, result, peer,
                                   request_id)
                SELECT now(), 'a', 'o', 'tenant', 'x', 'allowed', 'p', 'r'
                  FROM generate_series(1, 20000) n;
                ANALYZE
                """
            )
        }

        private func plan(of sql: SQL, _ fixture: Fixture) async throws -> String {
            // The plan for any values, as a prepared statement gets it.
            try await fixture.storage.database.transaction { transaction in
                try await transaction.execute("SET LOCAL plan_cache_mode = force_generic_plan")
                let rows = try await transaction.execute("EXPLAIN (COSTS OFF) " + sql)
                var lines: [String] = []
                for row in rows { lines.append(try row.decode(0)) }
                return lines.joined(separator: "\n")
            }
        }

        private func expect(
            _ sql: SQL,
            uses index: String,
            _ fixture: Fixture,
            _ location: SourceLocation = #_sourceLocation
        ) async throws {
            let plan = try await plan(of: sql, fixture)
            #expect(plan.contains(index), "\(plan)", sourceLocation: location)
            #expect(!plan.contains("Seq Scan on tenant"), "\(plan)", sourceLocation: location)
            #expect(!plan.contains("Seq Scan on event\n"), "\(plan)", sourceLocation: location)
            #expect(!plan.contains("Seq Scan on audit"), "\(plan)", sourceLocation: location)
            #expect(!plan.contains("Sort\n"), "\(plan)", sourceLocation: location)
        }

        @Test func `lists of tenants walk an index in their order`() async throws {
            try await Fixture.run { fixture in
                try fill(fixture)
                func tenants(_ query: TenantQuery, _ scope: Access.Scope = .everything) -> SQL {
                    TenantStore.listing(query, within: scope)
                }
                let after = ListPosition(value: .name("t5"), id: Fixture.id())
                let moment = ListPosition(value: .moment(Fixture.start), id: Fixture.id())
                try await expect(tenants(TenantQuery()), uses: "tenant_name_is_unique", fixture)
                try await expect(
                    tenants(TenantQuery(ListQuery(after: after))),
                    uses: "tenant_name_is_unique",
                    fixture
                )
                for isDescending in [false, true] {
                    let order = ListOrder(by: .createdAt, isDescending: isDescending)
                    try await expect(
                        tenants(TenantQuery(ListQuery(order: order, after: moment))),
                        uses: "tenant_by_age",
                        fixture
                    )
                }
                try await expect(
                    tenants(TenantQuery(blueprint: fixture.blueprint.name)),
                    uses: "tenant_of_blueprint",
                    fixture
                )
                try await expect(
                    tenants(TenantQuery(phase: .degraded)),
                    uses: "tenant_unsettled",
                    fixture
                )
            }
        }

        @Test func `a list for one tenant finds it by its id`() async throws {
            try await Fixture.run { fixture in
                try fill(fixture)
                let sql = TenantStore.listing(TenantQuery(), within: .tenant(Fixture.id()))
                let plan = try await plan(of: sql, fixture)
                #expect(plan.contains("tenant_pkey"), "\(plan)")
            }
        }

        @Test func `a selector finds few among many by its index`() async throws {
            try await Fixture.run { fixture in
                try fill(fixture)
                let list = ListQuery(selector: try LabelSelector(parsing: "tier=gold"))
                let plan = try await plan(
                    of: TenantStore.listing(TenantQuery(list), within: .everything),
                    fixture
                )
                #expect(!plan.contains("Seq Scan"), "\(plan)")
            }
        }

        @Test func `the event and audit logs are read from where the reader stands`() async throws {
            try await Fixture.run { fixture in
                try fill(fixture)
                let query = EventQuery(after: 19_000)
                try await expect(
                    EventStore.reading(query, within: .everything),
                    uses: "event_has_its_own_position",
                    fixture
                )
                try await expect(
                    EventStore.reading(query, within: .tenant(Fixture.id())),
                    uses: "event_of_tenant",
                    fixture
                )
                try await expect(
                    AuditStore.listing(AuditQuery(before: 500), within: .everything),
                    uses: "audit_pkey",
                    fixture
                )
                try await expect(
                    AuditStore.listing(AuditQuery(before: 500), within: .tenant(Fixture.id())),
                    uses: "audit_of_tenant",
                    fixture
                )
            }
        }

        @Test func `a list of jobs walks both tables by id`() async throws {
            try await Fixture.run { fixture in
                try fill(fixture)
                let plan = try await plan(
                    of: JobStore.listing(JobQuery(), within: .everything),
                    fixture
                )
                #expect(plan.contains("job_pkey"), "\(plan)")
                #expect(plan.contains("job_history_pkey"), "\(plan)")
                #expect(!plan.contains("Sort\n"), "\(plan)")
            }
        }
    }
}
