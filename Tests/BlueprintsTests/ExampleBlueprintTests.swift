import Domain
import Glibc
import JSON
import TestSupport
import Testing

@testable import Blueprints

@Suite struct ExampleBlueprintTests {
    static let versions = ["v1.0.0", "v1.1.0", "v1.2.0", "v1.3.0", "v1.4.0"]

    /// The files of a version: those of the first, replaced and added to by the later ones.
    static func template(_ version: String) throws -> BlueprintTemplate {
        var files: [String: [UInt8]] = [:]
        for step in versions where step <= version {
            for file in Embedded.example where file.path.hasPrefix("\(step)/") {
                files[String(file.path.dropFirst(step.count + 1))] = file.bytes
            }
        }
        let manifest = try BlueprintManifest(parsing: files[BlueprintManifest.path] ?? [])
        return BlueprintTemplate(
            manifest: manifest,
            files: try files.map { path, bytes in
                BlueprintFile(
                    path: try RepositoryPath(parsing: path),
                    mode: "100644",
                    identity: path,
                    content: bytes
                )
            }
        )
    }

    private func render(_ version: String, _ parameters: JSON) throws -> RenderedTree {
        try Self.template(version).render(
            parameters: parameters,
            builtIns: BuiltIns(
                tenant: "acme",
                clusterName: "acme-prod",
                repositoryURL: "https://git.example.com/acme/platform.git",
                blueprint: "platform",
                version: version
            )
        )
    }

    private func text(_ path: String, in tree: RenderedTree) -> String? {
        tree.files.first { $0.path.text == path }.flatMap { file in
            guard case .rendered(let bytes) = file.content else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    @Test(arguments: versions)
    func `every version renders with its defaults`(_ version: String) throws {
        let tree = try render(version, [:])
        #expect(
            tree.files.contains { $0.path.text == "clusters/acme-prod/flux-system/gotk-sync.yaml" }
        )
        #expect(!tree.files.contains { $0.path.text == BlueprintManifest.path })
        #expect(!tree.files.contains { $0.path.text.hasPrefix("offerings/") })
        #expect(tree.parameters["domain"] == "apps.example.com")
        let release = try #require(text("infrastructure/monitoring/release.yaml", in: tree))
        #expect(release.contains(#"retention: "7d""#))
        #expect(release.contains(#"{{ define "slipway.title" }}[{{ .Status | toUpper }}]"#))
        let ingress = try #require(text("infrastructure/ingress-nginx/release.yaml", in: tree))
        #expect(ingress.contains(#"'$remote_addr "$request" $status $request_time'"#))
        #expect(ingress.contains("replicaCount: 2\n"))
    }

    @Test func `a condition takes files out and leaves no trace`() throws {
        let tree = try render("v1.0.0", ["monitoring": ["enabled": false]])
        #expect(tree.removed.map(\.text).contains("infrastructure/monitoring/release.yaml"))
        #expect(!tree.files.contains { $0.path.text.contains("monitoring") })
    }

    @Test func `the second version adds certificates for those who want them`() throws {
        let without = try render("v1.1.0", [:])
        #expect(
            !without.files.contains {
                $0.path.text.contains("cert") || $0.path.text.contains("tls")
            }
        )
        let with = try render(
            "v1.1.0",
            ["certificates": ["enabled": true, "email": "ops@acme.org"]]
        )
        #expect(
            text("infrastructure/certificates/issuer.yaml", in: with)?.contains("ops@acme.org")
                == true
        )
        #expect(!with.files.contains { $0.path.text == "apps/podinfo/ingress.yaml" })
    }

    @Test func `a wrong parameter is refused with its place`() throws {
        let fault = #expect(throws: RenderFault.self) {
            try render("v1.0.0", ["domian": "x.org", "ingressReplicas": 0])
        }
        #expect(
            Set(fault?.findings.compactMap(\.pointer) ?? []) == ["/domian", "/ingressReplicas"]
        )
    }

    @Test func `what is shown as changed is what was filled in`() throws {
        let changes = try render("v1.0.0", [:]).changes()
        let readme = try #require(changes.first { $0.source == "README.md" })
        #expect(readme.kind == .changed)
        #expect(
            readme.difference?.text.contains("-# Platform of ${TENANT}\n+# Platform of acme\n")
                == true
        )
        let moved = try #require(changes.first { $0.source.hasSuffix("gotk-sync.yaml") })
        #expect(moved.kind == .moved)
        #expect(moved.path == "clusters/acme-prod/flux-system/gotk-sync.yaml")
        #expect(!changes.contains { $0.source.hasSuffix("network.yaml") })
    }

    /// The tool lies beside the repository where it is there at all.
    static let validator: String? = {
        let places = [
            "../shared/tools/validate-manifests", "../../shared/tools/validate-manifests",
        ]
        return places.first { (place: String) in access(place, X_OK) == 0 }
    }()

    @Test(
        .enabled(if: validator != nil, "the validator is not beside this repository"),
        arguments: versions
    )
    func `the rendered manifests fit the official schemas`(_ version: String) throws {
        let validator = Self.validator ?? ""
        let everything: JSON = ["certificates": ["enabled": true]]
        let tree = try render(version, version == "v1.0.0" ? [:] : everything)
        let folder = TemporaryDirectory()
        var arguments: [String] = []
        for (number, file) in tree.files.enumerated() where file.path.text.hasSuffix(".yaml") {
            let path = "\(folder.path)/\(number).yaml"
            var bytes: [UInt8] = []
            switch file.content {
            case .rendered(let new): bytes = new
            case .unchanged(let name):
                bytes =
                    try Self.template(version).files.first { $0.path.text == name }?.content ?? []
            }
            let stream = try #require(fopen(path, "w"))
            fwrite(bytes, 1, bytes.count, stream)
            fclose(stream)
            arguments.append(path)
        }
        let output = "\(folder.path)/output"
        let command = "'\(validator)' \(arguments.joined(separator: " ")) >\(output) 2>&1"
        #expect(Glibc.system(command) == 0, "see the output of \(command)")
    }
}
