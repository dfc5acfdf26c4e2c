import JSON

/// As much of OpenAPI as kubectl asks for: which kinds are written where, and with which
/// parameters.
///
/// Objects have no schema.
struct OpenAPIText {
    private static let title = "Slipway sandbox"

    let resources: [SandboxResource]

    init(_ resources: [SandboxResource]) { self.resources = resources }

    /// Version 3: the index, or the page of one group and version (`apis/apps/v1`, `api/v1`).
    func answer(_ name: String) throws(SandboxStatus) -> SandboxAnswer {
        let all = resources.flatMap { resource in resource.versions.map { (resource, $0) } }
        guard !name.isEmpty else {
            var paths = JSONObject()
            for (resource, version) in all {
                let name = resource.root(version)
                paths[name] = ["serverRelativeURL": .string("/openapi/v3/\(name)")]
            }
            return SandboxAnswer(200, ["paths": .object(paths)])
        }
        let served = all.filter { $0.root($1) == name }
        guard !served.isEmpty else { throw .noSuchResource }
        var paths = JSONObject()
        var schemas = JSONObject()
        for (resource, version) in served {
            let kind: JSON = [
                "group": .string(resource.group), "version": .string(version),
                "kind": .string(resource.kind.name),
            ]
            let place = resource.isNamespaced ? "/namespaces/{namespace}" : ""
            paths["/\(name)\(place)/\(resource.plural)/{name}"] = [
                "patch": [
                    "x-kubernetes-action": "patch", "x-kubernetes-group-version-kind": kind,
                    "parameters": Self.parameters, "responses": ["200": ["description": "OK"]],
                ]
            ]
            schemas["\(resource.group).\(version).\(resource.kind.name)"] = [
                "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                "x-kubernetes-group-version-kind": [kind],
            ]
        }
        return SandboxAnswer(
            200,
            [
                "openapi": "3.0.0", "info": ["title": .string(Self.title), "version": "v1"],
                "paths": .object(paths), "components": ["schemas": .object(schemas)],
            ]
        )
    }

    private static let parameters: JSON = .array(
        ["dryRun", "fieldManager", "fieldValidation", "force"].map {
            ["name": .string($0), "in": "query", "schema": ["type": "string"]]
        }
    )

    /// Version 2, for kubectl before 1.27, which asks for it before it applies anything and takes
    /// it as protobuf alone: a document that describes no kind, so that nothing is refused by it.
    static var old: SandboxAnswer {
        // openapi.v2.Document: swagger = 1, info = 2 {title = 1, version = 2}, paths = 8.
        let info = field(1, Array(title.utf8)) + field(2, Array("v1".utf8))
        return SandboxAnswer(
            status: 200,
            headers: [
                ("content-type", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
            ],
            body: .bytes(field(1, Array("2.0".utf8)) + field(2, info) + field(8, []))
        )
    }

    /// A length-delimited field of fewer than 128 bytes.
    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        [number << 3 | 2, UInt8(bytes.count)] + bytes
    }
}
