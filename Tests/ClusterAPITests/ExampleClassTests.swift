import ClusterAPI
import Contract
import Domain
import JSON
import TestSupport
import Testing
import YAML

@Suite struct ExampleClassTests {
    private static let folder = "examples/platform-blueprint/v1.2.0/"

    @Test func `every class of the example blueprint makes clusters`() throws {
        let text = try #require(RepositoryFile.text(Self.folder + "blueprint.yaml"))
        let classes = try YAML.parse(Array(text.utf8))["clusterClasses"]?.array ?? []
        #expect(!classes.isEmpty)
        for entry in classes {
            let name = try #require(entry["name"]?.string)
            let path = try #require(entry["template"]?.string)
            let template = try #require(RepositoryFile.text(Self.folder + path))
            for (variant, change) in Self.variants {
                let wish = try Self.wish(entry, template, change)
                let manifests = try ClusterAPIDriver().manifests(for: wish)
                #expect(manifests.filter { $0.part == .root }.map(\.kind) == ["Cluster"])
                ManifestDump.write(manifests, as: "example-\(name)-\(variant)")
            }
        }
    }

    private static let variants: [(String, @Sendable (inout ClusterWish) -> Void)] = [
        ("default", { _ in }),
        (
            "pools",
            {
                $0.cluster.spec.nodePools = [
                    NodePool(
                        name: "general",
                        size: "medium",
                        count: .fixed(2),
                        taints: [NodeTaint(key: "team", value: "a", effect: .noSchedule)]
                    ),
                    NodePool(name: "burst", size: "small", count: .scaled(1, through: 5)),
                ]
            }
        ),
        ("paused", { $0.cluster.spec.paused = true }),
    ]

    private static func wish(
        _ entry: JSON,
        _ template: String,
        _ change: (inout ClusterWish) -> Void
    ) throws -> ClusterWish {
        var definition = entry.object ?? JSONObject()
        definition["name"] = nil
        definition["template"] = nil
        let versions = entry["kubernetesVersions"]?.array?.compactMap(\.string) ?? []
        return try WishSample.wish(.cluster) {
            $0.definition = .object(definition)
            $0.template = template
            $0.features.infrastructure = [
                "DevCluster": "v1beta2", "AWSManagedCluster": "v1beta2",
                "OpenStackCluster": "v1beta1",
            ]
            $0.cluster.spec.kubernetesVersion = versions.last
            change(&$0)
        }
    }
}
