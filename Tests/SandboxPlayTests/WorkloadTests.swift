import JSON
import Testing

@testable import Sandbox

/// Workloads as the sandbox plays them.
@Suite struct WorkloadTests {
    private static let web = SandboxKey(.deployment, "t-acme", "web")

    private static func deployment(replicas: Int = 2, image: String = "web:1") -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: t-acme}
        spec:
          replicas: \(replicas)
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
                - {name: web, image: "\(image)", resources: {requests: {cpu: 500m}}}
        """
    }

    private static func pods(_ trial: Trial) async throws -> [SandboxObject] {
        try await trial.management.list(.pod, namespace: "t-acme")
    }

    @Test func `a deployment's pods run, change and go`() async throws {
        try await Trial.run { trial in
            try await trial.apply(Self.deployment())
            try await trial.pass(3)
            #expect(try await trial.condition(Self.web, "Available") == "True")
            var pods = try await Self.pods(trial)
            #expect(pods.count == 2 && pods.allSatisfy(\.isReadyPod))
            #expect(pods.allSatisfy { $0.status["podIP"] != nil && $0.spec["nodeName"] != nil })
            try await trial.apply(Self.deployment(replicas: 3, image: "web:2"))
            try await trial.pass(5)
            pods = try await Self.pods(trial)
            #expect(pods.count == 3)
            #expect(pods.allSatisfy { $0.spec["containers"]?[0]?["image"] == "web:2" })
            #expect(try await trial.management.get(Self.web)?.status["availableReplicas"] == 3)
            let before = try await trial.revisions()
            try await trial.pass(20)
            #expect(try await trial.revisions() == before)
            try await trial.management.delete(Self.web)
            try await trial.pass(2)
            #expect(try await Self.pods(trial).isEmpty)
        }
    }

    @Test(arguments: [
        ("imagePull", "Pending", "ImagePullBackOff"), ("crashLoop", "Running", "CrashLoopBackOff"),
        ("unschedulable", "Pending", ""), ("neverReady", "Running", ""),
    ])
    func `a pod suffers what a fault says, and heals`(
        effect: String,
        phase: String,
        reason: String
    ) async throws {
        try await Trial.run { trial in
            try await trial.fault(effect, "Pod", "web-*")
            try await trial.apply(Self.deployment())
            try await trial.pass(4)
            let pod = try #require(try await Self.pods(trial).first)
            #expect(pod.status["phase"]?.string == phase)
            #expect(!pod.isReadyPod)
            let waiting = pod.status["containerStatuses"]?[0]?["state"]?["waiting"]
            #expect((waiting?["reason"]?.string ?? "") == reason)
            #expect(try await trial.condition(Self.web, "Available") == "False")
            let events = try await trial.management.list(.event, namespace: "t-acme")
            #expect(events.contains { $0.json["type"] == "Warning" })
            try await trial.heal()
            try await trial.pass(4)
            #expect(try await trial.condition(Self.web, "Available") == "True")
        }
    }

    @Test func `a quota is counted, and refuses what is too much`() async throws {
        try await Trial.run { trial in
            try await trial.apply(
                """
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: slipway, namespace: t-acme}
                spec: {hard: {pods: "10", requests.cpu: "1"}}
                """
            )
            try await trial.apply(Self.deployment(replicas: 3))
            try await trial.pass(4)
            #expect(try await Self.pods(trial).count == 2)
            let quota = SandboxKey(.quota, "t-acme", "slipway")
            let used = try await trial.management.get(quota)?.status["used"]
            #expect(used?["pods"] == "2")
            #expect(used?["requests.cpu"] == "1")
            #expect(try await trial.condition(Self.web, "ReplicaFailure") == "True")
            let message =
                try await trial.management.get(Self.web)?
                .condition("ReplicaFailure")?["message"]?.string ?? ""
            #expect(message.contains("exceeded quota: slipway, requested: requests.cpu=500m"))
            try await trial.management.update(quota) { quota in
                quota.spec["hard"] = ["pods": "10", "requests.cpu": "2"]
            }
            try await trial.pass(6)
            #expect(try await Self.pods(trial).count == 3)
            #expect(try await trial.condition(Self.web, "ReplicaFailure") == "-")
        }
    }

    @Test func `a job completes, and a stateful set keeps names and volumes`() async throws {
        try await Trial.run { trial in
            try await trial.apply(
                """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: once, namespace: t-acme}
                spec: {template: {spec: {containers: [{name: once, image: once}]}}}
                ---
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: db, namespace: t-acme}
                spec:
                  replicas: 2
                  serviceName: db
                  selector: {matchLabels: {app: db}}
                  template:
                    metadata: {labels: {app: db}}
                    spec: {containers: [{name: db, image: db}]}
                  volumeClaimTemplates:
                    - metadata: {name: data}
                      spec:
                        accessModes: [ReadWriteOnce]
                        resources: {requests: {storage: 1Gi}}
                """
            )
            try await trial.pass(5)
            let job = SandboxKey(.job, "t-acme", "once")
            #expect(try await trial.condition(job, "Complete") == "True")
            let names = try await Self.pods(trial).map(\.name)
            #expect(names.contains("db-0") && names.contains("db-1"))
            let claim = SandboxKey(.claim, "t-acme", "data-db-1")
            #expect(try await trial.management.get(claim)?.status["phase"] == "Bound")
            let set = SandboxKey(.statefulSet, "t-acme", "db")
            #expect(try await trial.management.get(set)?.status["readyReplicas"] == 2)
        }
    }
}
