import Contract
import Domain
import JSON
import TestSupport
import Testing
import YAML

@testable import Blueprints

/// The templates `web` and `web-canary` of the example.
@Suite struct ExampleEnvironmentTests {
    private static let digest =
        "registry.example.com/shop@sha256:\(String(repeating: "0", count: 64))"

    private static var values: EnvironmentValues {
        var values = EnvironmentValues(
            environment: "pr-7",
            type: "ephemeral",
            tenant: "acme",
            cluster: "main",
            namespace: "e-pr-7",
            host: "pr-7.acme.env.localhost"
        )
        values.images = ["app": digest]
        return values
    }

    private func render(
        _ values: EnvironmentValues = values,
        _ parameters: JSON = [:],
        of name: String = "web"
    ) throws -> (objects: [String: JSON], rendered: RenderedEnvironment) {
        let blueprint = try ExampleBlueprintTests.template("v1.4.0")
        let web = try #require(blueprint.manifest.environments.first { $0.name == name })
        let rendered = try web.render(blueprint.files, parameters: parameters, values: values)
        var objects: [String: JSON] = [:]
        for file in rendered.tree.files {
            guard case .rendered(let bytes) = file.content else { continue }
            for object in try YAML.documents(bytes).map(\.value) {
                objects[object["kind"]?.string ?? ""] = object
            }
        }
        return (objects, rendered)
    }

    /// Where others judge it: the objects, and a pod as the Deployment makes it.
    private func dump(_ objects: [String: JSON], as name: String) throws {
        var pod = try #require(objects["Deployment"]?["spec"]?["template"])
        pod = pod.merging(patch: [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": ["name": "web-pr-7-0", "namespace": "e-pr-7"],
        ])
        let all = Array(objects.values) + [pod]
        ManifestDump.write(
            all.sorted { ($0["kind"]?.string ?? "") < ($1["kind"]?.string ?? "") }.map { object in
                Manifest(
                    apiVersion: object["apiVersion"]?.string ?? "",
                    kind: object["kind"]?.string ?? "",
                    namespace: "e-pr-7",
                    name: object["metadata"]?["name"]?.string ?? "",
                    part: .part,
                    fileName: "\(object["kind"]?.string ?? "").yaml",
                    bytes: YAML.text(object)
                )
            },
            as: name
        )
    }

    @Test func `a database that is ordered as db gives the pods its credential`() throws {
        var values = Self.values
        func secret() throws -> JSON? {
            let pod = try render(values).objects["Deployment"]?["spec"]?["template"]?["spec"]
            return pod?["containers"]?[0]?["envFrom"]?[0]?["secretRef"]
        }
        #expect(try secret()?["optional"] == true, "Without one the pods start as well.")
        values.dependencies = ["DEPENDENCY_DB_SECRET": "pr-7-db-env"]
        #expect(try secret()?["name"] == "pr-7-db-env")
    }

    @Test func `the host leads to the service and the service to the pods`() throws {
        var values = Self.values
        values.service = "shop"
        values.revision = "0123456789abcdef0123456789abcdef01234567"
        let (objects, rendered) = try render(values, ["replicas": 2, "port": 9898])
        #expect(rendered.url == "http://pr-7.acme.env.localhost/")
        #expect(rendered.outputs.first?.value == "web-pr-7")
        let rule = objects["Ingress"]?["spec"]?["rules"]?[0]
        #expect(rule?["host"] == "pr-7.acme.env.localhost")
        let backend = rule?["http"]?["paths"]?[0]?["backend"]?["service"]
        let service = try #require(objects["Service"])
        #expect(backend?["name"] == service["metadata"]?["name"])
        #expect(backend?["port"]?["name"] == service["spec"]?["ports"]?[0]?["name"])
        let deployment = objects["Deployment"]?["spec"]
        let labels = deployment?["template"]?["metadata"]?["labels"]
        #expect(service["spec"]?["selector"] == deployment?["selector"]?["matchLabels"])
        for label in service["spec"]?["selector"]?.object ?? [:] {
            #expect(labels?[label.key] == label.value)
        }
        #expect(labels?["slipway.dev/revision"]?.string == values.revision)
        #expect(labels?["app.kubernetes.io/name"] == "shop")
        let container = deployment?["template"]?["spec"]?["containers"]?[0]
        #expect(container?["image"]?.string == Self.digest)
        #expect(container?["ports"]?[0]?["containerPort"] == 9898)
        #expect(deployment?["replicas"] == 2)
        try dump(objects, as: "environment-web-named")
    }

    @Test func `what a caller leaves out makes whole objects nevertheless`() throws {
        let (objects, _) = try render()
        #expect(Set(objects.keys) == ["Deployment", "Service", "Ingress"])
        let name = objects["Deployment"]?["metadata"]?["labels"]?["app.kubernetes.io/name"]
        #expect(name == "web")
        try dump(objects, as: "environment-web-plain")
    }

    @Test func `a canary finds the route that leads to the service`() throws {
        let (objects, rendered) = try render(of: "web-canary")
        #expect(Set(objects.keys) == ["Deployment", "Service", "Gateway", "HTTPRoute"])
        let route = try #require(objects["HTTPRoute"])
        let backend = route["spec"]?["rules"]?[0]?["backendRefs"]?[0]
        let service = try #require(objects["Service"])
        #expect(backend?["name"] == service["metadata"]?["name"])
        #expect(backend?["port"] == service["spec"]?["ports"]?[0]?["port"])
        let gateway = try #require(objects["Gateway"])
        #expect(route["spec"]?["parentRefs"]?[0]?["name"] == gateway["metadata"]?["name"])
        #expect(route["spec"]?["hostnames"]?[0] == "pr-7.acme.env.localhost")
        let split = try #require(rendered.rollout)
        #expect(split.route == route["metadata"]?["name"]?.string)
        #expect(split.service == service["metadata"]?["name"]?.string)
        #expect(split.deployment == objects["Deployment"]?["metadata"]?["name"]?.string)
        try dump(objects, as: "environment-web-canary")
    }

    @Test func `an image must be named, and parameters keep their limits`() throws {
        var values = Self.values
        values.images = [:]
        let unnamed = #expect(throws: RenderFault.self) { try render(values) }
        #expect(unnamed?.findings.first?.message.contains("IMAGE_APP") == true)
        let wrong = #expect(throws: RenderFault.self) {
            try render(Self.values, ["replicas": 10, "healthPath": "\"\nevil: 1"])
        }
        #expect(Set(wrong?.findings.compactMap(\.pointer) ?? []) == ["/replicas", "/healthPath"])
    }

    @Test func `a tenant's repository holds no template`() throws {
        let blueprint = try ExampleBlueprintTests.template("v1.4.0")
        let tree = try blueprint.render(
            parameters: [:],
            builtIns: BuiltIns(
                tenant: "acme",
                clusterName: "acme",
                repositoryURL: "https://git.example.com/acme/platform.git",
                blueprint: "platform",
                version: "v1.4.0"
            )
        )
        #expect(!tree.files.contains { $0.path.text.hasPrefix("environments/") })
    }
}
