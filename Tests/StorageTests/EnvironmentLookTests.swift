import Domain
import Postgres
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    /// What is seen of environments between their jobs.
    struct EnvironmentLookTests {
        private static let broken = EnvironmentObservation(
            isReady: false,
            objects: [SeenReadiness(object: "Deployment/a", state: .failed)],
            conditions: [
                SeenCondition(
                    type: EnvironmentObservation.observed,
                    status: .true,
                    reason: "Seen",
                    message: "It is looked at."
                )
            ]
        )
        private static let fine = EnvironmentObservation(isReady: true)

        /// An environment that is ready.
        private func ready(_ fixture: Fixture) async throws -> Environment {
            let tenant = try await fixture.tenant("acme")
            return try await fixture.finish(try await fixture.environment("pr-7", of: tenant))
        }

        @Test func `one is degraded when seen so twice, and ready again at once`() async throws {
            try await Fixture.run { fixture in
                let made = try await ready(fixture)
                let store = fixture.storage.environments
                #expect(try await !store.record(Self.broken, of: made))
                #expect(try await fixture.current(made).status.phase == .ready)
                #expect(try await !store.record(Self.fine, of: made))
                #expect(try await !store.record(Self.broken, of: made))
                #expect(try await store.record(Self.broken, of: made))
                let degraded = try await fixture.current(made)
                #expect(degraded.status.phase == .degraded)
                #expect(degraded.status.objects.count == 1)
                #expect(try await !store.record(Self.broken, of: degraded))
                #expect(try await store.record(Self.fine, of: degraded))
                #expect(try await fixture.current(made).status.phase == .ready)
                for (type, count) in [("degraded", 1), ("ready", 2)] {
                    let like = "type LIKE '%environment.\(type)'"
                    #expect(try fixture.count("event", where: like) == count, "\(type)")
                }
            }
        }

        @Test func `where nobody can look, what was seen before stands`() async throws {
            try await Fixture.run { fixture in
                let made = try await ready(fixture)
                let store = fixture.storage.environments
                let unseen = EnvironmentObservation.unseen(because: "It does not answer.")
                #expect(try await store.record(unseen, of: made))
                let now = try await fixture.current(made)
                #expect(now.status.phase == .ready)
                let observed = now.status.conditions.first { $0.type == "Observed" }
                #expect(observed?.status == .unknown)
                #expect(observed?.message.contains("It does not answer.") == true)
                // An hour of it is one change, whatever the words are.
                let other = EnvironmentObservation.unseen(because: "It timed out after 31 ms.")
                #expect(try await !store.record(other, of: now))
            }
        }

        @Test func `what has changed since somebody looked is left alone`() async throws {
            try await Fixture.run { fixture in
                let made = try await ready(fixture)
                let store = fixture.storage.environments
                _ = try await fixture.refresh(made, image: "shop:2")
                for _ in 1...3 { #expect(try await !store.record(Self.broken, of: made)) }
                #expect(try await fixture.current(made).status.phase == .deploying)
            }
        }

        @Test func `each is taken once a turn, whoever takes, and only those that are awake`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                for number in 0..<20 {
                    _ = try await fixture.finish(
                        try await fixture.environment("e\(number)", of: tenant)
                    )
                }
                try fixture.database.run(
                    """
                    UPDATE environment SET is_awake = false WHERE name = 'e0';
                    UPDATE environment SET phase = 'deploying' WHERE name = 'e1';
                    UPDATE environment SET spec = '{}' WHERE name = 'e2';
                    UPDATE environment_look SET look_at = now() - interval '1 s'
                    """
                )
                let store = fixture.storage.environments
                let taken = try await withThrowingTaskGroup(of: [Environment].self) { group in
                    for _ in 0..<6 { group.addTask { try await store.takeLooks(limit: 7) } }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                let rest = try await store.takeLooks(limit: 100)
                let names = (taken + rest).map(\.name.text)
                #expect(Set(names).count == names.count)
                #expect(Set(names) == Set((3..<20).map { "e\($0)" }))
                let spread = try fixture.database.run(
                    """
                    SELECT min(look_at) > now() + interval '50 s',
                           max(look_at) - min(look_at) > interval '1 s'
                      FROM environment_look
                    """
                )
                #expect(spread[0] == ["t", "t"])
            }
        }

        @Test func `use is written down once a minute, and not where it goes`() async throws {
            try await Fixture.run { fixture in
                let made = try await ready(fixture)
                let store = fixture.storage.environments
                try fixture.database.run("UPDATE environment SET used_at = now() - interval '61 s'")
                #expect(try await store.use(made.id))
                #expect(try await !store.use(made.id))
                try fixture.database.run("UPDATE environment SET used_at = now() - interval '61 s'")
                try await store.use(made.name, of: made.tenantName)
                #expect(try await !store.use(made.id))
                let deletion = try await fixture.current(made).deletion(
                    by: "ann",
                    on: Fixture.occasion()
                )
                let revision = try await fixture.current(made).revision
                _ = try await fixture.store(deletion, replacing: revision)
                try fixture.database.run("UPDATE environment SET used_at = now() - interval '61 s'")
                #expect(try await !store.use(made.id))
            }
        }

        @Test func `the last two hundred roll-outs are kept, and what is live`() async throws {
            try await Fixture.run { fixture in
                let made = try await ready(fixture)
                let live = try #require(made.status.live)
                // As many as there would be in a year.
                try fixture.database.run(
                    """
                    INSERT INTO deployment (
                        id, environment_id, environment_name, tenant_id, number, state, origin,
                        content, difference, requested_by, job_id, revision, created_at,
                        finished_at)
                    SELECT gen_random_uuid(), environment_id, environment_name, tenant_id, n,
                           'failed', origin, content, difference, requested_by, job_id, 1, now(),
                           now()
                      FROM deployment, generate_series(2, 299) n;
                    UPDATE environment
                       SET status = jsonb_set(status::jsonb, '{deployments}', '299')::json
                    """
                )
                let current = try await fixture.current(made)
                _ = try await fixture.refresh(current, image: "shop:2")
                let numbers = try fixture.database.run(
                    "SELECT number FROM deployment ORDER BY number LIMIT 2"
                ).map { $0[0] }
                #expect(numbers == ["1", "101"])
                #expect(try fixture.count("deployment") == 201)
                #expect(try fixture.count("deployment", where: "id = '\(live.deployment)'") == 1)
                let store = fixture.storage.deployments
                try fixture.database.run(
                    """
                    UPDATE deployment SET created_at = now() - interval '366 d' WHERE number < 111
                    """
                )
                #expect(try await store.removeOld(batch: 1_000) == 0)
                try fixture.database.run("DELETE FROM environment")
                #expect(try await store.removeOld(batch: 4) == 4)
                #expect(try await store.removeOld(batch: 1_000) == 7)
            }
        }
    }
}
