import Domain
import EventLoop
import Logging
import Postgres
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    /// Two thousand ephemeral environments, the clock, and two processes that sweep.
    struct EnvironmentCrowdTests {
        private static let tenants = 20
        private static let each = 100
        /// Ends are spread over so many minutes, from this one on.
        private static let spread = 200
        private static let firstEnd = 240

        /// What was done, and in which minute.
        private struct Passed {
            let minute: Int
            let passage: DuePassage
        }

        private static func moment(_ minute: Int) -> Domain.Instant {
            Fixture.start.advanced(by: .seconds(Int64(minute) * 60))
        }

        /// The environments, each with a moment of its own at which it ends: one is made, the
        /// others are like it and were refreshed at other moments.
        private static func plant(_ fixture: Fixture) async throws {
            for number in 0..<tenants {
                let tenant = try await fixture.tenant("tenant-\(number)")
                try await fixture.environment("pr-0", of: tenant) { order in
                    order.rest.lifetime.ttl = .seconds(Int64(firstEnd) * 60)
                }
            }
            let step = spread * 60 / (tenants * each)
            try fixture.database.run(
                """
                UPDATE environment
                   SET name = 'pr-' || place, used_at = used_at,
                       due_at = due_at + place * interval '\(step) s',
                       expires_at = expires_at + place * interval '\(step) s',
                       status = jsonb_set(status::jsonb, '{refreshedAt}', to_jsonb(to_char(
                           (created_at + place * interval '\(step) s') AT TIME ZONE 'UTC',
                           'YYYY-MM-DD"T"HH24:MI:SS"Z"')))::json
                  FROM (SELECT id AS which, row_number() OVER (ORDER BY tenant_name) - 1 AS place
                          FROM environment) places
                 WHERE id = which;
                INSERT INTO environment (
                    id, tenant_id, tenant_name, name, type, service, cluster, labels, label_terms,
                    spec, is_awake, used_at, phase, status, expires_at, due_at, generation,
                    revision, created_at, updated_at)
                SELECT gen_random_uuid(), tenant_id, tenant_name, name || '-' || n, type, service,
                       cluster, labels, label_terms, spec, is_awake, used_at, phase,
                       jsonb_set(status::jsonb, '{refreshedAt}', to_jsonb(to_char(
                           ((status ->> 'refreshedAt')::timestamptz
                            + n * interval '\(step * tenants) s') AT TIME ZONE 'UTC',
                           'YYYY-MM-DD"T"HH24:MI:SS"Z"')))::json,
                       expires_at + n * interval '\(step * tenants) s',
                       due_at + n * interval '\(step * tenants) s', generation, revision,
                       created_at, updated_at
                  FROM environment, generate_series(1, \(each - 1)) n
                """
            )
        }

        /// Everything that two processes do at a minute, until nothing is due; how often the fuller
        /// of them swept.
        private static func sweep(
            at minute: Int,
            _ stores: [EnvironmentStore],
            _ passed: inout [Passed]
        ) async throws -> Int {
            for turn in 0... {
                let sweeps = try await withThrowingTaskGroup(of: EnvironmentSweep.self) { group in
                    for store in stores {
                        group.addTask {
                            try await store.sweep(in: Fixture.zones, at: moment(minute))
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                let done = sweeps.flatMap(\.done)
                #expect(sweeps.allSatisfy { $0.done.count <= EnvironmentStore.sweepMax })
                #expect(sweeps.allSatisfy { $0.failed.isEmpty })
                guard !done.isEmpty else { return turn }
                passed += done.map { Passed(minute: minute, passage: $0) }
            }
            return 0
        }

        /// Each has its warning, then its end, once each.
        private static func checkOrder(_ passed: [Passed]) {
            var told: [String: [EventType]] = [:]
            for entry in passed {
                told[entry.passage.environment.name, default: []].append(entry.passage.event)
            }
            #expect(told.count == tenants * each)
            let wrong = told.filter {
                $0.value != [.environmentExpiring, .environmentDeletionRequested]
            }
            #expect(wrong.isEmpty, "\(wrong.prefix(3))")
        }

        @Test func `each is warned of and ends once, within its minute, with an hour missed`()
            async throws
        {
            try await Fixture.run { fixture in
                try await Self.plant(fixture)
                try await Self.beside(fixture) { other in
                    let stores = [fixture.storage.environments, other.environments]
                    let missed = 300..<360
                    var passed: [Passed] = []
                    var turnsMax = 0
                    for minute in 170...450 where !missed.contains(minute) {
                        let turns = try await Self.sweep(at: minute, stores, &passed)
                        if minute == missed.upperBound { turnsMax = turns }
                        guard minute == missed.upperBound else { continue }
                        // Whoever asks is answered, and no tenant's jobs crowd out others'.
                        let list = try await fixture.storage.environments.expiring(
                            ExpiringQuery(before: Self.moment(450)),
                            as: .system
                        )
                        #expect(!list.items.isEmpty)
                        try await Self.checkJobs(fixture)
                    }
                    Self.checkOrder(passed)
                    // Fifty a turn at most, whoever sweeps: about 1,000 things were missed.
                    #expect(turnsMax >= 5, "\(turnsMax)")
                    let late = passed.filter { entry in
                        let due = (entry.passage.dueAt - Fixture.start).components.seconds
                        return entry.minute != missed.upperBound
                            && entry.minute * 60 - Int(due) >= 60
                    }
                    #expect(late.isEmpty, "\(late.prefix(3))")
                    let backlog = passed.filter { $0.minute == missed.upperBound }
                    #expect(backlog.count > 600, "\(backlog.count)")
                    try Self.checkRecords(fixture, passed)
                }
            }
        }

        /// The database says the same as the sweeps, and nobody was deleted without notice.
        private static func checkRecords(_ fixture: Fixture, _ passed: [Passed]) throws {
            let count = tenants * each
            for type in ["expiring", "deletion-requested"] {
                let like = "type = 'dev.slipway.environment.\(type)'"
                #expect(try fixture.count("event", where: like) == count, "\(type)")
            }
            #expect(try fixture.count("job", where: "kind = 'environment.delete'") == count)
            #expect(try fixture.count("environment", where: "phase = 'deleting'") == count)
            var warned: [String: Int] = [:]
            var notices: [Int] = []
            for entry in passed {
                let name = entry.passage.environment.name
                if entry.passage.event == .environmentExpiring {
                    warned[name] = entry.minute
                } else {
                    notices.append(entry.minute - (warned[name] ?? entry.minute))
                }
            }
            #expect((notices.min() ?? 0) >= 15, "\(notices.min() ?? 0)")
        }

        /// However many jobs a tenant has, so many run at once.
        private static func checkJobs(_ fixture: Fixture) async throws {
            let queue = JobQueue(fixture.storage.database)
            let worker: WorkerID = Fixture.id()
            try await queue.register(worker, name: "w", kinds: [.environmentDelete])
            let claim = try await queue.claim(
                ClaimRequest(
                    worker: worker,
                    kinds: [.environmentDelete],
                    room: 1_000,
                    tenantLimit: 4,
                    floor: 0,
                    aliveFor: .seconds(60)
                )
            )
            let counts = Dictionary(grouping: claim.jobs, by: \.tenant).mapValues(\.count)
            #expect(counts.count == tenants)
            #expect(counts.values.allSatisfy { $0 <= 4 }, "\(counts)")
        }

        /// Runs `body` with a second process's way into the same database.
        private static func beside(
            _ fixture: Fixture,
            _ body: (Storage) async throws -> Void
        ) async throws {
            let group = try EventLoopGroup(count: 1)
            group.start()
            let database = Database(
                group: group,
                connection: fixture.database.connection,
                logger: Logger(label: "test")
            )
            try await database.start()
            do {
                try await body(Storage(database))
            } catch {
                await database.stop()
                group.stop()
                throw error
            }
            await database.stop()
            group.stop()
        }
    }
}
