import Catalog
import Domain
import JSON
import TestSupport
import Testing

@testable import Scorecards

@Suite struct ScorecardTests {
    private static let good = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: shop}
        spec:
          template:
            spec:
              terminationGracePeriodSeconds: 30
              containers:
                - name: shop
                  image: registry.example/shop:1.2.3
                  livenessProbe: {httpGet: {path: /livez, port: 8080}}
                  readinessProbe: {httpGet: {path: /readyz, port: 8080}}
                  resources:
                    requests: {cpu: 100m, memory: 64Mi}
                    limits: {memory: 128Mi}
                  env:
                    - name: DB_PASSWORD
                      valueFrom: {secretKeyRef: {name: db, key: password}}
        """

    private static let bad = """
        # A comment.
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: shop}
        spec:
          template:
            spec:
              initContainers:
                - name: migrate
                  image: shop
                  command: [rake, "db:migrate"]
              containers:
                - name: shop
                  image: registry.example/shop:latest
                  args: ["--log-file=/var/log/shop.log"]
                  env:
                    - name: DB_PASSWORD
                      value: hunter2
              volumes:
                - name: data
                  hostPath: {path: /data}
        """

    @Test func `a workload that fits the platform has no findings`() {
        let report = ManifestReport(Array(Self.good.utf8))
        #expect(report.workloads == 1)
        #expect(report.findings == [])
    }

    @Test(arguments: [
        (ManifestCheck.livenessProbe, [13]), (.readinessProbe, [13]),
        (.resourceRequests, [13, 13]),
        (.memoryLimits, [13]), (.configOutside, [17]), (.noStateInContainer, [20]),
        (.logsToStdout, [15]), (.adminTasksAsJobs, [9]), (.gracefulStop, [8]),
        (.pinnedImages, [14, 10]),
    ])
    func `each rule finds what does not fit, with its line`(
        check: ManifestCheck,
        lines: [Int]
    ) throws {
        let report = ManifestReport(Array(Self.bad.utf8))
        #expect(report.findings.filter { $0.check == check }.map(\.line) == lines)
        var writer = JSONWriter(reserving: 100)
        report.write(to: &writer)
        #expect(ManifestReport(reading: try JSON.parse(writer.finish())) == report)
    }

    @Test func `jobs need no probes, and what is no manifest is passed over`() {
        let job = """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: migrate}
            spec: {template: {spec: {containers: [{name: a, image: "a:1"}]}}}
            """
        let checks = ManifestReport(Array(job.utf8)).findings.map(\.check)
        #expect(checks == [.resourceRequests, .resourceRequests, .memoryLimits])
        for text in ["", "a: [", "{{- if .x }}\nkind: Pod\n{{- end }}", "- 1", "kind: Deployment"] {
            #expect(ManifestReport(Array(text.utf8)).workloads == 0, "\(text)")
        }
    }

    @Test(arguments: [
        ("a:1.2", true), ("a", false), ("a:latest", false), ("r:5000/a", false),
        ("r:5000/a:v1", true), ("a@sha256:0", true), ("${IMAGE}", true),
    ])
    func `an image is pinned by a version or a digest`(image: String, isPinned: Bool) {
        #expect(ManifestCheck.isPinned(image) == isPinned)
    }

    private func scorecard(_ levels: [String], _ rules: [(String, String)]) throws -> Scorecard {
        let rules = rules.map { level, check -> JSON in
            [
                "id": .string(check.lowercased()), "title": .string(check), "level": .string(level),
                "manifests": .string(check),
            ]
        }
        return try Scorecard(reading: [
            "apiVersion": "slipway.dev/v1", "kind": "Scorecard", "metadata": ["name": "x"],
            "spec": [
                "levels": .array(levels.map { .string($0) }),
                "rules": .array(
                    rules + [["id": "docs", "title": "d", "level": "one", "files": ["docs/**"]]]
                ),
            ],
        ])
    }

    @Test func `a level is reached where its rules and those below it hold`() throws {
        let card = try scorecard(["one", "two"], [("two", "pinnedImages")])
        let bad = [(path: "a.yaml", report: ManifestReport(Array(Self.bad.utf8)))]
        let good = [(path: "a.yaml", report: ManifestReport(Array(Self.good.utf8)))]
        func result(
            _ reports: [(path: String, report: ManifestReport)],
            _ paths: [String]
        ) throws -> ScorecardResult {
            let facts = RepositoryFacts(commit: "a", reports: reports, paths: paths)
            var writer = JSONWriter(reserving: 100)
            facts.write(to: &writer)
            // What is stored comes to the same.
            let stored = RepositoryFacts(reading: try JSON.parse(writer.finish()))
            #expect(stored == facts)
            return ScorecardResult(card, of: stored)
        }
        #expect(try result(bad, ["a.yaml"]).level == nil)
        let one = try result(bad, ["docs/a.md"])
        #expect(one.level == "one")
        #expect(one.outcomes[0].findings.first?.file == "a.yaml")
        #expect(one.outcomes[0].findings.first?.line == 14)
        #expect(try result(good, ["docs/a.md"]).level == "two")
        #expect(try result(good, []).level == nil)
    }

    @Test func `a scorecard says what is wrong with it`() {
        #expect(throws: EntityFaults.self) { try Scorecard(reading: ["kind": "x"]) }
        #expect(throws: EntityFaults.self) { try scorecard([], [("one", "pinnedImages")]) }
        #expect(throws: EntityFaults.self) { try scorecard(["one"], [("one", "nothing")]) }
        #expect(throws: EntityFaults.self) { try scorecard(["one"], [("none", "pinnedImages")]) }
    }

    private func judged(
        _ rules: [JSON],
        _ subject: String,
        _ live: [LiveObject]
    ) throws -> [[String]] {
        let card = try Scorecard(reading: [
            "apiVersion": "slipway.dev/v1", "kind": "Scorecard", "metadata": ["name": "x"],
            "spec": ["levels": ["one"], "rules": .array(rules)],
        ])
        let tenant = TenantReference(id: TenantID(high: 1, low: 2), name: "acme")
        let page = ScorecardPage(
            subjects: [
                ScorecardPage.Subject(
                    reference: try EntityReference(parsing: subject),
                    tenant: tenant
                )
            ],
            live: [tenant.id: live]
        )
        return page.judged(by: card)[0].result.outcomes.map { $0.findings.compactMap(\.object) }
    }

    @Test(arguments: [
        ("system:acme/acme", ["environments/pr-7", "environments/pr-8"]),
        ("component:acme/shop", ["environments/pr-7"]),
        ("resource:acme/environment.pr-8", ["environments/pr-8"]),
        ("resource:acme/environment.pr-9", []), ("resource:acme/cluster.pr-8", []),
        ("resource:acme/orders-db", ["environments/pr-7", "environments/pr-8"]),
    ])
    func `what runs counts for the entities that it concerns`(
        subject: String,
        found: [String]
    ) throws {
        let rule: JSON = ["id": "a", "title": "A", "level": "one", "live": "environmentsHealthy"]
        let live = [
            LiveObject(
                kind: .environment,
                name: "pr-7",
                phase: "degraded",
                components: ["shop"]
            ),
            LiveObject(kind: .environment, name: "pr-8", phase: "failed"),
            LiveObject(kind: .service, name: "db", phase: "degraded"),
        ]
        let places = try judged([rule], subject, live)
        #expect(places == [found.map { "/v1/tenants/acme/\($0)" }])
    }

    @Test func `clusters are asked for their version, their drift and how they are`() throws {
        let rules: [JSON] = [
            ["id": "a", "title": "A", "level": "one", "kubernetes": ">=1.33.0"],
            ["id": "b", "title": "B", "level": "one", "live": "noDrift"],
            ["id": "c", "title": "C", "level": "one", "live": "clustersHealthy"],
            ["id": "d", "title": "D", "level": "one", "live": "servicesHealthy"],
        ]
        let live = [
            LiveObject(kind: .cluster, name: "new", phase: "ready", version: "v1.34.1+k3s1"),
            LiveObject(kind: .cluster, name: "old", phase: "ready", version: "v1.32.9"),
            LiveObject(kind: .cluster, name: "odd", phase: "ready", drift: ["replicas"]),
            LiveObject(kind: .cluster, name: "bad", phase: "degraded", version: "1.33.0"),
        ]
        let places = try judged(rules, "system:acme/acme", live)
        let path = "/v1/tenants/acme/clusters/"
        #expect(places == [[path + "old"], [path + "odd"], [path + "bad"], []])
    }
}
