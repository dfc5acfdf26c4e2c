import Domain
import JSON
import Testing

@testable import Blueprints

@Suite struct EnvironmentBlueprintTests {
    private let web = """
        environments:
          - name: web
            description: A web service.
            path: environments/web
            types: [ephemeral, staging]
            images: [web-app]
            parameters:
              type: object
              properties: {replicas: {type: integer, default: 1, maximum: 3}}
            variables: {REPLICAS: /replicas}
            url: https://${HOST}/
            outputs: {dashboard: "https://grafana/${NAMESPACE}?v=${REVISION_SHORT}"}
            rollout: {deployment: "web-${ENVIRONMENT}", service: web, route: shop}
            defaults: {lifetime: {ttl: 72h}}

        """

    private func manifest(_ text: String) throws -> BlueprintManifest {
        try BlueprintManifest(parsing: Array((BlueprintManifestTests.head + text).utf8))
    }

    private func template() throws -> EnvironmentBlueprint {
        try #require(try manifest(web).environments.first)
    }

    private func files(_ files: [String: String]) throws -> [BlueprintFile] {
        try files.map { path, text in
            BlueprintFile(
                path: try RepositoryPath(parsing: path),
                mode: "100644",
                identity: path,
                content: Array(text.utf8)
            )
        }
    }

    private var values: EnvironmentValues {
        var values = EnvironmentValues(
            environment: "pr-7",
            type: "ephemeral",
            tenant: "acme",
            cluster: "main",
            namespace: "e-pr-7",
            host: "pr-7-acme.example.com"
        )
        values.revision = "0123456789abcdef0123456789abcdef01234567"
        values.images = ["web-app": "registry.example.com/web@sha256:00"]
        return values
    }

    private func findings(_ body: () throws -> Void) -> [String] {
        do {
            try body()
            return []
        } catch let fault as RenderFault {
            return fault.findings.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    @Test func `a template says what it is for and what it takes`() throws {
        let template = try template()
        #expect(template.isFor("staging"))
        #expect(!template.isFor("production"))
        #expect(template.images == ["web-app"])
        #expect(template.defaults["lifetime"]?["ttl"] == "72h")
        #expect(template.takesSubstitution("environments/web/a.yaml"))
        #expect(!template.takesSubstitution("environments/website/a.yaml"))
    }

    @Test func `its files are rendered below the environment, with images and parameters`() throws {
        let rendered = try template().render(
            files([
                "environments/web/app.yaml": "${ENVIRONMENT} ${REPLICAS} ${IMAGE_WEB_APP}",
                "environments/web/sub/${SERVICE:-none}.yaml": "x", "apps/other.yaml": "${NO}",
            ]),
            parameters: ["replicas": 2],
            values: values
        )
        #expect(rendered.tree.files.map(\.path.text) == ["app.yaml", "sub/none.yaml"])
        let text = "pr-7 2 registry.example.com/web@sha256:00"
        #expect(rendered.tree.files.first?.content == .rendered(Array(text.utf8)))
        #expect(rendered.url == "https://pr-7-acme.example.com/")
        #expect(rendered.outputs.map(\.value) == ["https://grafana/e-pr-7?v=0123456"])
        #expect(rendered.rollout?.deployment == "web-pr-7" && rendered.rollout?.route == "shop")
    }

    @Test func `parameters are checked, and unknown variables named with their line`() throws {
        let template = try template()
        let some = try files(["environments/web/app.yaml": "a: 1\nb: ${NOWHERE}\n"])
        let found = findings {
            _ = try template.render(some, parameters: ["replicas": 9, "x": 1], values: values)
        }
        #expect(found.count == 3)
        #expect(found.contains { $0.hasPrefix("app.yaml:2:4: ") && $0.contains("NOWHERE") })
    }

    @Test func `a folder without files is said to be empty`() throws {
        let template = try template()
        let found = findings { _ = try template.render([], parameters: [:], values: values) }
        #expect(
            found == [
                "blueprint.yaml: the environment template `web` has no file in"
                    + " `environments/web/`; add some"
            ]
        )
    }

    @Test func `a tenant's repository has none of a template's files`() throws {
        let blueprint = BlueprintTemplate(
            manifest: try manifest(web),
            files: try files(["environments/web/app.yaml": "${REPLICAS}", "README.md": "x"])
        )
        let builtIns = BuiltIns(
            tenant: "acme",
            clusterName: "acme",
            repositoryURL: "https://h/acme.git",
            blueprint: "p",
            version: "v1"
        )
        let tree = try blueprint.render(parameters: [:], builtIns: builtIns)
        #expect(tree.files.map(\.path.text) == ["README.md"])
    }

    @Test(arguments: [
        ("[{name: Web, path: a}]", "`name` must be 1 to 63"),
        ("[{name: web, path: ../a}]", "`path` must name a folder"),
        ("[{name: web, path: a/}]", "`path` must name a folder"),
        ("[{name: web, path: a, types: [prod]}]", "`prod` is none of"),
        ("[{name: web, path: a, images: [A_B]}]", "`A_B` must be"),
        ("[{name: web, path: a, pth: b}]", "did you mean `path`?"),
        ("[{name: web, path: a}, {name: web, path: b}]", "`web` is there already"),
        ("[{name: web, path: a, variables: {HOST: /x}}]", "`HOST` is built in"),
        ("[{name: web, path: a, images: [x], variables: {IMAGE_X: /x}}]", "`IMAGE_X` is built in"),
        ("[{name: web, path: a, parameters: {type: array}}]", "`parameters` must be"),
        ("[{name: web, path: a, defaults: {ttl: 1h}}]", "`ttl` is not known here"),
        ("[{name: web, path: a, outputs: {x: 1}}]", "`x` must be a text"),
        (
            "[{name: web, path: a, rollout: {service: x}}]",
            "`rollout` names a `deployment`, a `service` and a `route`"
        ),
        ("{}", "`environments` must be a list"), ("[1]", "a template has a `name`"),
    ])
    func `what is wrong is told where it is`(text: String, message: String) {
        let found = findings { _ = try manifest("environments: \(text)\n") }
        #expect(found.contains { $0.contains(message) }, "\(found)")
        #expect(found.allSatisfy { $0.hasPrefix("blueprint.yaml:") })
    }
}
