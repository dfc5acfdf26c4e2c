import Domain
import JSON
import Postgres
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    struct ClusterStoreTests {
        @Test func `a created cluster is found with its job, and its tenant tells of it`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.management()
                let decision = try fixture.clusterCreation("main", of: tenant)
                let call = fixture.call(receipt: fixture.receipt("k"))
                let outcome = try await fixture.storage.clusters.create(decision, for: call)
                #expect(outcome == .written)
                let found = try #require(try await fixture.find("main", of: tenant))
                #expect(found == decision.cluster)
                let job = try #require(decision.job)
                let stored = try #require(try await fixture.storage.jobs.find(job.id, as: .system))
                #expect(stored.kind == .clusterCreate && stored.tenant == tenant.id)
                let owner = try #require(
                    try await fixture.storage.tenants.find(tenant.id, as: .system)
                )
                #expect(try owner.tenant().status.clusters.map(\.name.text) == ["main"])
                #expect(try fixture.count("event", where: "type LIKE '%cluster.requested'") == 1)
                let again = try await fixture.storage.clusters.create(decision, for: call)
                #expect(again == .replayed(fixture.receipt("k").answer))
            }
        }

        @Test func `of many who take the last place exactly as many get one as there are`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme") { spec in
                    spec.quotas.clusters[.vcluster] = 3
                }
                try await fixture.management()
                let decisions = try (0..<12).map { number in
                    try fixture.clusterCreation("c\(number)", of: tenant)
                }
                let results = await withTaskGroup(of: Result<WriteOutcome, any Error>.self) {
                    group in
                    for decision in decisions {
                        group.addTask {
                            do {
                                return .success(
                                    try await fixture.storage.clusters.create(
                                        decision,
                                        for: fixture.call()
                                    )
                                )
                            } catch {
                                return .failure(error)
                            }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                var written = 0
                for result in results {
                    switch result {
                    case .success: written += 1
                    case .failure(StorageFault.refused(.overQuota(let standings))):
                        #expect(standings.first?.limit == 3)
                    case .failure(let error): Issue.record("\(error)")
                    }
                }
                #expect(written == 3)
                #expect(try fixture.count("cluster") == 3)
                #expect(try fixture.count("job", where: "kind = 'cluster.create'") == 3)
            }
        }

        @Test func `a taken name is told as such where there is no room either`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme") { spec in
                    spec.quotas.clusters[.vcluster] = 1
                }
                try await fixture.management()
                _ = try await fixture.storage.clusters.create(
                    try fixture.clusterCreation("main", of: tenant),
                    for: fixture.call()
                )
                await #expect(throws: StorageFault.nameTaken) {
                    try await fixture.storage.clusters.create(
                        try fixture.clusterCreation("main", of: tenant),
                        for: fixture.call()
                    )
                }
            }
        }

        @Test func `of many who scale up exactly as many get nodes as there are`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme") { spec in spec.quotas.nodes = 10 }
                try await fixture.management()
                let made = try await fixture.machines(4, nodes: 1, of: tenant)
                let written = await withTaskGroup(of: Bool.self) { group in
                    for cluster in made {
                        group.addTask {
                            // Those that find no room are refused; the count below says so.
                            let outcome = try? await fixture.scale(cluster, to: 4)
                            return outcome == .written
                        }
                    }
                    return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                #expect(written == 2)
                #expect(try fixture.count("cluster", where: "nodes = 4") == 2)
                // Less is always allowed, also above a limit that was lowered.
                try fixture.database.run(
                    "UPDATE tenant SET spec = (spec::jsonb || '{\"quotas\":{\"nodes\":1}}')::json"
                )
                let grown = try #require(
                    try await fixture.storage.clusters.usage(of: tenant.id).clusters
                        .first { $0.nodes == 4 }
                )
                let cluster = try #require(try await fixture.find(grown.name.text, of: tenant))
                #expect(try await fixture.scale(cluster, to: 3) == .written)
            }
        }

        @Test func `pools of a class count from the start, and then as they are seen`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.management()
                let cluster = try await fixture.machines(1, nodes: nil, of: tenant)[0]
                #expect(try fixture.count("cluster", where: "nodes = 3") == 1)
                for (desired, counted) in [(0, 3), (5, 5), (2, 2)] {
                    var seen = ClusterObservation()
                    seen.rootUID = "u"
                    seen.nodes = NodeFigures(desired: desired, ready: 0)
                    try await fixture.write(
                        [.clusterSeen(seen)],
                        about: cluster.reference,
                        tenant.id
                    )
                    #expect(try fixture.count("cluster", where: "nodes = \(counted)") == 1)
                }
            }
        }

        @Test func `a full management cluster takes no more, whoever asks at the same time`()
            async throws
        {
            try await Fixture.run { fixture in
                let one = try await fixture.tenant("one")
                let two = try await fixture.tenant("two")
                try await fixture.management { $0.capacity = [.vcluster: 1] }
                let decisions = [
                    try fixture.clusterCreation("main", of: one),
                    try fixture.clusterCreation("main", of: two),
                ]
                let written = await withTaskGroup(of: Bool.self) { group in
                    for decision in decisions {
                        group.addTask {
                            // One of them is refused; the count below says so.
                            let outcome = try? await fixture.storage.clusters.create(
                                decision,
                                for: fixture.call()
                            )
                            return outcome == .written
                        }
                    }
                    return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                #expect(written == 1)
                #expect(try fixture.count("cluster") == 1)
            }
        }

        @Test func `waking is refused where another one is awake`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme") { spec in
                    spec.quotas.awakeVirtualClusters = 1
                }
                try await fixture.management()
                let asleep = try fixture.clusterCreation("a", of: tenant) { $0.asleep = true }
                let awake = try fixture.clusterCreation("b", of: tenant)
                for decision in [asleep, awake] {
                    _ = try await fixture.storage.clusters.create(decision, for: fixture.call())
                }
                let waking = try #require(
                    try fixture.change(asleep.cluster) { $0.asleep = false }
                )
                await #expect(throws: StorageFault.self) {
                    try await fixture.storage.clusters.store(
                        waking,
                        permission: .updateCluster,
                        replacing: 1,
                        for: fixture.call()
                    )
                }
                let sleeping = try #require(try fixture.change(awake.cluster) { $0.asleep = true })
                for decision in [sleeping, waking] {
                    let outcome = try await fixture.storage.clusters.store(
                        decision,
                        permission: .updateCluster,
                        replacing: 1,
                        for: fixture.call()
                    )
                    #expect(outcome == .written)
                }
            }
        }

        @Test func `another tenant's cluster is not there, neither to see nor to change`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let other = try await fixture.tenant("globex")
                try await fixture.management()
                let decision = try fixture.clusterCreation("main", of: tenant)
                _ = try await fixture.storage.clusters.create(decision, for: fixture.call())
                let stranger = Access.tenant(other.id, .tenantAdmin)
                let store = fixture.storage.clusters
                #expect(try await store.find(decision.cluster.id, as: stranger) == nil)
                let deletion = try #require(
                    try decision.cluster.deletion(on: Fixture.occasion())
                )
                await #expect(throws: StorageFault.notFound) {
                    try await store.store(
                        deletion,
                        permission: .deleteCluster,
                        replacing: 1,
                        for: fixture.call(as: stranger)
                    )
                }
                let foreign = try fixture.clusterCreation("x", of: tenant)
                await #expect(throws: StorageFault.notFound) {
                    try await store.create(foreign, for: fixture.call(as: stranger))
                }
            }
        }

        @Test func `a look is written where it shows something new, and told once`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.management()
                let decision = try fixture.clusterCreation("main", of: tenant)
                let store = fixture.storage.clusters
                _ = try await store.create(decision, for: fixture.call())
                let id = decision.cluster.id
                try fixture.database.run(
                    """
                    UPDATE cluster SET status = '{"phase":"provisioning","observedGeneration":1}',
                        phase = 'provisioning'
                    """
                )
                var seen = ClusterObservation()
                seen.rootUID = "u"
                seen.isReady = true
                #expect(try await store.record(seen, of: id))
                #expect(try await !store.record(seen, of: id))
                let found = try #require(try await fixture.find("main", of: tenant))
                #expect(found.status.phase == .ready && found.revision == 2)
                #expect(try fixture.count("event", where: "type LIKE '%cluster.ready'") == 1)
                let owner = try await fixture.storage.tenants.find(tenant.id, as: .system)
                #expect(try owner?.tenant().status.clusters.first?.phase == .ready)
            }
        }

        @Test func `a look that shows news lets the job go on that waits for it`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.management()
                let decision = try fixture.clusterCreation("main", of: tenant)
                let store = fixture.storage.clusters
                _ = try await store.create(decision, for: fixture.call())
                let postpone = """
                    UPDATE job SET state = 'running', run_at = NULL,
                        worker = '00000000-0000-7000-8000-000000000001'
                     WHERE subject_kind = 'cluster';
                    UPDATE job SET state = 'waiting', worker = NULL, waiting_on = 'x',
                        waiting_since = now(), run_at = now() + interval '1 hour'
                     WHERE subject_kind = 'cluster'
                    """
                let waiting = "state = 'waiting' AND subject_kind = 'cluster'"
                try fixture.database.run(postpone)
                var seen = ClusterObservation()
                seen.rootUID = "u"
                seen.isReachable = true
                #expect(try await store.record(seen, of: decision.cluster.id))
                #expect(try fixture.count("job", where: waiting) == 0)
                try fixture.database.run(postpone)
                // Nothing to wait for.
                seen.endpoint = "https://10.0.0.1:6443"
                #expect(try await store.record(seen, of: decision.cluster.id))
                #expect(try fixture.count("job", where: waiting) == 1)
            }
        }

        @Test func `a wait whose time is over is told although it looks as before`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.management()
                let decision = try fixture.clusterCreation("main", of: tenant)
                let store = fixture.storage.clusters
                _ = try await store.create(decision, for: fixture.call())
                let id = decision.cluster.id
                var seen = ClusterObservation()
                seen.rootUID = "u"
                let since = Fixture.start.advanced(by: .seconds(-3_600))
                seen.waiting = ClusterWait(
                    on: "machines",
                    since: since,
                    until: Fixture.start.advanced(by: .seconds(315_360_000)),
                    releasedBy: nil
                )
                #expect(try await store.record(seen, of: id))
                #expect(try await !store.record(seen, of: id))
                // Its time runs out by the database's clock, long after this.
                seen.waiting?.until = Domain.Instant(microseconds: 1)
                try fixture.database.run(
                    """
                    UPDATE cluster SET status = replace(status::text,
                        (status->'waiting'->>'until'), '1970-01-01T00:00:00.000001Z')::json
                    """
                )
                #expect(try await store.record(seen, of: id))
                let found = try #require(try await fixture.find("main", of: tenant))
                #expect(found.status.phase == .degraded)
            }
        }

        @Test func `a management cluster's clusters are lost in batches, and found one by one`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let main = try await fixture.management()
                var made: [Cluster] = []
                for name in ["a", "b", "c"] {
                    let decision = try fixture.clusterCreation(name, of: tenant)
                    _ = try await fixture.storage.clusters.create(decision, for: fixture.call())
                    made.append(decision.cluster)
                }
                let clusters = fixture.storage.clusters
                let condition = #"{"type":"Observed","status":"False"}"#
                let lost = "status::jsonb @> '{\"conditions\":[\(condition)]}'"
                let other = try await fixture.management("other")
                try await clusters.lose(in: other.id, because: "it is away")
                #expect(try fixture.count("cluster", where: lost) == 0)
                for _ in 0..<2 {
                    try await clusters.lose(in: main.id, because: "it is away", batch: 2)
                }
                #expect(try fixture.count("cluster", where: lost) == 3)
                let moments = "(SELECT DISTINCT updated_at FROM cluster) AS moment"
                #expect(try fixture.count(moments) == 2)
                #expect(try fixture.count("cluster", where: "revision = 2") == 3)
                let first = try #require(made.first)
                _ = try await clusters.record(ClusterObservation(), of: first.id)
                #expect(try fixture.count("cluster", where: lost) == 2)
                let found = try await clusters.find(first.id, as: .system)?.cluster()
                #expect(found?.status.conditions.first?.reason == "Watched")
            }
        }

        @Test func `one process watches a management cluster until it lapses`() async throws {
            try await Fixture.run { fixture in
                let management = try await fixture.management()
                let store = fixture.storage.managementClusters
                let minute = Duration.seconds(60)
                #expect(try await store.observe(management.id, holder: "a", for: minute))
                #expect(try await !store.observe(management.id, holder: "b", for: minute))
                #expect(try await store.observe(management.id, holder: "a", for: .zero))
                #expect(try await store.observe(management.id, holder: "b", for: minute))
                try await store.stopObserving(management.id, holder: "a")
                #expect(try await !store.observe(management.id, holder: "a", for: minute))
                try await store.stopObserving(management.id, holder: "b")
                #expect(try await store.observe(management.id, holder: "a", for: minute))
            }
        }

        @Test func `a management cluster with clusters in it stays`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let management = try await fixture.management()
                let decision = try fixture.clusterCreation("main", of: tenant)
                _ = try await fixture.storage.clusters.create(decision, for: fixture.call())
                let store = fixture.storage.managementClusters
                await #expect(throws: StorageFault.inUse) {
                    try await store.remove(
                        management.deletion(on: Fixture.occasion()),
                        replacing: 1,
                        for: fixture.call()
                    )
                }
                let names = try await fixture.storage.clusters.names(in: management.id)
                #expect(names == ["acme/main"])
                let shown = try #require(try await store.find(management.id, as: .system))
                #expect(try shown.used() == [.vcluster: 1])
            }
        }

        @Test func `there is one default management cluster`() async throws {
            try await Fixture.run { fixture in
                try await fixture.management("one") { $0.isDefault = true }
                await #expect(throws: StorageFault.defaultTaken) {
                    try await fixture.management("two") { $0.isDefault = true }
                }
            }
        }

        @Test func `a tenant comes with its first cluster or not at all`() async throws {
            try await Fixture.run { fixture in
                let management = try await fixture.management { $0.isCordoned = true }
                let (tenant, first) = try fixture.isolated("acme", in: management)
                await #expect(throws: StorageFault.self) {
                    try await fixture.storage.tenants.create(
                        tenant,
                        with: first,
                        for: fixture.call()
                    )
                }
                #expect(try fixture.count("tenant") == 0 && fixture.count("cluster") == 0)
                try fixture.database.run(
                    """
                    UPDATE management_cluster SET spec = '{"connection":"sandbox"}'
                    """
                )
                let outcome = try await fixture.storage.tenants.create(
                    tenant,
                    with: first,
                    for: fixture.call()
                )
                #expect(outcome == .written)
                #expect(try fixture.count("job", where: "kind LIKE 'cluster.%'") == 1)
                let found = try await fixture.storage.tenants.find(tenant.tenant.id, as: .system)
                #expect(found?.revision == 1)
                #expect(try found?.tenant().status.clusters.count == 1)
            }
        }
    }
}
