import Contract
import Domain
import Git
import GitOps
import TestSupport
import Testing

/// A management repository that an earlier version laid out.
@Suite(.timeLimit(.minutes(2))) struct CarryOverTests {
    @Test func `what one list held goes to those who have it, and the list leads on`()
        async throws
    {
        try await GitOpsBench.run { bench in
            try await Self.plant(on: bench)
            bench.records.set([
                try Self.reader("sandbox", isSandbox: true, ["acme-main"]),
                try Self.reader("laptop", isSandbox: false, ["acme-web"]),
            ])
            try await bench.gitOps.carryOver()
            let management = bench.layout.management
            let expected = [
                "tenants/kustomization.yaml": Self.index(["../management/laptop"]),
                "management/laptop/kustomization.yaml": Self.index(["acme", "globex"]),
                "management/laptop/acme/kustomization.yaml":
                    Self.index(["clusters/web.yaml", "namespace.yaml"]),
                "management/laptop/acme/clusters/web.yaml": "web: true\n",
                "management/laptop/globex/kustomization.yaml": Self.index(["namespace.yaml"]),
                "management/laptop/globex/namespace.yaml": "globex: true\n",
                "management/sandbox/kustomization.yaml": Self.index(["acme"]),
                "management/sandbox/acme/kustomization.yaml":
                    Self.index(["clusters/main.yaml", "namespace.yaml"]),
                "management/sandbox/acme/clusters/main.yaml": "main: true\n",
                "management/sandbox/acme/namespace.yaml": "acme: true\n",
                "tenants/acme/namespace.yaml": "acme: true\n",
            ]
            for (path, content) in expected {
                let file = try await bench.file(path, in: management)
                #expect(file == content, "\(path)")
            }
            for path in [
                "tenants/acme/kustomization.yaml", "tenants/acme/clusters/web.yaml",
                "tenants/globex/sync.yaml",
            ] {
                #expect(try await bench.file(path, in: management) == nil, "\(path)")
            }
        }
    }

    @Test func `it is one commit, and the next change comes after it`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            try await Self.plant(on: bench)
            bench.records.set([try Self.reader("laptop", isSandbox: false, ["acme-web"])])
            let initech = try bench.tenant("initech")
            try await bench.run(.tenantProvision, of: initech, job: 1)
            let management = bench.layout.management
            let commits = try await bench.commits(in: management).map { $0.dropFirst(41) }
            #expect(
                commits == [
                    "Register tenant initech", "Give each management cluster a folder of its own",
                    "Change files",
                ]
            )
            try await bench.gitOps.carryOver()
            #expect(try await bench.commits(in: management).count == 3)
        }
    }

    @Test func `an earlier version that goes on writing is carried over again`() async throws {
        try await GitOpsBench.run { bench in
            try await Self.plant(on: bench)
            bench.records.set([try Self.reader("laptop", isSandbox: false, ["acme-web"])])
            try await bench.gitOps.carryOver()
            let management = bench.layout.management
            try await bench.write(
                [
                    "tenants/kustomization.yaml": Self.index(["../management/laptop", "umbrella"]),
                    "tenants/umbrella/kustomization.yaml": Self.index(["namespace.yaml"]),
                    "tenants/umbrella/namespace.yaml": "umbrella: true\n",
                ],
                to: management
            )
            try await bench.gitOps.carryOver()
            let way = try await bench.file("tenants/kustomization.yaml", in: management)
            #expect(way == Self.index(["../management/laptop"]))
            let tenants = try await bench.file(
                "management/laptop/kustomization.yaml",
                in: management
            )
            #expect(tenants == Self.index(["acme", "globex", "umbrella"]))
        }
    }

    @Test func `as long as nobody reads it, it stays as it is`() async throws {
        try await GitOpsBench.run { bench in
            try await Self.plant(on: bench)
            try await bench.gitOps.carryOver()
            let index = try await bench.file(
                "tenants/kustomization.yaml",
                in: bench.layout.management
            )
            #expect(index == Self.index(["acme", "globex"]))
        }
    }

    private static func plant(on bench: GitOpsBench) async throws {
        try await bench.git.create(at: bench.layout.management, branch: RepositoryLayout.branch)
        try await bench.write(
            [
                "tenants/kustomization.yaml": index(["acme", "globex"]),
                "tenants/acme/kustomization.yaml":
                    index(["clusters/main.yaml", "clusters/web.yaml", "namespace.yaml"]),
                "tenants/acme/namespace.yaml": "acme: true\n",
                "tenants/acme/clusters/main.yaml": "main: true\n",
                "tenants/acme/clusters/web.yaml": "web: true\n",
                "tenants/globex/kustomization.yaml": index(["namespace.yaml", "sync.yaml"]),
                "tenants/globex/namespace.yaml": "globex: true\n",
                "tenants/globex/sync.yaml": "old: true\n",
                "clusters/acme/web/kustomization.yaml": index([]),
            ],
            to: bench.layout.management
        )
    }

    private static func reader(
        _ name: String,
        isSandbox: Bool,
        _ slugs: [String]
    ) throws -> ManagementReader {
        ManagementReader(
            name: try ManagementClusterName(parsing: name),
            isSandbox: isSandbox,
            slugs: Set(slugs.map { ClusterSlug(stored: $0) })
        )
    }

    private static func index(_ names: [String]) -> String {
        let list = names.map { "  - \"\($0)\"\n" }.joined()
        return """
            apiVersion: "kustomize.config.k8s.io/v1beta1"
            kind: "Kustomization"
            \(names.isEmpty ? "resources: []\n" : "resources:\n\(list)")
            """
    }
}
