import JSON

/// As much of OpenAPI v3 as kubectl asks for: which kinds are written where, and with which
/// parameters.
///
/// Objects have no schema.
struct OpenAPIText {
    let resources: [SandboxResource]

    init(_ resources: [SandboxResource]) { self.resources = resources }

    /// The index, or the page of one group and version (`apis/apps/v1`, `api/v1`).
    func answer(_ name: String) throws(SandboxStatus) -> SandboxAnswer {
        guard !name.isEmpty else { return SandboxAnswer(200, index) }
        let served = resources.flatMap { resource in
            resource.versions.map { (resource, $0) }
        }.filter { Self.name($0, $1) == name }
        guard !served.isEmpty else { throw .noSuchResource }
        var paths = JSONObject()
        var schemas = JSONObject()
        for (resource, version) in served {
            let place = resource.isNamespaced ? "/namespaces/{namespace}" : ""
            paths["/\(name)\(place)/\(resource.plural)/{name}"] = path(resource, version)
            schemas["\(resource.group).\(version).\(resource.kind.name)"] = [
                "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                "x-kubernetes-group-version-kind": [kind(resource, version)],
            ]
        }
        return SandboxAnswer(
            200,
            [
                "openapi": "3.0.0",
                "info": ["title": "Slipway sandbox", "version": "v1.34.0"],
                "paths": .object(paths), "components": ["schemas": .object(schemas)],
            ]
        )
    }

    private var index: JSON {
        var paths = JSONObject()
        for resource in resources {
            for version in resource.versions {
                let name = Self.name(resource, version)
                paths[name] = ["serverRelativeURL": .string("/openapi/v3/\(name)")]
            }
        }
        return ["paths": .object(paths)]
    }

    private static func name(_ resource: SandboxResource, _ version: String) -> String {
        resource.group.isEmpty ? "api/\(version)" : "apis/\(resource.group)/\(version)"
    }

    private func kind(_ resource: SandboxResource, _ version: String) -> JSON {
        [
            "group": .string(resource.group), "version": .string(version),
            "kind": .string(resource.kind.name),
        ]
    }

    private func path(_ resource: SandboxResource, _ version: String) -> JSON {
        let parameters: [JSON] = ["dryRun", "fieldManager", "fieldValidation", "force"].map {
            ["name": .string($0), "in": "query", "schema": ["type": "string"]]
        }
        let kind = kind(resource, version)
        let answers: JSON = ["200": ["description": "OK"]]
        return [
            "patch": [
                "x-kubernetes-action": "patch", "x-kubernetes-group-version-kind": kind,
                "parameters": .array(parameters), "responses": answers,
            ]
        ]
    }
}
