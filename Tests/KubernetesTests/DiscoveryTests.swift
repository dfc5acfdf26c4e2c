import JSON
import Synchronization
import Testing

@testable import Kubernetes

@Suite(.timeLimit(.minutes(1))) struct DiscoveryTests {
    private static let cluster = GroupKind(group: "cluster.x-k8s.io", kind: "Cluster")

    @Test func `the server's preferred version is taken unless another one is wished for`()
        async throws
    {
        let client = Script { _, _ throws(KubernetesFault) in nil }.client()
        #expect(try await client.resource(for: Self.cluster).version == "v1beta2")
        let old = try await client.resource(for: Self.cluster, preferring: ["v1alpha9", "v1beta1"])
        #expect(old.version == "v1beta1" && old.permissionName == "clusters.cluster.x-k8s.io")
        await #expect(
            throws: KubernetesFault.versionNotServed(
                Self.cluster,
                version: "v1",
                served: ["v1beta2", "v1beta1"]
            )
        ) {
            try await client.resource(for: Self.cluster, version: "v1")
        }
    }

    @Test func `a group that the server cannot tell about is not one that is missing`()
        async throws
    {
        let client = Script { _, _ throws(KubernetesFault) in nil }.client()
        let metrics = GroupKind(group: "metrics.k8s.io", kind: "NodeMetrics")
        let fault = await refusal { try await client.resource(for: metrics) }
        guard case .unavailable = fault else { return #expect(fault == nil) }
    }

    @Test func `a proxy that knows no such page is no server without the object`() async throws {
        let script = Script { _, _ throws(KubernetesFault) in
            KubernetesAnswer(status: 404, headers: [], bytes: Array("default backend".utf8))
        }
        let fault = await refusal { try await script.client().isGone(key("a"), uid: "u") }
        guard case .unavailable = fault else { return #expect(fault == nil) }
        let later = Script { request, _ throws(KubernetesFault) in
            guard request.path == "\(path)/a" || request.path == "/apis" else { return nil }
            return KubernetesAnswer(status: 404, headers: [], bytes: Array("gone".utf8))
        }
        let client = later.client()
        let second = await refusal { try await client.delete(key("a"), uid: nil) }
        guard case .unavailable = second else { return #expect(second == nil) }
    }

    @Test func `servers without the aggregated form are asked version by version`() async throws {
        let script = Script { request, _ throws(KubernetesFault) in
            switch request.path {
            case "/api": return .json(["kind": "APIVersions", "versions": ["v1"]])
            case "/apis":
                return .json([
                    "kind": "APIGroupList",
                    "groups": [
                        [
                            "name": "apps",
                            "versions": [["version": "v1beta1"], ["version": "v1"]],
                            "preferredVersion": ["version": "v1"],
                        ],
                        ["name": "down.example", "versions": [["version": "v1"]]],
                    ],
                ])
            case "/apis/down.example/v1": return .status(503, "ServiceUnavailable", "down")
            case "/api/v1", "/apis/apps/v1", "/apis/apps/v1beta1":
                return .json([
                    "kind": "APIResourceList",
                    "resources": [
                        ["name": "deployments", "kind": "Deployment", "namespaced": true],
                        ["name": "deployments/scale", "kind": "Scale", "namespaced": true],
                    ],
                ])
            default: return nil
            }
        }
        let client = script.client()
        let kind = GroupKind(group: "apps", kind: "Deployment")
        let resource = try await client.resource(for: kind)
        #expect(resource.version == "v1" && resource.subresources == ["scale"])
        #expect(
            try await client.directory().versions(of: kind).map(\.version) == ["v1", "v1beta1"]
        )
        let down = await refusal {
            try await client.resource(for: GroupKind(group: "down.example", kind: "X"))
        }
        guard case .unavailable = down else { return #expect(down == nil) }
    }

    @Test func `many callers ask once, and a missing kind is looked for at most every 2 s`()
        async throws
    {
        let script = Script { _, _ throws(KubernetesFault) in nil }
        let clock = QuickClock()
        let client = script.client(clock: clock)
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 {
                group.addTask { try await client.resource(for: Self.cluster).plural }
            }
            for try await plural in group { #expect(plural == "clusters") }
        }
        #expect(script.requests("/apis").count == 1)
        let unknown = GroupKind(group: "none.example", kind: "None")
        for _ in 0..<9 {
            _ = await refusal { try await client.resource(for: unknown) }
        }
        #expect(script.requests("/apis").count == 1)
        clock.pass(.seconds(3))
        _ = await refusal { try await client.resource(for: unknown) }
        #expect(script.requests("/apis").count == 2)
    }

    @Test func `a path that is gone is looked up again and used as it is now`() async throws {
        let moved = Mutex(false)
        let script = Script { request, _ throws(KubernetesFault) in
            switch request.path {
            case "/apis" where moved.withLock({ $0 }):
                return .json(
                    Script.group(
                        "cluster.x-k8s.io",
                        "v1",
                        [Script.resource("clusters", "Cluster")]
                    )
                )
            case "/apis/cluster.x-k8s.io/v1/namespaces/ns/clusters/a":
                return .json([
                    "apiVersion": "cluster.x-k8s.io/v1", "kind": "Cluster",
                    "metadata": ["name": "a", "namespace": "ns"],
                ])
            case "/apis/cluster.x-k8s.io/v1beta2/namespaces/ns/clusters/a":
                moved.withLock { $0 = true }
                return nil
            default: return nil
            }
        }
        let key = ObjectKey(Self.cluster, namespace: "ns", name: "a")
        #expect(try await script.client().get(key)?.version == "v1")
    }
}
