import JSON
import Secrets
import TestSupport
import Testing

@testable import Sandbox

/// A tenant's platform repository in the tenant's own cluster.
@Suite struct PlatformTests {
    private static let platform = SandboxKey(.kustomization, "t-acme-prod", "platform")

    /// The example blueprint as it is rendered for the tenant `acme`, with certificates.
    private static func example() throws -> [String: String] {
        let first = [
            "apps/podinfo/release.yaml", "clusters/${CLUSTER_NAME}/apps.yaml",
            "clusters/${CLUSTER_NAME}/flux-system/gotk-sync.yaml",
            "clusters/${CLUSTER_NAME}/infrastructure.yaml",
            "clusters/${CLUSTER_NAME}/monitoring.yaml", "infrastructure/alerts/platform.yaml",
            "infrastructure/ingress-nginx/namespace.yaml",
            "infrastructure/ingress-nginx/release.yaml",
            "infrastructure/metrics-server/release.yaml",
            "infrastructure/monitoring/namespace.yaml", "infrastructure/monitoring/release.yaml",
            "infrastructure/policies/namespace.yaml", "infrastructure/policies/network.yaml",
            "infrastructure/sources/ingress-nginx.yaml",
            "infrastructure/sources/metrics-server.yaml", "infrastructure/sources/podinfo.yaml",
            "infrastructure/sources/prometheus-community.yaml",
        ]
        let second = [
            "apps/podinfo/ingress-tls.yaml", "clusters/${CLUSTER_NAME}/certificates.yaml",
            "infrastructure/cert-manager/namespace.yaml",
            "infrastructure/cert-manager/release.yaml",
            "infrastructure/certificates/issuer.yaml", "infrastructure/policies/limits.yaml",
            "infrastructure/sources/jetstack.yaml",
        ]
        let values = [
            "CLUSTER_NAME": "acme", "TENANT": "acme", "REPOSITORY_URL": FluxTrial.acmeURL,
            "REPOSITORY_BRANCH": "main", "DOMAIN": "apps.example.com", "INGRESS_REPLICAS": "2",
            "RETENTION_DAYS": "7", "CERTIFICATE_EMAIL": "platform@example.com",
        ]
        func filled(_ text: String) -> String {
            values.reduce(text) { $0.replacing("${\($1.key)}", with: $1.value) }
                .replacing("$$", with: "$")
        }
        var files: [String: String] = [:]
        for (version, paths) in [("v1.0.0", first), ("v1.1.0", second)] {
            for path in paths {
                let file = "examples/platform-blueprint/\(version)/\(path)"
                files[filled(path)] = filled(try #require(RepositoryFile.text(file)))
            }
        }
        return files
    }

    @Test func `the example blueprint comes up in the tenant's cluster`() async throws {
        try await FluxTrial.run { trial in
            trial.repositories.commit(try Self.example(), to: FluxTrial.acmeURL)
            try await trial.connect("acme-prod")
            try await trial.pass(60)
            #expect(try await trial.ready(Self.platform).reason == "ReconciliationSucceeded")
            let cluster = trial.server.cluster("acme-prod")
            for object in try await cluster.list(.kustomization) {
                let ready = object.condition("Ready")
                #expect(
                    ready?["status"]?.string == "True",
                    "\(object.name): \(ready?["message"]?.string ?? "-")"
                )
            }
            #expect(try await cluster.list(.kustomization).count == 10)
            let pods = try await cluster.list(.pod)
            func count(_ prefix: String, in namespace: String) -> Int {
                pods.count { $0.namespace == namespace && $0.name.hasPrefix(prefix) }
            }
            #expect(count("podinfo", in: "apps") == 2)
            #expect(count("ingress-nginx", in: "ingress-nginx") == 2)
            #expect(count("metrics-server", in: "kube-system") == 2)
            #expect(count("cert-manager", in: "cert-manager") >= 1)
            #expect(count("kube-prometheus-stack", in: "monitoring") >= 1)
            let before = try await trial.revisions()
            try await trial.pass(5)
            #expect(try await trial.revisions() == before)
        }
    }

    @Test func `a cluster that is not there yet is waited for`() async throws {
        try await FluxTrial.run { trial in
            let map = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: default}}"
            trial.repositories.commit(["clusters/acme/a.yaml": map], to: FluxTrial.acmeURL)
            try await trial.connect("acme-prod")
            let key = SandboxKey(.secret, "t-acme-prod", "acme-prod-kubeconfig")
            let secret = try #require(try await trial.get(key))
            try await trial.management.delete(key)
            try await trial.pass(3)
            let waiting = try await trial.ready(Self.platform)
            #expect(waiting.status == "False")
            #expect(waiting.message.contains("acme-prod-kubeconfig"))
            try await trial.management.create([
                "apiVersion": "v1", "kind": "Secret",
                "metadata": ["name": .string(key.name), "namespace": "t-acme-prod"],
                "data": secret.json["data"] ?? .null,
            ])
            try await trial.pass(4)
            #expect(try await trial.ready(Self.platform).status == "True")
            let applied = SandboxKey(.configMap, "default", "a")
            #expect(try await trial.get(applied, in: "acme-prod") != nil)
            #expect(try await trial.get(applied) == nil)

            try await trial.management.delete(Self.platform)
            try await trial.pass(2)
            #expect(try await trial.get(Self.platform) == nil)
            #expect(try await trial.get(applied, in: "acme-prod") != nil)
        }
    }

    @Test func `a tenant's cluster reads no repository but its own`() async throws {
        try await FluxTrial.run { trial in
            trial.repositories.commit(["clusters/acme/a.yaml": ""], to: FluxTrial.acmeURL)
            trial.repositories.commit(["tenants/a.yaml": ""], to: FluxTrial.managementURL)
            try await trial.connect("acme-prod")
            for (name, url) in [("own", FluxTrial.acmeURL), ("all", FluxTrial.managementURL)] {
                try await trial.apply(
                    """
                    apiVersion: source.toolkit.fluxcd.io/v1
                    kind: GitRepository
                    metadata: {name: \(name), namespace: default}
                    spec: {interval: 1m, url: "\(url)", ref: {branch: main}}
                    """,
                    in: "acme-prod"
                )
            }
            try await trial.pass(2)
            let own = SandboxKey(.gitRepository, "default", "own")
            let all = SandboxKey(.gitRepository, "default", "all")
            #expect(try await trial.ready(own, in: "acme-prod").status == "True")
            #expect(try await trial.ready(all, in: "acme-prod").reason == "AuthenticationFailed")
        }
    }

    @Test func `a kubeconfig opens no cluster without that cluster's token`() async throws {
        try await FluxTrial.run { trial in
            let map = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: default}}"
            trial.repositories.commit(["clusters/acme/a.yaml": map], to: FluxTrial.acmeURL)
            try await trial.connect("acme-prod")
            let stranger = trial.server.cluster("acme-prod").adminToken(validFor: .seconds(3_600))
            let forged = trial.management.kubeconfig(token: stranger, forPeople: false)
            let key = SandboxKey(.secret, "t-acme-prod", "acme-prod-kubeconfig")
            try await trial.management.update(key) { secret in
                secret.json["data"] = ["value": .string(Base64.encode(forged))]
            }
            try await trial.pass(3)
            #expect(try await trial.ready(Self.platform).message.contains("no token of an admin"))
            #expect(try await trial.get(SandboxKey(.configMap, "default", "a")) == nil)
        }
    }

    @Test func `Argo CD applies a folder as far as its project lets it`() async throws {
        try await FluxTrial.run { trial in
            let map = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"
            trial.repositories.commit(["apps/a.yaml": map], to: FluxTrial.acmeURL)
            try await trial.apply(
                """
                apiVersion: v1
                kind: Namespace
                metadata: {name: t-acme}
                ---
                apiVersion: argoproj.io/v1alpha1
                kind: AppProject
                metadata: {name: acme, namespace: argocd}
                spec:
                  destinations: [{server: "https://kubernetes.default.svc", namespace: t-acme}]
                  clusterResourceWhitelist: []
                ---
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata:
                  name: acme
                  namespace: argocd
                  finalizers: [resources-finalizer.argocd.argoproj.io]
                spec:
                  project: acme
                  source: {repoURL: "\(FluxTrial.acmeURL)", path: apps, targetRevision: main}
                  destination: {server: "https://kubernetes.default.svc", namespace: t-acme}
                  syncPolicy: {automated: {prune: true}}
                """
            )
            try await trial.pass(2)
            let key = SandboxKey(.application, "argocd", "acme")
            func status(_ field: String, _ part: String) async throws -> String? {
                try await trial.get(key)?.status[field]?[part]?.string
            }
            #expect(try await status("sync", "status") == "Synced")
            #expect(try await status("health", "status") == "Healthy")
            let applied = SandboxKey(.configMap, "t-acme", "a")
            #expect(try await trial.get(applied) != nil)
            let role = """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: everything}
                rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
                """
            trial.repositories.commit(["apps/role.yaml": role], to: FluxTrial.acmeURL)
            try await trial.pass(12)
            #expect(try await status("operationState", "phase") == "Failed")
            let message = try await status("operationState", "message")
            #expect(message?.contains("is not permitted in project acme") == true)
            trial.repositories.commit(["apps/role.yaml": nil], to: FluxTrial.acmeURL)
            try await trial.pass(4)
            #expect(try await status("operationState", "phase") == "Succeeded")
            try await trial.management.delete(key)
            try await trial.pass(2)
            #expect(try await trial.get(key) == nil)
            #expect(try await trial.get(applied) == nil)
        }
    }
}
