import Contract
import Domain
import Git
import GitOps
import JSON
import TestSupport
import Testing

/// Environments in the platform repositories of their tenants.
@Suite(.timeLimit(.minutes(2))) struct EnvironmentFilesTests {
    private static let job = JobID(high: 4, low: 4)

    @Test func `a template is filled in with what the roll-out says`() async throws {
        try await Self.run { bench, release in
            let rendered = try await bench.gitOps.render(release)
            #expect(rendered.files.map(\.path.text) == ["kustomization.yaml", "web.yaml"])
            let web = try #require(rendered.files.last)
            #expect(
                String(decoding: web.bytes, as: UTF8.self)
                    == "image: shop@sha256:1\nreplicas: 2\nhost: pr-7-acme.example.org #3\n"
            )
            #expect(rendered.url == "https://pr-7-acme.example.org/shop")
            #expect(rendered.outputs == ["namespace": "e-pr-7"])
        }
    }

    @Test func `a roll-out is one commit, and the same once more is none`() async throws {
        try await Self.run { bench, release in
            let platform = bench.layout.platform(of: try TenantName(parsing: "acme"))
            let before = try await bench.commits(in: platform).count
            let rendered = try await bench.gitOps.render(release)
            let first = try await bench.gitOps.write(rendered, of: release, for: Self.job)
            let second = try await bench.gitOps.write(rendered, of: release, for: Self.job)
            #expect(first == second)
            let commits = try await bench.commits(in: platform)
            #expect(commits.count == before + 1)
            #expect(commits[0] == "\(first) Roll out 3 of environment pr-7")
            let web = try await bench.file("environments/pr-7/web.yaml", in: platform)
            #expect(web?.hasPrefix("image: shop@sha256:1\n") == true)
        }
    }

    @Test func `what a roll-out no longer has leaves the folder, and all else stays`()
        async throws
    {
        try await Self.run { bench, release in
            let platform = bench.layout.platform(of: try TenantName(parsing: "acme"))
            try await bench.push("environments/pr-70/web.yaml", "theirs: true\n", to: "acme")
            try await bench.push("environments/pr-7/old.yaml", "old: true\n", to: "acme")
            let rendered = try await bench.gitOps.render(release)
            _ = try await bench.gitOps.write(rendered, of: release, for: Self.job)
            #expect(try await bench.file("environments/pr-7/old.yaml", in: platform) == nil)
            #expect(try await bench.file("environments/pr-7/web.yaml", in: platform) != nil)
            for _ in 1...2 {
                try await bench.gitOps.remove(
                    release.environment,
                    of: release.tenant,
                    for: Self.job
                )
            }
            #expect(try await bench.file("environments/pr-7/web.yaml", in: platform) == nil)
            let others = try await bench.file("environments/pr-70/web.yaml", in: platform)
            #expect(others == "theirs: true\n")
            #expect(try await bench.file("README.md", in: platform) == "# acme\n")
            let subjects = try await bench.commits(in: platform).map { $0.split(separator: " ")[1] }
            #expect(subjects.prefix(2) == ["Remove", "Roll"])
        }
    }

    @Test func `environments that roll out at once all get their commit`() async throws {
        try await Self.run { bench, release in
            let platform = bench.layout.platform(of: try TenantName(parsing: "acme"))
            let before = try await bench.commits(in: platform).count
            let names = (1...8).map { "pr-\($0)" }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for name in names {
                    var release = release
                    release.environment = try EnvironmentName(parsing: name)
                    group.addTask { [release] in
                        let rendered = try await bench.gitOps.render(release)
                        _ = try await bench.gitOps.write(rendered, of: release, for: Self.job)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await bench.commits(in: platform).count == before + names.count)
            for name in names {
                let path = "environments/\(name)/web.yaml"
                #expect(try await bench.file(path, in: platform) != nil)
            }
        }
    }

    @Test func `a revision holds a roll-out when its commit comes after`() async throws {
        try await Self.run { bench, release in
            let rendered = try await bench.gitOps.render(release)
            let commit = try await bench.gitOps.write(rendered, of: release, for: Self.job)
            try await bench.push("notes.md", "more\n", to: "acme")
            let platform = bench.layout.platform(of: try TenantName(parsing: "acme"))
            let all = try await bench.commits(in: platform).map { $0.prefix { $0 != " " } }
            for (revision, isHeld) in [(all[0], true), (all[1], true), (all[2], false)] {
                let holds = try await bench.gitOps.holds(
                    commit,
                    in: "main@sha1:\(revision)",
                    of: release.tenant
                )
                #expect(holds == isHeld)
            }
        }
    }

    @Test func `a template that is not there is refused with those that are`() async throws {
        try await Self.run { bench, release in
            var release = release
            release.content.template = EnvironmentTemplateName("shop")
            await #expect(throws: ProviderFault.self) { try await bench.gitOps.render(release) }
            do throws(ProviderFault) {
                _ = try await bench.gitOps.render(release)
            } catch {
                #expect("\(error)".contains("`shop`; it has `web`"), "\(error)")
            }
        }
    }

    private static func run(
        _ body: @escaping @Sendable (GitOpsBench, EnvironmentRelease) async throws -> Void
    ) async throws {
        try await GitOpsBench.run { bench in
            try await bench.commit(files, tag: "v2.0.0")
            try await bench.refresh()
            let acme = try bench.tenant("acme", version: "2.0.0")
            try await bench.run(.tenantProvision, of: acme, job: 1)
            let made = try #require(try await bench.records.tenant(acme.id))
            let base = try #require(made.repository).baseCommit
            try await body(bench, try release(of: made, at: base))
        }
    }

    private static func release(
        of tenant: Tenant,
        at commit: String
    ) throws -> EnvironmentRelease {
        EnvironmentRelease(
            tenant: tenant.id,
            blueprint: tenant.spec.blueprint.name,
            commit: commit,
            environment: try EnvironmentName(parsing: "pr-7"),
            type: .ephemeral,
            service: try ServiceName(parsing: "shop"),
            number: 3,
            content: DeploymentContent(
                source: EnvironmentSource(pullRequest: 7),
                images: EnvironmentImages([.init(name: "app", reference: "shop@sha256:1")]),
                template: EnvironmentTemplateName("web"),
                parameters: ["replicas": 2]
            ),
            cluster: try ClusterName(parsing: "main"),
            namespace: "e-pr-7",
            host: "pr-7-acme.example.org"
        )
    }

    private static let files = [
        "blueprint.yaml": """
        apiVersion: slipway.dev/v1
        kind: Blueprint
        metadata:
          name: platform
          description: A small platform.
        parameters:
          type: object
          additionalProperties: false
          properties:
            region: {type: string, default: north}
        substitute:
          - README.md
        environments:
          - name: web
            description: A web service.
            path: environments/web
            images: [app]
            parameters:
              type: object
              additionalProperties: false
              properties:
                replicas: {type: integer, default: 1}
            variables:
              REPLICAS: /replicas
            substitute: ["**"]
            url: "https://${HOST}/${SERVICE}"
            outputs:
              namespace: "${NAMESPACE}"

        """,
        "README.md": "# ${TENANT}\n",
        "environments/web/kustomization.yaml": "resources: [web.yaml]\n",
        "environments/web/web.yaml":
            "image: ${IMAGE_APP}\nreplicas: ${REPLICAS}\nhost: ${HOST} #${DEPLOYMENT}\n",
    ]
}
