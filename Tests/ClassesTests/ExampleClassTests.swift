import Blueprints
import CEmbedded
import Domain
import Glibc
import JSON
import TestSupport
import Testing
import YAML

@testable import Classes

/// The classes that the example blueprint brings.
struct ExampleClassTests {
    private static let prefix = "examples/platform-blueprint/v1.2.0/"

    private static func file(_ path: String) -> [UInt8] {
        var count = 0
        let files = UnsafeBufferPointer(start: embedded_files(&count), count: count)
        let file = files.first { String(cString: $0.path) == prefix + path }
        guard let file else { preconditionFailure("\(path) is embedded") }
        return Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
    }

    private func classes() throws -> [String: ClassRenderer] {
        let manifest = try BlueprintManifest(parsing: Self.file(BlueprintManifest.path))
        var renderers: [String: ClassRenderer] = [:]
        for found in try BlueprintClass.all(in: manifest) {
            let text = BlueprintClass.template(of: found.paths.map(Self.file))
            renderers[found.name.description] = ClassRenderer(
                definition: try ClassDefinition(parsing: found.definition),
                template: try ClusterTemplate(parsing: text)
            )
        }
        return renderers
    }

    private func wish(_ change: (inout ClassWish) -> Void = { _ in }) -> ClassWish {
        var wish = ClassWish(
            slug: ClusterSlug(stored: "acme-main"),
            tenant: "acme",
            cluster: "main",
            clusterID: "id-1"
        )
        change(&wish)
        return wish
    }

    @Test(arguments: [
        ("dev", "docker", ["default"]), ("eks", "aws", ["default"]),
        ("openstack", "openstack", ["default"]),
    ])
    func `every class is usable as it is`(
        _ name: String,
        _ provider: String,
        _ pools: [String]
    ) throws {
        let renderer = try #require(try classes()[name])
        let report = renderer.report()
        #expect(report.isUsable, "\(report.findings)")
        #expect(report.provider == provider)
        #expect(report.pools.map(\.name) == pools)
        let rendering = try renderer.render(wish())
        #expect(rendering.poolNames == pools)
        #expect(rendering.findings.isEmpty)
    }

    @Test func `the platform's words reach the template`() throws {
        let classes = try classes()
        let eks = try #require(classes["eks"]).render(
            wish { wish in
                wish.region = "eu-west-1"
                wish.nodePools = [.sample("web", size: "medium")]
            }
        )
        let control = eks.objects.first { $0.kind == "AWSManagedControlPlane" }
        let spec = control.map { JSON.object($0.json) }?["spec"]
        #expect(spec?["region"] == "eu-west-1")
        #expect(spec?["eksClusterName"] == "slipway-acme-main")
        #expect(spec?["version"] == "v1.34.0")
        let dev = try #require(classes["dev"])
        #expect(dev.definition.allows(kubernetesVersion: "1.34.2"))
        #expect(!dev.definition.allows(kubernetesVersion: "1.34.3"))
        #expect(try #require(classes["eks"]).definition.allows(kubernetesVersion: "1.33.9"))
        #expect(dev.definition.defaultVersion == "1.35.0")
    }

    /// The tool lies beside the repository where it is there at all.
    static let validator: String? = {
        let places = [
            "../shared/tools/validate-manifests", "../../shared/tools/validate-manifests",
        ]
        return places.first { (place: String) in access(place, X_OK) == 0 }
    }()

    private var variants: [ClassWish] {
        let taint = NodeTaint(key: "spot", value: "", effect: .noSchedule)
        let labels = [(key: "node.cluster.x-k8s.io/tier", value: "web")]
        return [
            wish(), wish { $0.nodePools = [] }, wish { $0.isPaused = true },
            wish { wish in
                wish.nodePools = [
                    .sample("web", size: "small", labels: labels, taints: [taint]),
                    .sample("batch", size: "large", count: .scaled(1, through: 4)),
                ]
            },
            wish { wish in
                wish.kubernetesVersion = "1.34.2"
                wish.workersVersion = "1.33.5"
            },
        ]
    }

    @Test(.enabled(if: validator != nil, "the validator is not beside this repository"))
    func `every variant of every class fits the official schemas`() throws {
        let folder = TemporaryDirectory()
        var objects: [JSON] = []
        for renderer in try classes().values {
            for wish in variants {
                objects += try renderer.render(wish).objects.map { .object($0.json) }
            }
        }
        #expect(objects.count > 100)
        let path = "\(folder.path)/all.yaml"
        let stream = try #require(fopen(path, "w"))
        let bytes = YAML.text(objects)
        fwrite(bytes, 1, bytes.count, stream)
        fclose(stream)
        let command = "'\(Self.validator ?? "")' \(path) >\(path).output 2>&1"
        #expect(Glibc.system(command) == 0, "see the output of \(command)")
    }
}
