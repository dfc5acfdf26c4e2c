import Domain
import JSON
import Postgres
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    /// What the results of jobs change about clusters.
    struct ClusterFactTests {
        @Test func `deleting a tenant gives each of its clusters a job, once`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.management()
                for name in ["a", "b"] {
                    let decision = try fixture.clusterCreation(name, of: tenant) { spec in
                        spec.deleteProtection = true
                    }
                    _ = try await fixture.storage.clusters.create(decision, for: fixture.call())
                }
                for _ in 0..<2 {
                    try await fixture.write([.removeClusters], about: tenant.reference, tenant.id)
                }
                #expect(try fixture.count("job", where: "kind = 'cluster.delete'") == 2)
                let unwanted = "kind = 'cluster.create' AND cancel_requested_at IS NOT NULL"
                #expect(try fixture.count("job", where: unwanted) == 2)
                #expect(try fixture.count("cluster", where: "phase = 'deleting'") == 2)
                let found = try await fixture.storage.tenants.find(tenant.id, as: .system)
                let phases = try found?.tenant().status.clusters.map(\.phase)
                #expect(phases == [.deleting, .deleting])
            }
        }

        @Test func `suspending a tenant delivers its clusters anew, but none on its way out`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.management()
                for name in ["a", "b"] {
                    let decision = try fixture.clusterCreation(name, of: tenant)
                    _ = try await fixture.storage.clusters.create(decision, for: fixture.call())
                }
                try fixture.database.run("UPDATE cluster SET phase = 'deleting' WHERE name = 'b'")
                try await fixture.write([.touchClusters], about: tenant.reference, tenant.id)
                #expect(try fixture.count("job", where: "kind = 'cluster.update'") == 1)
            }
        }

        @Test func `a removed cluster leaves its tenant, which can then go`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.management()
                let decision = try fixture.clusterCreation("main", of: tenant)
                _ = try await fixture.storage.clusters.create(decision, for: fixture.call())
                await #expect(throws: DatabaseFault.self) {
                    try await fixture.write([.tenantRemoved], about: tenant.reference, tenant.id)
                }
                let cluster = decision.cluster
                try await fixture.write(
                    [.event(.clusterDeleted, data: JSONObject()), .clusterRemoved],
                    about: cluster.reference,
                    tenant.id
                )
                let found = try await fixture.storage.tenants.find(tenant.id, as: .system)
                #expect(try found?.tenant().status.clusters == [])
                try await fixture.write([.tenantRemoved], about: tenant.reference, tenant.id)
                #expect(try fixture.count("tenant") == 0)
            }
        }

        @Test func `a look of a job settles the cluster and tells of it`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.management()
                let decision = try fixture.clusterCreation("main", of: tenant)
                _ = try await fixture.storage.clusters.create(decision, for: fixture.call())
                var seen = ClusterObservation()
                seen.rootUID = "u"
                seen.isReady = true
                try await fixture.write(
                    [.observed(generation: 1), .clusterSeen(seen)],
                    about: decision.cluster.reference,
                    tenant.id
                )
                let cluster = try #require(try await fixture.find("main", of: tenant))
                #expect(cluster.status.phase == .ready && cluster.status.observedGeneration == 1)
                #expect(try fixture.count("event", where: "type LIKE '%cluster.ready'") == 1)
            }
        }

        @Test func `a job that was overtaken says nothing when it is given up`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.management()
                let decision = try fixture.clusterCreation("main", of: tenant)
                _ = try await fixture.storage.clusters.create(decision, for: fixture.call())
                let facts = StepFact.cancellation(
                    of: decision.cluster.reference,
                    job: JobID(high: 9, low: 9)
                )
                try await fixture.write(facts, about: decision.cluster.reference, tenant.id)
                let cluster = try #require(try await fixture.find("main", of: tenant))
                #expect(cluster.status.phase == .pending && cluster.status.conditions == [])
            }
        }

        @Test func `a check leaves what is there and what is missing`() async throws {
            try await Fixture.run { fixture in
                let management = try await fixture.management()
                try await fixture.write(
                    [
                        .managementClusterChecked(
                            ManagementFeatures(kubernetesVersion: "1.36.2", hasFlux: true),
                            findings: ["Cluster API is missing."]
                        ),
                        .managementClusterPhase(.degraded),
                        .observed(generation: 1),
                    ],
                    about: management.reference,
                    nil
                )
                let found = try #require(
                    try await fixture.storage.managementClusters.find(management.id, as: .system)
                )
                let status = try found.management().status
                #expect(status.phase == .degraded && status.checkedAt != nil)
                #expect(status.features.hasFlux && status.findings.count == 1)
            }
        }
    }
}

extension StorageTests {
    /// What a blueprint's classes become.
    struct ClassFactTests {
        private func found(_ name: StaticString, _ template: String) -> DiscoveredClass {
            DiscoveredClass(
                name: ClusterClassName(name),
                definition: Array("{}".utf8),
                template: template,
                phase: .ready,
                report: ["usable": true]
            )
        }

        @Test func `a blueprint's classes follow it, and leave others alone`() async throws {
            try await Fixture.run { fixture in
                let blueprint = fixture.blueprint.reference
                func refresh(_ classes: [DiscoveredClass], _ version: String) async throws {
                    try await fixture.write(
                        [.classes(classes, version: version)],
                        about: blueprint,
                        nil
                    )
                }
                try await refresh([found("a", "one"), found("b", "one")], "1.0.0")
                let store = fixture.storage.clusterClasses
                let a = ClusterClassName("a")
                let first = try #require(try await store.find(a, as: .system)).clusterClass()
                #expect(first.source?.version == "1.0.0" && first.generation == 1)
                try await refresh([found("a", "one"), found("b", "one")], "1.0.0")
                #expect(try await store.find(a, as: .system)?.revision == 1)
                // Somebody makes `b` their own.
                try fixture.database.run(
                    """
                    UPDATE cluster_class SET source_blueprint = NULL, source_version = NULL
                     WHERE name = 'b'
                    """
                )
                try await refresh([found("a", "two"), found("b", "two")], "1.1.0")
                let second = try #require(try await store.find(a, as: .system)).clusterClass()
                #expect(second.template == "two" && second.generation == 2)
                #expect(second.source?.version == "1.1.0")
                #expect(try JSON.parse(second.status)["observedGeneration"]?.int == 2)
                let other = try await store.find(ClusterClassName("b"), as: .system)
                #expect(other?.template == "one")
                #expect(try fixture.count("event", where: "type LIKE '%cluster-class%'") == 3)
            }
        }

        @Test func `a class that is brought no longer goes, with its last cluster at the latest`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.management()
                let decision = try fixture.clusterCreation("main", of: tenant)
                _ = try await fixture.storage.clusters.create(decision, for: fixture.call())
                let store = fixture.storage.clusterClasses
                func refresh(_ classes: [DiscoveredClass], _ version: String) async throws {
                    try await fixture.write(
                        [.classes(classes, version: version)],
                        about: fixture.blueprint.reference,
                        nil
                    )
                }
                func phase(_ name: StaticString) async throws -> ClusterClass.Phase? {
                    let found = try await store.policies()
                    return found.first { $0.name == ClusterClassName(name) }?.phase
                }
                try await refresh([found("used", "x"), found("free", "x")], "1.0.0")
                try fixture.database.run(
                    """
                    UPDATE cluster
                       SET cluster_class_id = (SELECT id FROM cluster_class WHERE name = 'used'),
                           spec = (spec::jsonb || '{"class":"used"}')::json
                    """
                )
                for _ in 0..<2 { try await refresh([], "1.1.0") }
                #expect(try await phase("used") == .withdrawn)
                #expect(try await phase("free") == nil)
                let told = "type LIKE '%cluster-class.withdrawn'"
                #expect(try fixture.count("event", where: told) == 1)
                let stored = try await store.find(ClusterClassName("used"), as: .system)
                let kept = try #require(stored).clusterClass()
                let finding = try JSON.parse(kept.status)["findings"]?[0]
                #expect(finding?["code"]?.string == "withdrawn")
                #expect(finding?["message"]?.string?.contains("since 1.1.0") == true)
                #expect(kept.source?.version == "1.0.0")
                // It may come back, and go again.
                try await refresh([found("used", "x")], "1.2.0")
                #expect(try await phase("used") == .ready)
                try await refresh([], "1.3.0")
                try await fixture.write(
                    [.clusterRemoved],
                    about: decision.cluster.reference,
                    tenant.id
                )
                #expect(try await phase("used") == nil)
                let gone = "type LIKE '%cluster-class.deleted'"
                #expect(try fixture.count("event", where: gone) == 2)
            }
        }

        @Test func `a blueprint takes its classes along`() async throws {
            try await Fixture.run { fixture in
                try await fixture.write(
                    [.classes([found("a", "x")], version: "1.0.0")],
                    about: fixture.blueprint.reference,
                    nil
                )
                let stored = try await fixture.storage.blueprints.find(
                    fixture.blueprint.name,
                    as: .system
                )
                let blueprint = try #require(stored).blueprint()
                _ = try await fixture.storage.blueprints.remove(
                    blueprint.deletion(on: Fixture.occasion()),
                    replacing: blueprint.revision,
                    for: fixture.call()
                )
                #expect(try fixture.count("cluster_class") == 0)
                #expect(try fixture.count("blueprint") == 0)
            }
        }

        @Test func `labels of a blueprint's class follow it beside those that were added`()
            async throws
        {
            try await Fixture.run { fixture in
                func refresh(_ labels: [(String, String)], _ version: String) async throws {
                    var found = found("a", version)
                    found.labels = try Labels(parsing: labels)
                    try await fixture.write(
                        [.classes([found], version: version)],
                        about: fixture.blueprint.reference,
                        nil
                    )
                }
                try await refresh([("tier", "gold")], "1.0.0")
                try fixture.database.run(
                    "UPDATE cluster_class SET labels = '{\"team\":\"blue\",\"tier\":\"gold\"}'"
                )
                try await refresh([("tier", "silver")], "1.1.0")
                let stored = try await fixture.storage.clusterClasses.find(
                    ClusterClassName("a"),
                    as: .system
                )
                let labels = try #require(stored).clusterClass().labels
                let wanted = try Labels(parsing: [("team", "blue"), ("tier", "silver")])
                #expect(labels == wanted)
                let silver = "'tier=silver' = ANY (label_terms)"
                #expect(try fixture.count("cluster_class", where: silver) == 1)
                try await refresh((1...64).map { ("k\($0)", "") }, "1.2.0")
                let full = try await fixture.storage.clusterClasses.find(
                    ClusterClassName("a"),
                    as: .system
                )
                let kept = try #require(full).clusterClass()
                #expect(kept.labels == wanted && kept.source?.version == "1.2.0")
                let note = try JSON.parse(kept.status)["findings"]?[0]
                #expect(note?["code"]?.string == "note")
                #expect(note?["message"]?.string?.contains("at most 64 labels") == true)
            }
        }
    }
}
