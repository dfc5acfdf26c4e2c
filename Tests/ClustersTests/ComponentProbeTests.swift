import Domain
import JSON
import Kubernetes
import Testing

@testable import Clusters

@Suite(.timeLimit(.minutes(1))) struct ComponentProbeTests {
    private func workload(_ name: String, _ labels: JSON, image: String) -> JSONObject {
        [
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": ["name": .string(name), "namespace": "flux-system", "labels": labels],
            "spec": [
                "selector": ["matchLabels": ["app": .string(name)]],
                "template": [
                    "metadata": ["labels": ["app": .string(name)]],
                    "spec": ["containers": [["name": "manager", "image": .string(image)]]],
                ],
            ],
        ]
    }

    private let definition: JSONObject = [
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": [
            "name": "widgets.example.org",
            "labels": [
                "cluster.x-k8s.io/provider": "cluster-api",
                "cluster.x-k8s.io/v1beta2": "v1beta2", "cluster.x-k8s.io/v1beta1": "v1beta1",
            ],
        ],
        "spec": [
            "group": "example.org", "scope": "Namespaced",
            "names": ["kind": "Widget", "plural": "widgets"],
            "versions": [["name": "v1", "served": true, "storage": true]],
        ],
    ]

    @Test func `programs are told with version, contracts, and whether they run`() async throws {
        let form = ClusterBench.Form(kind: .namespace, delivery: .direct)
        try await ClusterBench.run(form, on: .sandbox()) { bench in
            let provider: JSON = ["cluster.x-k8s.io/provider": "cluster-api"]
            let part: JSON = ["app.kubernetes.io/part-of": "flux"]
            let mine: JSON = ["app": "mine"]
            for object in [
                workload("capi", provider, image: "registry.example:5000/capi@sha256:aa"),
                workload("source-controller", part, image: "registry.example:5000/source:v1.7.0"),
                workload("mine", mine, image: "mine:1"), definition,
            ] {
                _ = try await bench.client.apply(object, force: true)
            }
            let source = ObjectKey(
                GroupKind(group: "apps", kind: "Deployment"),
                namespace: "flux-system",
                name: "source-controller"
            )
            let status: JSON = ["status": ["availableReplicas": 1]]
            _ = try await bench.client.mergePatch(source, status, subresource: "status")
            let found = try await ComponentProbe(client: bench.client)
                .components(installed: ["cluster-api": "v1.14.0"])
            #expect(
                found == [
                    ManagementComponent(
                        name: "cluster-api",
                        version: "v1.14.0",
                        contracts: ["v1beta1", "v1beta2"],
                        isRunning: false
                    ),
                    ManagementComponent(
                        name: "flux/source-controller",
                        version: "v1.7.0",
                        isRunning: true
                    ),
                ]
            )
            var facts = ManagementFacts()
            facts.features.components = found
            facts.features.clusterAPI = "v1beta2"
            facts.features.hasFlux = true
            facts.features.hasArgoCD = true
            let findings = facts.idle(for: ManagementClusterSpec(connection: .kubeconfig))
            #expect(findings.count == 2)
            #expect(findings.first?.hasPrefix("cluster-api is installed, but none") == true)
            #expect(findings.last?.hasPrefix("Argo CD's kinds are served, but none") == true)
        }
    }
}
