import JSON
import Testing

@testable import Sandbox

/// What a folder of a repository comes to.
@Suite struct KustomizeTests {
    private static let base = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 1
          template:
            spec:
              containers:
                - {name: web, image: "registry.example:5000/web:1"}
                - {name: side, image: side}
        """

    /// An overlay beside its base.
    private static func built(
        _ overlay: String,
        resources: String = "../base"
    ) async throws -> [JSON] {
        let repositories = CommittedFiles()
        let files = [
            "base/kustomization.yaml": "resources: [web.yaml]", "base/web.yaml": base,
            "overlay/kustomization.yaml": "resources: [\(resources)]\n\(overlay)",
        ]
        repositories.commit(files, to: FluxTrial.acmeURL)
        let commit = try #require(try await repositories.head(of: FluxTrial.acmeURL, at: "main"))
        let builder = FolderBuilder(repositories)
        return try await builder.build("./overlay", of: FluxTrial.acmeURL, at: commit).manifests
    }

    @Test func `an overlay changes what its base has`() async throws {
        let manifests = try await Self.built(
            """
            namespace: shop
            labels: [{pairs: {tier: front}}]
            images: [{name: "registry.example:5000/web", newTag: "2"}]
            patches:
              - patch: |
                  apiVersion: apps/v1
                  kind: Deployment
                  metadata: {name: web}
                  spec:
                    template:
                      spec: {containers: [{name: side, image: "side:3"}]}
              - target: {kind: Deployment, name: "w.*"}
                patch: "[{op: replace, path: /spec/replicas, value: 4}]"
            """
        )
        let web = try #require(manifests.first)
        #expect(web["metadata"]?["namespace"] == "shop")
        #expect(web["metadata"]?["labels"]?["tier"] == "front")
        #expect(web["spec"]?["replicas"] == 4)
        let containers = web["spec"]?["template"]?["spec"]?["containers"]
        #expect(containers?[0]?["image"] == "registry.example:5000/web:2")
        #expect(containers?[1]?["image"] == "side:3")
        #expect(containers?[2] == nil)
    }

    @Test(arguments: [
        ("../base", "secretGenerator: [{name: x}]", "does not play `secretGenerator`"),
        ("../../outside", "", "resource '../../outside' is outside of the repository"),
        ("../none", "", "./none: no such file or directory"),
        ("../overlay", "", "./overlay: folders refer to each other without an end"),
        ("../base", "patches: [{path: none.yaml}]", "./overlay/none.yaml: no such file"),
    ])
    func `what cannot be built is named`(
        resources: String,
        overlay: String,
        message: String
    ) async throws {
        let fault = await #expect(throws: BuildFault.self) {
            _ = try await Self.built(overlay, resources: resources)
        }
        #expect(fault?.message.contains(message) == true, "\(fault?.message ?? "-")")
    }

    @Test(arguments: [
        ("${A}", JSON.string("web")), ("${N}", 3), ("x-${N}", "x-3"), ("${B:=two}", "two"),
        ("${B}", ""), ("${A:0:2}", "we"), ("plain", "plain"),
    ])
    func `variables become what their values are in YAML`(text: String, value: JSON) throws {
        let filled = try PostBuild(values: ["A": "web", "N": "3"]).filled(["v": .string(text)])
        #expect(filled["v"] == value)
    }
}
