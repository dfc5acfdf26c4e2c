import JSON
import Testing

@testable import Sandbox

/// vCluster as the sandbox plays it, whoever installs it.
@Suite struct VirtualClusterTests {
    private static let release = SandboxKey(.helmRelease, "t-acme", "acme-v")
    private static let set = SandboxKey(.statefulSet, "t-acme", "acme-v")
    private static let secret = SandboxKey(.secret, "t-acme", "vc-acme-v")

    private static let slowPods = """
        apiVersion: sandbox.slipway.dev/v1
        kind: Fault
        metadata: {name: a-first-one}
        spec: {target: {kind: Pod, name: none}, effect: slow}
        """

    /// What the API server of the virtual cluster answers.
    private static func status(of path: String, _ trial: Trial) async -> Int {
        await trial.server.respond(
            to: SandboxRequest(
                cluster: "acme-v",
                method: "GET",
                path: path,
                caller: .administrator("test")
            )
        ).status
    }

    @Test func `a release of the chart becomes a virtual cluster`() async throws {
        try await Trial.run { trial in
            try await trial.apply(Manifests.release())
            try await trial.pass(4)
            let release = try #require(try await trial.management.get(Self.release))
            #expect(release.condition("Ready")?["reason"] == "InstallSucceeded")
            #expect(release.status["history"]?[0]?["chartVersion"] == "0.36.1")
            #expect(release.status["history"]?[0]?["version"] == 1)
            let secret = try #require(try await trial.management.get(Self.secret))
            #expect(secret.json["data"]?["config"] != nil)
            let quota = SandboxKey(.quota, "t-acme", "vc-acme-v")
            #expect(try await trial.management.get(quota)?.status["hard"]?["pods"] == "20")
            #expect(try await trial.server.cluster("acme-v").list(.node).count == 1)
            try await trial.pass(4)
            let synced = try await trial.management.list(.pod, namespace: "t-acme")
                .filter { $0.labels[SyncedPod.label] == "acme-v" }
            #expect(synced.contains { $0.name.hasPrefix("coredns") })
            let before = try await trial.revisions()
            try await trial.apply(Manifests.release())
            try await trial.pass(70)
            #expect(try await trial.revisions() == before)
        }
    }

    @Test func `scaled to zero it does not answer, and wakes with what it held`() async throws {
        try await Trial.run { trial in
            try await trial.apply(Manifests.release())
            try await trial.pass(6)
            let tenant = trial.server.cluster("acme-v")
            try await trial.namespace("shop", in: tenant)
            try await trial.management.update(Self.release) { $0.spec["suspend"] = true }
            try await trial.management.update(Self.set) { $0.spec["replicas"] = 0 }
            try await trial.pass(2)
            #expect(try await trial.management.get(Self.set)?.status["replicas"] == 0)
            #expect(try await tenant.get(VirtualClusterChart.asleep) != nil)
            // A fault of another kind does not hide that.
            try await trial.apply(Self.slowPods, in: tenant)
            #expect(await Self.status(of: "/api/v1/pods", trial) == 503)
            let synced = try await trial.management.list(.pod, namespace: "t-acme")
                .filter { $0.labels[SyncedPod.label] != nil }
            for pod in synced { try await trial.management.delete(pod.key) }
            try await trial.pass(3)
            let left = try await trial.management.list(.pod, namespace: "t-acme")
            #expect(left.isEmpty)
            try await trial.management.update(Self.set) { $0.spec["replicas"] = 1 }
            try await trial.management.update(Self.release) { $0.spec["suspend"] = false }
            try await trial.pass(4)
            #expect(try await tenant.get(VirtualClusterChart.asleep) == nil)
            #expect(await Self.status(of: "/api/v1/pods", trial) == 200)
            #expect(try await tenant.get(SandboxKey(.namespace, "shop")) != nil)
            let back = try await trial.management.list(.pod, namespace: "t-acme")
            #expect(back.contains { $0.labels[SyncedPod.label] == "acme-v" })
        }
    }

    @Test(arguments: ["Retain", "Delete"])
    func `the policy of its volume says what a successor finds`(policy: String) async throws {
        try await Trial.run { trial in
            try await trial.apply(Manifests.release(policy: policy))
            try await trial.pass(6)
            try await trial.namespace("shop", in: trial.server.cluster("acme-v"))
            try await trial.management.delete(Self.release)
            try await trial.pass(3)
            #expect(try await trial.management.get(Self.release) == nil)
            #expect(try await trial.management.get(Self.set) == nil)
            #expect(try await trial.management.get(Self.secret) == nil)
            #expect(try await trial.management.list(.pod, namespace: "t-acme").isEmpty)
            let head = try await trial.server.records.head(of: "acme-v")
            #expect((head != nil) == (policy == "Retain"))
            try await trial.apply(Manifests.release(policy: policy))
            try await trial.pass(6)
            let shop = SandboxKey(.namespace, "shop")
            let found = try await trial.server.cluster("acme-v").get(shop)
            #expect((found != nil) == (policy == "Retain"))
        }
    }

    @Test func `with its namespace goes all of it, retained or not`() async throws {
        try await Trial.run { trial in
            try await trial.apply(Manifests.release(policy: "Retain"))
            try await trial.pass(6)
            try await trial.management.delete(Self.release)
            try await trial.pass(3)
            try await trial.management.delete(SandboxKey(.namespace, "t-acme"))
            try await trial.pass(6)
            #expect(try await trial.server.records.head(of: "acme-v") == nil)
            #expect(try await trial.management.get(SandboxKey(.namespace, "t-acme")) == nil)
        }
    }

    @Test func `an upgrade is another revision of the release`() async throws {
        try await Trial.run { trial in
            try await trial.apply(Manifests.release())
            try await trial.pass(6)
            let newer = Manifests.release().replacing("\"0.36.1\"", with: "\"0.37.0\"")
            try await trial.apply(newer)
            try await trial.pass(8)
            let release = try #require(try await trial.management.get(Self.release))
            #expect(release.condition("Ready")?["reason"] == "UpgradeSucceeded")
            #expect(release.status["history"]?[0]?["version"] == 2)
            #expect(release.status["lastAttemptedRevision"] == "0.37.0")
        }
    }

    @Test func `an installation fails on demand, and heals`() async throws {
        try await Trial.run { trial in
            try await trial.fault("applyFails", "HelmRelease", "acme-v")
            try await trial.apply(Manifests.release())
            try await trial.pass(4)
            #expect(try await trial.reason(Self.release, "Ready") == "InstallFailed")
            try await trial.heal()
            try await trial.pass(6)
            #expect(try await trial.reason(Self.release, "Ready") == "InstallSucceeded")
        }
    }

    @Test func `the provider of Cluster API makes and removes one too`() async throws {
        try await Trial.run { trial in
            try await trial.apply(
                """
                apiVersion: cluster.x-k8s.io/v1beta2
                kind: Cluster
                metadata: {name: acme-v, namespace: t-acme}
                spec:
                  controlPlaneRef:
                    {apiGroup: infrastructure.cluster.x-k8s.io, kind: VCluster, name: acme-v}
                  infrastructureRef:
                    {apiGroup: infrastructure.cluster.x-k8s.io, kind: VCluster, name: acme-v}
                ---
                apiVersion: infrastructure.cluster.x-k8s.io/v1alpha1
                kind: VCluster
                metadata: {name: acme-v, namespace: t-acme}
                spec:
                  controlPlaneEndpoint: {host: "", port: 0}
                  helmRelease:
                    chart: {version: 0.36.1}
                    values: |
                      controlPlane:
                        statefulSet: {persistence: {volumeClaim: {retentionPolicy: Delete}}}
                """
            )
            try await trial.pass(8)
            let key = SandboxKey(.capiCluster, "t-acme", "acme-v")
            #expect(try await trial.condition(key, "Available") == "True")
            let secret = SandboxKey(.secret, "t-acme", "acme-v-kubeconfig")
            #expect(try await trial.management.get(secret)?.json["data"]?["value"] != nil)
            try await trial.management.delete(key)
            try await trial.pass(8)
            #expect(try await trial.management.get(key) == nil)
            #expect(try await trial.management.get(secret) == nil)
            #expect(try await trial.server.records.head(of: "acme-v") == nil)
        }
    }

    @Test func `Argo CD installs and removes one too`() async throws {
        try await Trial.run { trial in
            try await trial.apply(
                """
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata:
                  name: acme-v
                  namespace: argocd
                  finalizers: [resources-finalizer.argocd.argoproj.io]
                spec:
                  project: default
                  source:
                    repoURL: https://charts.loft.sh
                    chart: vcluster
                    targetRevision: 0.36.1
                    helm:
                      releaseName: acme-v
                      valuesObject:
                        controlPlane:
                          statefulSet: {persistence: {volumeClaim: {retentionPolicy: Delete}}}
                  destination: {server: "https://kubernetes.default.svc", namespace: t-acme}
                  syncPolicy: {automated: {prune: true}}
                """
            )
            try await trial.pass(6)
            let key = SandboxKey(.application, "argocd", "acme-v")
            let status = try await trial.management.get(key)?.status
            #expect(status?["sync"]?["status"] == "Synced")
            #expect(status?["health"]?["status"] == "Healthy")
            #expect(status?["operationState"]?["phase"] == "Succeeded")
            #expect(try await trial.management.get(Self.secret) != nil)
            try await trial.management.delete(key)
            try await trial.pass(4)
            #expect(try await trial.management.get(key) == nil)
            #expect(try await trial.server.records.head(of: "acme-v") == nil)
        }
    }
}
