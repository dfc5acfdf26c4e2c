import Clusters
import Contract
import Domain
import EventLoop
import JSON
import Kubernetes
import Testing

/// What people are told when a cluster's job does not get on, and how it gets on again.
@Suite(.timeLimit(.minutes(5))) struct MishapTests {
    private static let direct = ClusterBench.Form(kind: .vcluster, delivery: .direct)
    private static let gitops = ClusterBench.Form(kind: .vcluster, delivery: .gitops)

    @Test func `a deletion that is stuck names the object and its finalizer`() async throws {
        try await ClusterBench.run(Self.direct, on: .sandbox()) { bench in
            try await bench.run(.clusterCreate, 1)
            let root = try #require(
                try await bench.object("helm.toolkit.fluxcd.io", "HelmRelease", "\(bench.slug)")
            )
            let held: JSON = ["metadata": ["finalizers": ["example.com/held"]]]
            _ = try await bench.client.mergePatch(root.key, held)
            bench.player.leaves("HelmRelease")
            let stuck = try await bench.run(.clusterDelete, 2, turns: 5)
            #expect(stuck.step == "await-root-gone")
            #expect(stuck.wait?.on.contains("HelmRelease/\(bench.slug)") == true, "\(stuck)")
            #expect(stuck.wait?.on.contains("example.com/held") == true, "\(stuck)")
            #expect(stuck.wait?.releasedBy != nil)

            _ = try await bench.client.mergePatch(root.key, ["metadata": ["finalizers": nil]])
            let over = try await bench.run(.clusterDelete, 2, from: stuck)
            #expect(over.step == nil)
            #expect(try await bench.current == nil)
        }
    }

    @Test func `an engine that cannot apply the folder is quoted`() async throws {
        try await ClusterBench.run(Self.gitops, on: .sandbox()) { bench in
            bench.player.fails("quota exceeded in the namespace")
            let stuck = try await bench.run(.clusterCreate, 1, turns: 5)
            #expect(stuck.step == "await-applied")
            #expect(stuck.wait?.on.contains("Flux (Kustomization flux-system/") == true)
            #expect(stuck.wait?.on.hasSuffix("quota exceeded in the namespace") == true)
            bench.player.fails(nil)
            #expect(try await bench.run(.clusterCreate, 1, from: stuck).step == nil)
        }
    }

    @Test func `credentials that somebody deleted are made anew with the next job`() async throws {
        try await ClusterBench.run(Self.direct, on: .sandbox()) { bench in
            try await bench.run(.clusterCreate, 1)
            try await bench.change { _ in }
            try await bench.run(.clusterUpdate, 2)
            #expect(bench.records.issued == 1)
            let secret = try #require(try await bench.object("", "Secret", "platform-git"))
            _ = try await bench.client.delete(secret.key, uid: nil)
            try await bench.change { _ in }
            try await bench.run(.clusterUpdate, 3)
            #expect(try await bench.object("", "Secret", "platform-git") != nil)
            #expect(bench.records.issued == 2)
        }
    }

    @Test func `a job that something newer has overtaken ends without a word`() async throws {
        try await ClusterBench.run(Self.direct, on: .sandbox()) { bench in
            bench.player.leaves("HelmRelease")
            let stuck = try await bench.run(.clusterCreate, 1, turns: 3)
            #expect(stuck.step == "await-reachable")
            try await bench.change { $0.quota.pods = 5 }
            let over = try await bench.run(.clusterCreate, 1, from: stuck)
            #expect(over.step == nil)
            #expect(try await bench.current?.status.observedGeneration == 0)
        }
    }

    @Test func `what somebody has paused by hand goes all the same`() async throws {
        try await ClusterBench.run(Self.direct, on: .sandbox()) { bench in
            try await bench.run(.clusterCreate, 1)
            let key = ObjectKey(
                GroupKind(group: "helm.toolkit.fluxcd.io", kind: "HelmRelease"),
                namespace: bench.namespace,
                name: "\(bench.slug)"
            )
            _ = try await bench.client.mergePatch(key, ["spec": ["suspend": true]])
            #expect(try await bench.run(.clusterDelete, 2).step == nil)
            #expect(bench.player.suspendedAtTheEnd == false)
            #expect(try await bench.current == nil)
        }
    }

    @Test func `fields that somebody else has taken are taken back`() async throws {
        try await ClusterBench.run(Self.direct, on: .sandbox()) { bench in
            try await bench.run(.clusterCreate, 1)
            let quota = try #require(
                try await bench.client.list(
                    GroupKind(kind: "ResourceQuota"),
                    namespace: bench.namespace
                ).items.first
            )
            let hard = quota.spec["hard"]
            let other: JSON = ["spec": ["hard": ["pods": "1"]]]
            _ = try await bench.client.mergePatch(quota.key, other, manager: "kubectl-edit")
            try await bench.change { _ in }
            try await bench.run(.clusterUpdate, 2)
            #expect(try await bench.client.get(quota.key)?.spec["hard"] == hard)
        }
    }

    @Test func `an object of another that has our name stays`() async throws {
        try await ClusterBench.run(Self.direct, on: .sandbox()) { bench in
            try await bench.run(.clusterCreate, 1)
            let target = DeliveryTarget(try #require(try await bench.current))
            let other: JSON = [
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": ["name": "theirs", "namespace": "default"],
            ]
            _ = try await bench.client.apply(other.object ?? JSONObject(), manager: "them")
            var thing = ClusterThing(secret: "theirs", in: "default")
            thing.kind = "ConfigMap"
            thing.part = .part
            try await bench.records.note([thing], for: target)
            #expect(try await bench.run(.clusterDelete, 2).step == nil)
            #expect(try await bench.client.get(thing.key) != nil)
        }
    }
}
