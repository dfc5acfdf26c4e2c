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
                "id": .string(check), "title": .string(check), "level": .string(level),
                "manifests": .string(check),
            ]
        }
        return try Scorecard(reading: [
            "kind": "Scorecard", "metadata": ["name": "x"],
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
        #expect(ScorecardResult(card, reports: bad, paths: ["a.yaml"]).level == nil)
        let one = ScorecardResult(card, reports: bad, paths: ["docs/a.md"])
        #expect(one.level == "one")
        #expect(one.outcomes[0].findings.first?.file == "a.yaml")
        #expect(one.outcomes[0].findings.first?.line == 14)
        #expect(ScorecardResult(card, reports: good, paths: ["docs/a.md"]).level == "two")
        #expect(ScorecardResult(card, reports: good, paths: []).level == nil)
    }

    @Test func `a scorecard says what is wrong with it`() {
        #expect(throws: ScorecardFault.self) { try Scorecard(reading: ["kind": "x"]) }
        #expect(throws: ScorecardFault.self) { try scorecard([], [("one", "pinnedImages")]) }
        #expect(throws: ScorecardFault.self) { try scorecard(["one"], [("one", "nothing")]) }
        #expect(throws: ScorecardFault.self) { try scorecard(["one"], [("none", "pinnedImages")]) }
    }
}
