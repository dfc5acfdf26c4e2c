import ClusterAPI
import Contract
import Domain
import JSON
import TestSupport
import Testing
import YAML

@Suite struct ClusterManifestTests {
    private let driver = ClusterAPIDriver()

    @Test(arguments: Variant.all) func `the same wish gives the same bytes`(
        _ variant: Variant
    ) throws {
        for (kind, template) in [("plain", Templates.plain), ("topology", Templates.topology)] {
            let wish = try Templates.wish(
                template,
                tenant: variant.tenant,
                name: variant.cluster,
                change: variant.change
            )
            let first = try driver.manifests(for: wish)
            #expect(try driver.manifests(for: wish) == first)
            #expect(Set(first.map(\.fileName)).count == first.count)
            #expect(first.filter { $0.part == .root }.map(\.kind) == ["Cluster"])
            #expect(first.first?.part == .namespace)
            #expect(
                first.dropFirst().allSatisfy {
                    $0.namespace == wish.cluster.slug.namespace || $0.namespace == "argocd"
                }
            )
            ManifestDump.write(first, as: "cluster-\(kind)-\(variant.name)")
        }
    }

    private func objects(
        _ template: String = Templates.plain,
        _ change: (inout ClusterWish) -> Void = { _ in }
    ) throws -> [JSON] {
        try driver.manifests(for: Templates.wish(template, change: change)).map { manifest in
            try YAML.parse(manifest.bytes)
        }
    }

    @Test func `the control plane goes first when a version changes`() throws {
        let all = try objects { $0.workersVersion = "1.34.3" }
        let plane = try #require(all.first { $0["kind"] == "KubeadmControlPlane" })
        let pool = try #require(all.first { $0["kind"] == "MachineDeployment" })
        #expect(plane["spec"]?["version"] == "v1.35.0")
        #expect(pool["spec"]?["template"]?["spec"]?["version"] == "v1.34.3")
    }

    @Test(arguments: [Templates.plain, Templates.topology])
    func `a pause is said on the root and taken back for the deletion`(
        _ template: String
    ) throws {
        let wish = try Templates.wish(template) { $0.cluster.spec.paused = true }
        func isPaused(_ wish: ClusterWish) throws -> Bool {
            let root = try driver.manifests(for: wish).first { $0.part == .root }
            let json = try root.map { try YAML.parse($0.bytes) }
            return json?["spec"]?["paused"]?.bool == true
        }
        #expect(try isPaused(wish))
        #expect(try !isPaused(wish.leaving))
    }

    @Test func `machines are looked after unless the class says otherwise`() throws {
        #expect(try objects().contains { $0["kind"] == "MachineHealthCheck" })
    }

    @Test func `the platform repository is applied with the cluster's own kubeconfig`() throws {
        let sync = try #require(try objects().first { $0["kind"] == "Kustomization" })
        let secret = sync["spec"]?["kubeConfig"]?["secretRef"]
        #expect(secret == ["name": "acme-main-kubeconfig", "key": "value"])
        #expect(sync["spec"]?["serviceAccountName"] == nil)
    }

    @Test func `a class whose provider is missing is refused, naming it`() throws {
        let wish = try Templates.wish { $0.features.infrastructure = ["AWSCluster": "v1beta2"] }
        #expect { try driver.manifests(for: wish) } throws: { error in
            guard case .refused(let reason) = error as? ProviderFault else { return false }
            return reason.contains("DevCluster") && reason.contains("clusterctl init")
        }
    }

    @Test func `without Cluster API, a class or the right version it is refused`() throws {
        let changes: [(inout ClusterWish) -> Void] = [
            { $0.features.clusterAPI = nil },
            { $0.template = nil },
            { $0.definition = nil },
            { $0.definition = ["nonsense": true] },
            { $0.template = "kind: [" },
        ]
        for change in changes {
            let wish = try Templates.wish(change: change)
            #expect { try driver.manifests(for: wish) } throws: { error in
                guard case .refused = error as? ProviderFault else { return false }
                return true
            }
        }
    }
}

/// A wish that is written differently.
struct Variant: Sendable, CustomTestStringConvertible {
    let name: String
    var tenant = "acme"
    var cluster = "main"
    var change: @Sendable (inout ClusterWish) -> Void = { _ in }

    var testDescription: String { name }

    static let all = [
        Variant(name: "default"),
        Variant(
            name: "longest",
            tenant: String(repeating: "t", count: 63),
            cluster: String(repeating: "c-", count: 31) + "c"
        ) {
            $0.cluster.spec.nodePools = [
                NodePool(name: String(repeating: "p", count: 20), count: .fixed(1))
            ]
        },
        Variant(name: "pools") {
            $0.cluster.spec.controlPlaneReplicas = 3
            $0.cluster.spec.nodePools = [
                NodePool(name: "md-0", count: .fixed(3)),
                NodePool(name: "burst", count: .scaled(1, through: 9)),
            ]
        },
        Variant(name: "paused") { $0.cluster.spec.paused = true },
        Variant(name: "upgrading") { $0.workersVersion = "1.34.3" },
        Variant(name: "alone") { $0.platform = nil },
        Variant(name: "argocd") { $0.management.engine = .argocd },
    ]
}
