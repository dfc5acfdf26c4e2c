import Clusters
import Contract
import Domain
import JSON
import Kubernetes
import Secrets
import Testing
import YAML

/// Under which address virtual clusters are used.
@Suite(.timeLimit(.minutes(5))) struct ExposureTests {
    private static let outside = ClusterBench.Form(
        kind: .vcluster,
        delivery: .direct,
        connection: .kubeconfig
    )

    @Test func `people are given the address of the load balancer`() async throws {
        try await ClusterBench.run(Self.outside, on: .sandbox(playing: true)) { bench in
            try await bench.change { $0.exposure = .loadBalancer }
            _ = try await bench.run(.clusterCreate, 1, turns: 10)
            let service = try #require(try await bench.object("", "Service", "\(bench.slug)"))
            let status: JSON = ["loadBalancer": ["ingress": [["ip": "203.0.113.7"]]]]
            _ = try await bench.client.mergePatch(
                service.key,
                ["status": status],
                subresource: "status"
            )
            let entry = try await Self.cluster(in: bench)
            #expect(entry["server"]?.string == "https://203.0.113.7")
            let name = "\(bench.slug).\(bench.namespace).svc"
            #expect(entry["tls-server-name"]?.string == name)
        }
    }

    @Test func `people are given the host, and the certificate's name is its own`() async throws {
        try await ClusterBench.run(Self.outside, on: .sandbox(playing: true)) { bench in
            try await bench.change { $0.exposure = .host("web.acme.example.com") }
            let made = try await bench.run(.clusterCreate, 1)
            #expect(made.step == nil, "\(made)")
            let entry = try await Self.cluster(in: bench)
            #expect(entry["server"]?.string == "https://web.acme.example.com")
            #expect(entry["tls-server-name"] == nil)
        }
    }

    @Test func `one that is not exposed works, and says what to set`() async throws {
        try await ClusterBench.run(Self.outside, on: .sandbox(playing: true)) { bench in
            let made = try await bench.run(.clusterCreate, 1)
            #expect(made.step == nil, "\(made)")
            let cluster = try #require(try await bench.current)
            #expect(cluster.status.phase == .ready)
            let granted = cluster.status.conditions.first { $0.type == "AccessGranted" }
            #expect(granted?.reason == "OutOfReach")
            #expect(granted?.message.contains("set 'exposure'") == true)
        }
    }

    /// The cluster in the kubeconfig that a platform admin is given.
    private static func cluster(in bench: ClusterBench) async throws -> JSON {
        let cluster = try #require(try await bench.current)
        let management = try #require(
            try await bench.records.managementCluster(cluster.spec.managementCluster)
        )
        let text = try await bench.clusters.adminKubeconfig(
            of: cluster,
            in: management,
            by: SecretKey(name: "vc-\(bench.slug)", key: "config")
        )
        let kubeconfig = try YAML.parse(text.revealed())
        return kubeconfig["clusters"]?[0]?["cluster"] ?? .null
    }
}
