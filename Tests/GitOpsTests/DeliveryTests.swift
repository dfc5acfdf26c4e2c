import Contract
import Domain
import Git
import GitOps
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct DeliveryTests {
    @Test func `a delivery is one commit, and the same once more is none`() async throws {
        try await GitOpsBench.run { bench in
            let engines = Engines()
            let delivery = bench.gitOps.delivery(through: engines)
            let first = try await delivery.deliver(
                Self.manifests,
                to: Self.web,
                retiring: .everything,
                for: Self.job
            )
            let second = try await delivery.deliver(
                Self.manifests,
                to: Self.web,
                retiring: .everything,
                for: Self.job
            )
            #expect(first == second)
            let management = bench.layout.management
            #expect(try await bench.commits(in: management).count == 1)
            for manifest in Self.manifests {
                let file = try await bench.file(
                    "clusters/acme/web/\(manifest.fileName)",
                    in: management
                )
                #expect(file.map { Array($0.utf8) } == manifest.bytes)
            }
            let index = try await bench.file("clusters/acme/web/kustomization.yaml", in: management)
            #expect(index?.contains("  - \"cluster.yaml\"\n  - \"namespace.yaml\"") == true)
            #expect(engines.nudged == ["t-acme-web", "t-acme-web"])
        }
    }

    @Test func `each cluster is applied by an object of its own`() async throws {
        try await GitOpsBench.run { bench in
            let delivery = bench.gitOps.delivery(through: Engines())
            for target in [Self.web, Self.shop] {
                _ = try await delivery.deliver(
                    Self.manifests,
                    to: target,
                    retiring: .everything,
                    for: Self.job
                )
            }
            let management = bench.layout.management
            let entries = try await bench.file(
                "management/main/acme/kustomization.yaml",
                in: management
            )
            #expect(
                entries?.hasSuffix(
                    """
                    resources:
                      - "clusters/shop.yaml"
                      - "clusters/web.yaml"
                      - "namespace.yaml"

                    """
                ) == true
            )
            let object = try await bench.file(
                "management/main/acme/clusters/web.yaml",
                in: management
            )
            #expect(object?.contains("path: \"./clusters/acme/web\"") == true)
            #expect(object?.contains("name: \"slipway-management\"") == true)
        }
    }

    @Test func `what is no longer delivered leaves the folder`() async throws {
        try await GitOpsBench.run { bench in
            let delivery = bench.gitOps.delivery(through: Engines())
            _ = try await delivery.deliver(
                Self.manifests,
                to: Self.web,
                retiring: .everything,
                for: Self.job
            )
            let fewer = Array(Self.manifests.dropLast())
            _ = try await delivery.deliver(
                fewer,
                to: Self.web,
                retiring: .everything,
                for: Self.job
            )
            let management = bench.layout.management
            #expect(try await bench.file("clusters/acme/web/quota.yaml", in: management) == nil)
            let index = try await bench.file("clusters/acme/web/kustomization.yaml", in: management)
            #expect(index?.contains("quota.yaml") == false)
        }
    }

    @Test func `templates stay as long as machines may need them`() async throws {
        try await GitOpsBench.run { bench in
            let delivery = bench.gitOps.delivery(through: Engines())
            let old = Self.manifest("a/v1", "DevMachineTemplate", "template-1.yaml", .part)
            let new = Self.manifest("a/v1", "DevMachineTemplate", "template-2.yaml", .part)
            let management = bench.layout.management
            let path = "clusters/acme/web/template-1.yaml"
            for (manifests, retirement, isThere) in [
                (Self.manifests + [old], Retirement.everything, true),
                (Array(Self.manifests.dropLast()) + [new], .everythingButTemplates, true),
                (Array(Self.manifests.dropLast()) + [new], .everything, false),
            ] {
                _ = try await delivery.deliver(
                    manifests,
                    to: Self.web,
                    retiring: retirement,
                    for: Self.job
                )
                #expect((try await bench.file(path, in: management) != nil) == isThere)
            }
            #expect(try await bench.file("clusters/acme/web/quota.yaml", in: management) == nil)
            #expect(try await bench.commits(in: management).count == 3)
        }
    }

    @Test func `a cluster goes in two commits: its root, then everything`() async throws {
        try await GitOpsBench.run { bench in
            let delivery = bench.gitOps.delivery(through: Engines())
            _ = try await delivery.deliver(
                Self.manifests,
                to: Self.shop,
                retiring: .everything,
                for: Self.job
            )
            _ = try await delivery.deliver(
                Self.manifests,
                to: Self.web,
                retiring: .everything,
                for: Self.job
            )
            let management = bench.layout.management
            for _ in 1...2 {
                _ = try await delivery.dropRoot(of: Self.manifests, from: Self.web, for: Self.job)
                #expect(try await bench.commits(in: management).count == 3)
            }
            let index = try await bench.file("clusters/acme/web/kustomization.yaml", in: management)
            #expect(
                index?.hasSuffix("resources:\n  - \"namespace.yaml\"\n  - \"quota.yaml\"\n") == true
            )
            #expect(try await bench.file("clusters/acme/web/cluster.yaml", in: management) == nil)
            for _ in 1...2 {
                try await delivery.withdraw(from: Self.web, for: Self.job)
                _ = try await delivery.dropRoot(of: Self.manifests, from: Self.web, for: Self.job)
                #expect(try await bench.commits(in: management).count == 4)
            }
            #expect(try await delivery.leftovers(of: Self.web).isEmpty)
            #expect(try await !delivery.leftovers(of: Self.shop).isEmpty)
            let entries = try await bench.file(
                "management/main/acme/kustomization.yaml",
                in: management
            )
            #expect(entries?.contains("clusters/web.yaml") == false)
        }
    }

    @Test func `removing a tenant removes its clusters' folders as well`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            let acme = try bench.tenant("acme")
            try await bench.run(.tenantProvision, of: acme, job: 1)
            let delivery = bench.gitOps.delivery(through: Engines())
            _ = try await delivery.deliver(
                Self.manifests,
                to: Self.web,
                retiring: .everything,
                for: Self.job
            )
            try await bench.run(.tenantDelete, of: acme, job: 2)
            #expect(try await delivery.leftovers(of: Self.web).isEmpty)
            let management = bench.layout.management
            let index = try await bench.file("management/main/kustomization.yaml", in: management)
            #expect(index?.hasSuffix("resources: []\n") == true)
        }
    }

    @Test func `each management cluster is told of its own clusters and no others`() async throws {
        try await GitOpsBench.run { bench in
            let delivery = bench.gitOps.delivery(through: Engines())
            let far = Self.target("shop", in: "far")
            for target in [Self.web, far] {
                _ = try await delivery.deliver(
                    Self.manifests,
                    to: target,
                    retiring: .everything,
                    for: Self.job
                )
            }
            let management = bench.layout.management
            for (reader, own, other) in [("main", "web", "shop"), ("far", "shop", "web")] {
                let folder = "management/\(reader)"
                let index = try await bench.file(
                    "\(folder)/acme/kustomization.yaml",
                    in: management
                )
                #expect(index?.contains("clusters/\(own).yaml") == true)
                #expect(index?.contains("clusters/\(other).yaml") == false)
                let namespace = try await bench.file(
                    "\(folder)/acme/namespace.yaml",
                    in: management
                )
                #expect(namespace?.contains("tenant-acme") == true)
            }
            try await delivery.withdraw(from: far, for: Self.job)
            let index = try await bench.file("management/far/kustomization.yaml", in: management)
            #expect(index?.hasSuffix("resources: []\n") == true)
            let gone = "management/far/acme/namespace.yaml"
            #expect(try await bench.file(gone, in: management) == nil)
            #expect(try await !delivery.leftovers(of: Self.web).isEmpty)
        }
    }

    private static let job = JobID(high: 5, low: 5)
    private static let web = target("web")
    private static let shop = target("shop")

    private static func target(_ name: String, in place: String = "main") -> DeliveryTarget {
        guard let tenant = try? TenantName(parsing: "acme"),  // A fixed name.
            let cluster = try? ClusterName(parsing: name),  // A fixed name.
            let management = try? ManagementClusterName(parsing: place)  // A fixed name.
        else { preconditionFailure("the names are names") }
        return DeliveryTarget(
            tenantID: TenantID(high: 1, low: 1),
            tenant: tenant,
            cluster: cluster,
            slug: ClusterSlug(tenant: tenant, cluster: cluster),
            managementCluster: management
        )
    }

    private static let manifests = [
        manifest("v1", "Namespace", "namespace.yaml", .namespace),
        manifest("cluster.x-k8s.io/v1beta2", "Cluster", "cluster.yaml", .root),
        manifest("v1", "ResourceQuota", "quota.yaml", .part),
    ]

    private static func manifest(
        _ version: String,
        _ kind: String,
        _ file: String,
        _ part: Manifest.Part
    ) -> Manifest {
        Manifest(
            apiVersion: version,
            kind: kind,
            namespace: part == .namespace ? nil : "t-acme-web",
            name: "web",
            part: part,
            fileName: file,
            bytes: Array(
                "apiVersion: \"\(version)\"\nkind: \"\(kind)\"\n# as it is: ${X} \u{e4}\n".utf8
            )
        )
    }
}

/// Flux everywhere, and who was nudged.
private final class Engines: GitOpsEngines {
    private let names = Mutex<[String]>([])
    var nudged: [String] { names.withLock { $0 } }

    func engine(
        in cluster: ManagementClusterName,
        repositoryURL: String
    ) async throws(ProviderFault) -> GitOpsEngine {
        GitOpsEngine(
            kind: .flux,
            namespace: "flux-system",
            sourceName: "slipway-management",
            repositoryURL: repositoryURL
        )
    }

    func nudge(_ engine: GitOpsEngine, for target: DeliveryTarget) async {
        names.withLock { $0.append(target.reconciliationName) }
    }
}
