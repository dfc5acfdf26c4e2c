import Contract
import Domain
import JSON
import TestSupport
import Testing
import VCluster
import YAML

@Suite struct VClusterManifestTests {
    @Test(arguments: Variant.all) func `the same wish gives the same bytes`(
        _ variant: Variant
    ) throws {
        let driver = VClusterDriver(settings: variant.settings)
        for (engine, change) in Variant.engines {
            let wish = try WishSample.wish(
                .vcluster,
                tenant: variant.tenant,
                name: variant.cluster
            ) {
                change(&$0)
                variant.change(&$0)
            }
            let first = try driver.manifests(for: wish)
            #expect(try driver.manifests(for: wish) == first)
            #expect(Set(first.map(\.fileName)).count == first.count)
            #expect(first.filter { $0.part == .root }.count == 1)
            #expect(first.first?.part == .namespace)
            ManifestDump.write(first, as: "vcluster-\(engine)-\(variant.name)")
        }
    }

    private func object(_ kind: String, _ change: (inout ClusterWish) -> Void) throws -> JSON {
        let wish = try WishSample.wish(.vcluster, change: change)
        let manifests = try VClusterDriver().manifests(for: wish)
        return try YAML.parse(try #require(manifests.first { $0.kind == kind }).bytes)
    }

    @Test func `the chart is installed as an account of its own with the role to install`() throws {
        let release = try object("HelmRelease") { _ in }
        let manifests = try VClusterDriver().manifests(for: WishSample.wish(.vcluster))
        let binding = try YAML.parse(
            try #require(
                manifests.first { $0.kind == "RoleBinding" && $0.name == ReleaseRole.name }
            ).bytes
        )
        let name = release["spec"]?["serviceAccountName"]?.string
        #expect(name == binding["subjects"]?[0]?["name"]?.string)
        #expect(manifests.contains { $0.kind == "ServiceAccount" && $0.name == name })
        #expect(binding["roleRef"]?["name"]?.string == ReleaseRole.name)
        let file = try #require(RepositoryFile.text("deploy/management-cluster.yaml"))
        for role in ReleaseRole.manifests {
            #expect(file.contains(String(decoding: role.bytes, as: UTF8.self) + "---\n"))
        }
        ManifestDump.write(ReleaseRole.manifests, as: "release-role")
    }

    @Test func `the release is called by its slug and pins the chart`() throws {
        let release = try object("HelmRelease") { _ in }
        #expect(release["spec"]?["releaseName"]?.string == "acme-main")
        let chart = release["spec"]?["chart"]?["spec"]
        #expect(chart?["version"]?.string == VClusterSettings.chartVersion)
        #expect(release["spec"]?["suspend"]?.bool == false)
    }

    @Test func `a sleeping one is left alone by whatever installed it`() throws {
        for (engine, change) in Variant.engines {
            let (kind, path) =
                switch engine {
                case "flux": ("HelmRelease", ["suspend"])
                case "argocd": ("Application", ["syncPolicy", "automated", "enabled"])
                default: ("Cluster", ["paused"])
                }
            let root = try object(kind) {
                change(&$0)
                $0.platform = nil
                $0.cluster.spec.asleep = true
            }
            let value = path.reduce(root["spec"]) { $0?[$1] }
            #expect(value?.bool == (engine != "argocd"))
        }
    }

    @Test func `one that is leaving is awake, so that what it made goes with it`() throws {
        let wish = try WishSample.wish(.vcluster) {
            $0.cluster.spec.asleep = true
            $0.cluster.spec.paused = true
        }
        let manifests = try VClusterDriver().manifests(for: wish.leaving)
        let release = try #require(manifests.first { $0.kind == "HelmRelease" })
        #expect(try YAML.parse(release.bytes)["spec"]?["suspend"]?.bool == false)
    }

    @Test func `retained volumes keep their namespace`() throws {
        let kept = try object("Namespace") { $0.cluster.spec.volumes = .retain }
        let annotations = kept["metadata"]?["annotations"]
        #expect(annotations?["kustomize.toolkit.fluxcd.io/prune"]?.string == "disabled")
        #expect(try object("Namespace") { _ in }["metadata"]?["annotations"] == nil)
    }

    @Test func `the platform repository is applied with the kubeconfig of the engine`() throws {
        let helm = try object("Kustomization") { _ in }
        let secret = helm["spec"]?["kubeConfig"]?["secretRef"]
        #expect(secret == ["name": "vc-acme-main", "key": "config"])
        let provider = try object("Kustomization") {
            $0.management.virtualClusters = .clusterAPI
        }
        let other = provider["spec"]?["kubeConfig"]?["secretRef"]
        #expect(other == ["name": "acme-main-kubeconfig", "key": "value"])
    }

    @Test(arguments: ["", "acme", "a..b", "-a.b", "a b.c", "x\".y", "a.b\n"])
    func `a host that is none is refused`(_ host: String) throws {
        let wish = try WishSample.wish(.vcluster) { $0.cluster.spec.exposure = .host(host) }
        #expect(throws: ProviderFault.self) { try VClusterDriver().manifests(for: wish) }
    }

    @Test func `what is not installed is named`() throws {
        let wish = try WishSample.wish(.vcluster) {
            $0.management.virtualClusters = .argocd
            $0.features.hasArgoCD = false
        }
        #expect(
            throws: ProviderFault.refused(
                reason: "management cluster 'local' lacks Argo CD, which its 'virtualClusters' "
                    + "asks for; install it, or choose what is there"
            )
        ) { try VClusterDriver().manifests(for: wish) }
    }

    @Test func `before the first check it is tried again, not refused`() throws {
        let wish = try WishSample.wish(.vcluster) { $0.features = ManagementFeatures() }
        #expect(
            throws: ProviderFault.transient(
                reason: "management cluster 'local' has not been checked yet"
            )
        ) { try VClusterDriver().manifests(for: wish) }
    }
}

/// A wish that is written differently.
struct Variant: Sendable, CustomTestStringConvertible {
    let name: String
    var tenant = "acme"
    var cluster = "main"
    var settings = VClusterSettings()
    var change: @Sendable (inout ClusterWish) -> Void = { _ in }

    var testDescription: String { name }

    static let engines: [(String, @Sendable (inout ClusterWish) -> Void)] = [
        ("flux", { $0.management.virtualClusters = .flux }),
        (
            "argocd",
            {
                $0.management.virtualClusters = .argocd
                $0.management.engine = .argocd
            }
        ),
        ("cluster-api", { $0.management.virtualClusters = .clusterAPI }),
        (
            "cluster-api-old",
            {
                $0.management.virtualClusters = .clusterAPI
                $0.features.clusterAPI = "v1beta1"
            }
        ),
    ]

    static let all = [
        Variant(name: "plain"),
        Variant(
            name: "longest",
            tenant: String(repeating: "t", count: 63),
            cluster: String(repeating: "c-", count: 31) + "c"
        ),
        Variant(name: "asleep") { $0.cluster.spec.asleep = true },
        Variant(name: "paused") { $0.cluster.spec.paused = true },
        Variant(name: "alone") { $0.platform = nil },
        Variant(name: "balanced") {
            $0.cluster.spec.exposure = .loadBalancer
            $0.cluster.spec.kubernetesVersion = "1.35.2"
        },
        Variant(name: "ingress") { $0.cluster.spec.exposure = .host("main.acme.example.com") },
        Variant(
            name: "gateway",
            settings: VClusterSettings(chartVersion: "0.36.0")
        ) {
            $0.cluster.spec.exposure = .host("main.acme.example.com")
            $0.management.gateway = ManagementClusterSpec.Gateway(
                name: "public",
                namespace: "gateway-system"
            )
        },
        Variant(name: "retained") { $0.cluster.spec.volumes = .retain },
    ]
}
