import Domain
import JSON
import Postgres
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    struct EnvironmentStoreTests {
        @Test func `a created environment is found with its roll-out, job and event`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let decision = try fixture.environmentCreation("pr-7", of: tenant)
                let call = fixture.call(receipt: fixture.receipt("k"))
                let store = fixture.storage.environments
                #expect(try await store.create(decision, in: Fixture.zones, for: call) == .written)
                let found = try #require(
                    try await store.find(
                        decision.environment.name,
                        of: tenant.name,
                        as: .system
                    )
                )
                #expect(try found.environment() == decision.environment)
                #expect(found.expiresAt == Fixture.start.advanced(by: .seconds(72 * 3_600)))
                #expect(found.dueAt == Fixture.start.advanced(by: .seconds(54 * 3_600)))
                let records = try await fixture.deployments(of: decision.environment)
                #expect(records == [try #require(decision.deployment)])
                let job = try #require(decision.job)
                let stored = try await fixture.storage.jobs.find(job.id, as: .system)
                #expect(stored?.kind == .environmentDeploy && stored?.tenant == tenant.id)
                #expect(
                    try fixture.count("event", where: "type LIKE '%environment.requested'") == 1
                )
                #expect(try fixture.count("audit", where: "object_name = 'acme/pr-7'") == 1)
                let again = try await store.create(decision, in: Fixture.zones, for: call)
                #expect(again == .replayed(fixture.receipt("k").answer))
                #expect(try fixture.count("deployment") == 1)
                let other = Access.tenant(Fixture.id(), .tenantAdmin)
                #expect(try await store.find(decision.environment.id, as: other) == nil)
            }
        }

        @Test func `of many who take the last place exactly as many get one as there are`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme") { spec in
                    spec.quotas.environments = EnvironmentQuotas(total: 3)
                }
                let results = await withTaskGroup(of: StorageFault?.self) { group in
                    for number in 0..<12 {
                        group.addTask {
                            do {
                                try await fixture.environment("pr-\(number)", of: tenant)
                                return nil
                            } catch {
                                return error as? StorageFault
                            }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(results.count { $0 == nil } == 3)
                for case .some(.environmentRefused(.overQuota(let standings))) in results {
                    #expect(standings.map(\.name) == ["environments.total"])
                    #expect(standings.first?.remedy.hasPrefix("Delete one of pr-") == true)
                }
                #expect(try fixture.count("environment") == 3)
                #expect(try fixture.count("deployment") == 3)
                #expect(try fixture.count("job", where: "kind = 'environment.deploy'") == 3)
                await #expect(throws: StorageFault.nameTaken) {
                    let usage = try await fixture.storage.environments.usage(of: tenant.id)
                    let taken = try #require(usage.environments.first)
                    try await fixture.environment(taken.name.text, of: tenant)
                }
            }
        }

        @Test func `waking beyond what may be awake is refused, sleeping is not`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme") { spec in
                    spec.quotas.environments = EnvironmentQuotas(awake: 1)
                }
                let first = try await fixture.environment("one", of: tenant)
                let slept = try first.sleep(on: Fixture.occasion())
                #expect(try await fixture.store(slept, replacing: 1) == .written)
                try await fixture.environment("two", of: tenant)
                let asleep = try await fixture.current(first)
                #expect(asleep.spec.asleep)
                await #expect {
                    let waking = try asleep.wake(on: Fixture.occasion())
                    _ = try await fixture.store(waking, replacing: asleep.revision)
                } throws: { fault in
                    guard case StorageFault.environmentRefused(.overQuota(let found)) = fault
                    else { return false }
                    return found.map(\.name) == ["environments.awake"]
                        && found.first?.remedy.contains("two") == true
                }
            }
        }

        @Test
        func `a superseded roll-out ends with the name of who did it, and its job is asked to`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let made = try await fixture.environment("pr-7", of: tenant)
                try await fixture.refresh(made, image: "shop:2", by: "ann")
                let records = try await fixture.deployments(of: made)
                #expect(records.map(\.number) == [2, 1])
                #expect(records.map(\.state) == [.running, .superseded])
                #expect(records[1].outcome == "Superseded by roll-out 2 of ann.")
                #expect(records[1].finishedAt != nil && records[0].finishedAt == nil)
                #expect(
                    try fixture.count("job", where: "cancel_requested_at IS NOT NULL") == 1
                )
                #expect(
                    try fixture.count("event", where: "type LIKE '%deployment.superseded'") == 1
                )
                // The end of the overtaken job says nothing of what is under way.
                let now = try await fixture.current(made)
                let facts = StepFact.cancellation(
                    of: made.reference,
                    job: try #require(made.status.job)
                )
                try await fixture.write(facts, about: made, of: made.status.job)
                let after = try await fixture.current(made)
                #expect(after.status.coming == now.status.coming && after.status.phase == .pending)
                #expect(
                    try await fixture.deployments(of: made).map(\.state) == records.map(\.state)
                )
            }
        }

        @Test func `of two who refresh at once one is told that it is stale`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let made = try await fixture.environment("pr-7", of: tenant)
                let results = await withTaskGroup(of: StorageFault?.self) { group in
                    for number in 2...5 {
                        group.addTask {
                            do {
                                try await fixture.refresh(made, image: "shop:\(number)")
                                return nil
                            } catch {
                                return error as? StorageFault
                            }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(results.count { $0 == nil } == 1)
                #expect(results.count { $0 == .stale(current: 2) } == 3)
                #expect(try fixture.count("deployment") == 2)
            }
        }

        @Test func `what a job says comes into status, record and events, and only once`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let made = try await fixture.environment("pr-7", of: tenant)
                let place = StepFact.environmentPlaced(
                    cluster: ClusterName("main"),
                    namespace: "e-pr-7"
                )
                try await fixture.write([place], about: made)
                let live = try await fixture.finish(made)
                #expect(live.status.phase == .ready && live.status.live?.number == 1)
                #expect(live.status.namespace == "e-pr-7" && live.status.observedGeneration == 1)
                let record = try #require(try await fixture.deployments(of: made).first)
                #expect(record.state == .succeeded && record.outcome == "Done.")
                #expect(record.startedAt != nil && record.duration != nil)
                let coming = try #require(made.status.coming)
                let late = DeploymentOutcome(coming.deployment, .failed, detail: "Late.")
                try await fixture.write([.deploymentEnded(late)], about: made)
                #expect(try await fixture.current(made).status.phase == .ready)
                #expect(try await fixture.deployments(of: made).first == record)
                for type in ["deployment.succeeded", "environment.ready"] {
                    #expect(try fixture.count("event", where: "type LIKE '%\(type)'") == 1)
                }
            }
        }

        @Test func `deletion keeps the history, and the name can be used again`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let made = try await fixture.environment("pr-7", of: tenant)
                let deletion = try made.deletion(by: "ann", on: Fixture.occasion())
                #expect(try await fixture.store(deletion, replacing: 1) == .written)
                let going = try await fixture.storage.environments.find(made.id, as: .system)
                #expect(going?.dueAt == nil)
                try await fixture.write([.environmentRemoved], about: made)
                let gone = try await fixture.storage.environments.find(made.id, as: .system)
                #expect(gone == nil)
                let again = try await fixture.environment("pr-7", of: tenant)
                let history = try await fixture.storage.deployments.list(
                    DeploymentQuery(of: .name(made.name)),
                    of: tenant.id,
                    as: .system
                )
                #expect(Set(history.items.map(\.environment)) == [again.id, made.id])
                let old = try #require(history.items.first { $0.environment == made.id })
                #expect(old.state == "cancelled")
                #expect(old.outcome == "The environment is being deleted: ann asked for it.")
            }
        }

        @Test func `who has guests in its own cluster stays, and nobody moves in once it goes`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let host = try await fixture.environment("host", of: tenant) {
                    $0.placement = .own(.vcluster, className: nil)
                }
                var decision = try fixture.environmentCreation("guest", of: tenant)
                decision.environment.spec.placement = .cluster(host.name.home)
                let store = fixture.storage.environments
                _ = try await store.create(decision, in: Fixture.zones, for: fixture.call())
                let names = [EnvironmentName("guest")]
                let refusal = StorageFault.environmentRefused(.hasGuests(names))
                let going = try #require(try host.deletion(by: "ann", on: Fixture.occasion()))
                await #expect(throws: refusal) {
                    try await fixture.store(going, replacing: 1)
                }
                await #expect(throws: refusal) { try await store.hold(going, to: fixture.call()) }
                #expect(try await fixture.current(host).status.phase == .pending)
                let guest = try await fixture.current(decision.environment)
                let left = try guest.deletion(by: "ann", on: Fixture.occasion())
                #expect(try await fixture.store(left, replacing: 1) == .written)
                try await fixture.write([.environmentRemoved], about: guest)
                #expect(try await fixture.store(going, replacing: 1) == .written)
                var late = try fixture.environmentCreation("late", of: tenant)
                late.environment.spec.placement = .cluster(host.name.home)
                let fault = EnvironmentFault.leaving(host.name.home, with: host.name)
                await #expect(throws: StorageFault.environmentRefused(.invalid([fault]))) {
                    try await store.create(late, in: Fixture.zones, for: fixture.call())
                }
            }
        }

        @Test func `a canary that is cancelled is followed by a job that gives its requests back`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let made = try await fixture.environment("pr-7", of: tenant)
                let first = try #require(made.status.coming).deployment
                try await fixture.write(
                    [
                        .deploymentBegun(first),
                        .deploymentEnded(
                            DeploymentOutcome(first, .succeeded, detail: "Done.", commit: "c0ffee")
                        ),
                    ],
                    about: made
                )
                _ = try await fixture.refresh(try await fixture.current(made), image: "shop:2")
                let next = try await fixture.current(made)
                let coming = try #require(next.status.coming)
                let half = RolloutProgress(.watching, step: 1, of: 2, weight: 50)
                try await fixture.write(
                    [
                        .deploymentBegun(coming.deployment),
                        .deploymentProgressed(coming.deployment, half),
                    ],
                    about: next
                )
                let given = StepFact.cancellation(of: next.reference, job: coming.job)
                for _ in 1...2 { try await fixture.write(given, about: next, of: coming.job) }
                let now = try await fixture.current(made)
                #expect(now.status.leftover?.splitsTraffic == true && now.status.coming == nil)
                #expect(now.status.job != coming.job && !now.status.isInterrupted)
                #expect(try fixture.count("job", where: "kind = 'environment.update'") == 1)
                #expect(try await fixture.deployments(of: made).first?.state == .cancelled)
            }
        }

        @Test func `a tenant's environments go with it, each by a job of its own`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let made = [
                    try await fixture.environment("one", of: tenant),
                    try await fixture.environment("two", of: tenant) { $0.deleteProtection = true },
                ]
                let remove = [StepFact.removeEnvironments]
                try await fixture.write(remove, about: tenant.reference, tenant.id)
                try await fixture.write(remove, about: tenant.reference, tenant.id)
                #expect(try fixture.count("job", where: "kind = 'environment.delete'") == 2)
                #expect(try await fixture.current(made[1]).status.ending == .tenant)
                // Whose removal is cancelled is asked to go with the next look.
                let job = try #require(try await fixture.current(made[1]).status.job)
                let cancelled = StepFact.cancellation(of: made[1].reference, job: job)
                try await fixture.write(cancelled, about: made[1], of: job)
                #expect(try await fixture.current(made[1]).status.phase == .failed)
                try await fixture.write(remove, about: tenant.reference, tenant.id)
                #expect(try await fixture.current(made[1]).status.phase == .deleting)
                await #expect(throws: (any Error).self) {
                    try await fixture.write([.tenantRemoved], about: tenant.reference, tenant.id)
                }
                for environment in made {
                    try await fixture.write([.environmentRemoved], about: environment)
                }
                try await fixture.write([.tenantRemoved], about: tenant.reference, tenant.id)
                #expect(try fixture.count("tenant") == 0)
                #expect(try fixture.count("deployment") == 2)
            }
        }
    }
}
