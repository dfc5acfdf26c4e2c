import JSON
import TestSupport
import Testing

@testable import Sandbox

/// What Flux does in the sandbox with the management repository.
@Suite struct FluxTests {
    private static let index = "tenants/kustomization.yaml"
    private static let child = SandboxKey(.kustomization, "flux-system", "t-acme")

    /// A tenant with one cluster whose folder holds ConfigMaps of those names.
    private static func tenant(_ names: String...) -> [String: String?] {
        var files: [String: String?] = [
            index: "resources:\n  - \"acme\"\n",
            "tenants/acme/kustomization.yaml":
                "resources:\n  - \"namespace.yaml\"\n  - \"clusters/prod.yaml\"\n",
            "tenants/acme/namespace.yaml": """
            apiVersion: "v1"
            kind: "Namespace"
            metadata: {name: "tenant-acme"}
            """,
            "tenants/acme/clusters/prod.yaml": """
            apiVersion: "kustomize.toolkit.fluxcd.io/v1"
            kind: "Kustomization"
            metadata: {name: "t-acme", namespace: "flux-system"}
            spec:
              interval: "10m0s"
              path: "./clusters/acme/prod"
              prune: true
              retryInterval: "30s"
              sourceRef: {kind: "GitRepository", name: "slipway-management"}
              timeout: "2m0s"
              wait: false
            """,
            "clusters/acme/prod/namespace.yaml": """
            apiVersion: v1
            kind: Namespace
            metadata: {name: t-acme}
            """,
        ]
        var list = "resources:\n  - namespace.yaml\n"
        for name in names {
            list += "  - \(name).yaml\n"
            files["clusters/acme/prod/\(name).yaml"] = map(name)
        }
        files["clusters/acme/prod/kustomization.yaml"] = list
        return files
    }

    private static func map(_ name: String, _ value: String = "1") -> String {
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: \(name), namespace: t-acme}
        data: {value: "\(value)"}
        """
    }

    private static func config(_ name: String) -> SandboxKey {
        SandboxKey(.configMap, "t-acme", name)
    }

    @Test func `what is committed is applied, changed and pruned`() async throws {
        try await FluxTrial.run { trial in
            try await trial.commit(Self.tenant("one", "two"))
            #expect(try await trial.ready(FluxTrial.root).status == "True")
            let ready = try await trial.ready(Self.child)
            #expect(ready.reason == "ReconciliationSucceeded")
            let child = try #require(try await trial.get(Self.child))
            let source = try #require(try await trial.get(FluxTrial.source))
            let revision = source.status["artifact"]?["revision"]?.string
            #expect(revision?.hasPrefix("main@sha1:0000") == true)
            #expect(child.status["lastAppliedRevision"]?.string == revision)
            let ids = child.status["inventory"]?["entries"]?.array?.compactMap { $0["id"]?.string }
            #expect(
                ids == ["_t-acme__Namespace", "t-acme_one__ConfigMap", "t-acme_two__ConfigMap"]
            )
            let one = try #require(try await trial.get(Self.config("one")))
            #expect(one.labels["kustomize.toolkit.fluxcd.io/name"] == "t-acme")

            var next = Self.tenant("one")
            next["clusters/acme/prod/one.yaml"] = Self.map("one", "2")
            try await trial.commit(next)
            #expect(try await trial.get(Self.config("one"))?.json["data"]?["value"] == "2")
            #expect(try await trial.get(Self.config("two")) == nil)

            try await trial.commit([Self.index: "resources: []\n"])
            try await trial.pass(3)
            #expect(try await trial.get(Self.child) == nil)
            #expect(try await trial.get(Self.config("one")) == nil)
            #expect(try await trial.ready(FluxTrial.root).status == "True")
        }
    }

    @Test func `an empty repository fails until the first commit`() async throws {
        try await FluxTrial.run { trial in
            try await trial.pass(3)
            #expect(try await trial.ready(FluxTrial.source).reason == "GitOperationFailed")
            #expect(try await trial.ready(FluxTrial.root).reason == "ArtifactFailed")
            try await trial.commit([Self.index: "resources: []\n"])
            #expect(try await trial.ready(FluxTrial.root).status == "True")
        }
    }

    @Test func `the same twice writes nothing`() async throws {
        try await FluxTrial.run { trial in
            try await trial.commit(Self.tenant("one"))
            try await trial.pass(5)
            let before = try await trial.revisions()
            try await trial.pass(30)
            #expect(try await trial.revisions() == before)
        }
    }

    @Test func `a commit elsewhere reads no files again, and is reported`() async throws {
        try await FluxTrial.run { trial in
            try await trial.commit(Self.tenant("one"))
            let map = try await trial.get(Self.config("one"))
            let readings = trial.repositories.readings
            try await trial.commit(["README.md": "Hello"])
            try await trial.pass(4)
            #expect(trial.repositories.readings == readings)
            #expect(try await trial.get(Self.config("one")) == map)
            let revision = try await trial.get(Self.child)?.status["lastAppliedRevision"]?.string
            #expect(revision == "main@sha1:\(String(repeating: "0", count: 39))1")
        }
    }

    @Test func `what is suspended stays as it is, also when it is deleted`() async throws {
        try await FluxTrial.run { trial in
            try await trial.commit(Self.tenant("one"))
            for key in [FluxTrial.root, Self.child] {
                try await trial.management.update(key) { $0.spec["suspend"] = true }
            }
            try await trial.commit(Self.tenant("two"))
            #expect(try await trial.get(Self.config("one")) != nil)
            #expect(try await trial.get(Self.config("two")) == nil)
            try await trial.management.delete(Self.child)
            try await trial.pass(2)
            #expect(try await trial.get(Self.child) == nil)
            #expect(try await trial.get(Self.config("one")) != nil)
        }
    }

    @Test func `a request to look now is answered`() async throws {
        try await FluxTrial.run { trial in
            try await trial.commit(Self.tenant("one"))
            try await trial.management.delete(Self.config("one"))
            trial.repositories.commit(Self.tenant("one", "two"), to: FluxTrial.managementURL)
            for key in [FluxTrial.source, Self.child] {
                try await trial.management.update(key) { object in
                    object.setAnnotation(SandboxObject.requestedAt, "now")
                }
            }
            try await trial.pass(1)
            let child = try await trial.get(Self.child)
            #expect(child?.status["lastHandledReconcileAt"]?.string == "now")
            #expect(try await trial.get(Self.config("one")) != nil)
            #expect(try await trial.get(Self.config("two")) != nil)
        }
    }

    @Test func `a folder that cannot be built stops only itself`() async throws {
        try await FluxTrial.run { trial in
            var files = Self.tenant("one")
            files["clusters/acme/prod/kustomization.yaml"] =
                "helmCharts: [{name: x}]\nresources: [namespace.yaml]\n"
            try await trial.commit(files)
            #expect(try await trial.ready(FluxTrial.root).status == "True")
            let ready = try await trial.ready(Self.child)
            #expect(ready.reason == "BuildFailed")
            #expect(ready.message.contains("`helmCharts`"))
            try await trial.commit(Self.tenant("one"))
            #expect(try await trial.ready(Self.child).status == "True")
        }
    }

    @Test func `a kind that is not served is named`() async throws {
        try await FluxTrial.run { trial in
            var files = Self.tenant("one")
            files["clusters/acme/prod/one.yaml"] = """
                apiVersion: example.com/v1
                kind: Unheard
                metadata: {name: one, namespace: t-acme}
                """
            try await trial.commit(files)
            let ready = try await trial.ready(Self.child)
            #expect(ready.reason == "ReconciliationFailed")
            #expect(ready.message.contains("no matches for kind \"Unheard\" in version"))
        }
    }

    @Test func `a played fault of the source heals with it`() async throws {
        try await FluxTrial.run { trial in
            try await trial.commit(Self.tenant("one"))
            try await trial.apply(
                """
                apiVersion: sandbox.slipway.dev/v1
                kind: Fault
                metadata: {name: f}
                spec:
                  target: {kind: GitRepository, name: slipway-management}
                  effect: sourceFails
                  message: as the test wants it
                """
            )
            try await trial.pass(2)
            let failed = try await trial.ready(FluxTrial.source)
            #expect(failed.reason == "GitOperationFailed")
            #expect(failed.message == "as the test wants it")
            try await trial.management.delete(SandboxKey(.fault, "f"))
            try await trial.pass(8)
            #expect(try await trial.ready(FluxTrial.source).status == "True")
        }
    }

    @Test func `a source waits for its Secret and reaches no network`() async throws {
        try await FluxTrial.run { trial in
            trial.repositories.commit(["a.yaml": "{}"], to: FluxTrial.acmeURL)
            for (name, url) in [("own", FluxTrial.acmeURL), ("other", "https://github.com/a/b")] {
                try await trial.apply(
                    """
                    apiVersion: source.toolkit.fluxcd.io/v1
                    kind: GitRepository
                    metadata: {name: \(name), namespace: default}
                    spec:
                      interval: 1m
                      url: \(url)
                      ref: {branch: main}
                      secretRef: {name: credentials}
                    """
                )
            }
            let own = SandboxKey(.gitRepository, "default", "own")
            try await trial.pass(1)
            #expect(try await trial.ready(own).reason == "AuthenticationFailed")
            try await trial.apply(
                "{apiVersion: v1, kind: Secret, metadata: {name: credentials, namespace: default}}"
            )
            try await trial.pass(6)
            #expect(try await trial.ready(own).status == "True")
            let other = try await trial.ready(SandboxKey(.gitRepository, "default", "other"))
            #expect(other.reason == "GitOperationFailed")
            #expect(other.message.contains("reaches no network"))
        }
    }

    @Test func `outside of Flux's namespace an account's rights hold`() async throws {
        try await FluxTrial.run { trial in
            trial.repositories.commit(["a.yaml": Self.map("one")], to: FluxTrial.acmeURL)
            try await trial.apply(
                """
                apiVersion: v1
                kind: Namespace
                metadata: {name: t-acme}
                ---
                apiVersion: source.toolkit.fluxcd.io/v1
                kind: GitRepository
                metadata: {name: platform, namespace: t-acme}
                spec: {interval: 1m, url: "\(FluxTrial.acmeURL)", ref: {branch: main}}
                ---
                apiVersion: kustomize.toolkit.fluxcd.io/v1
                kind: Kustomization
                metadata: {name: platform, namespace: t-acme}
                spec:
                  interval: 1m
                  path: ./
                  prune: true
                  serviceAccountName: deployer
                  sourceRef: {kind: GitRepository, name: platform}
                """
            )
            let key = SandboxKey(.kustomization, "t-acme", "platform")
            try await trial.pass(4)
            let refused = try await trial.ready(key)
            #expect(refused.message.contains("system:serviceaccount:t-acme:deployer"))
            try await trial.apply(
                """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: deployer, namespace: t-acme}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
                subjects: [{kind: ServiceAccount, name: deployer, namespace: t-acme}]
                """
            )
            try await trial.pass(4)
            #expect(try await trial.ready(key).status == "True")
        }
    }
}
