import JSON

/// What the server serves: discovery in both forms, and as much OpenAPI as kubectl asks for.
struct DiscoveryAnswer {
    let call: APICall

    init(_ call: APICall) { self.call = call }

    func answer(_ path: APIPath) async throws(SandboxStatus) -> SandboxAnswer {
        let resources = try await call.cluster.resources() + Self.reviews
        switch path {
        case .core, .groups:
            let form = APIForm(accepting: call.request.header("accept"), discovers: true)
            if case .discovery(let version) = form {
                return aggregated(resources.filter { $0.group.isEmpty == (path == .core) }, version)
            }
            if path == .core {
                return SandboxAnswer(
                    200,
                    ["kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []]
                )
            }
            let groups = Self.versions(resources).filter { !$0.name.isEmpty }
            return SandboxAnswer(
                200,
                [
                    "kind": "APIGroupList", "apiVersion": "v1",
                    "groups": .array(groups.map { .object(Self.group($0.name, $0.versions)) }),
                ]
            )
        case .group(let name):
            guard let found = Self.versions(resources).first(where: { $0.name == name }) else {
                throw .noSuchResource
            }
            var group = Self.group(found.name, found.versions)
            group["kind"] = "APIGroup"
            group["apiVersion"] = "v1"
            return SandboxAnswer(200, .object(group))
        case .resources(let group, let version):
            return try list(resources, group, version)
        case .oldOpenAPI: return OpenAPIText.old
        case .openAPI(let name): return try OpenAPIText(resources).answer(name)
        default: throw .noSuchResource
        }
    }

    /// What can be posted and is kept nowhere.
    private static let reviews: [SandboxResource] = [
        SandboxKind("authorization.k8s.io", "SelfSubjectAccessReview"),
        SandboxKind("authorization.k8s.io", "SelfSubjectRulesReview"),
        SandboxKind("authentication.k8s.io", "SelfSubjectReview"),
    ].map { kind in
        var resource = SandboxResource(
            kind: kind,
            versions: ["v1"],
            plural: kind.name.lowercased() + "s",
            isNamespaced: false
        )
        resource.hasStatus = false
        resource.verbs = ["create"]
        return resource
    }

    /// The groups by name, each with its versions, the preferred one first.
    private static func versions(
        _ resources: [SandboxResource]
    ) -> [(name: String, versions: [String])] {
        var versions: [String: [String]] = [:]
        for resource in resources {
            let known = versions[resource.group] ?? []
            versions[resource.group] = known + resource.versions.filter { !known.contains($0) }
        }
        return versions.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func group(_ name: String, _ versions: [String]) -> JSONObject {
        let list: [JSON] = versions.map { version in
            ["groupVersion": .string("\(name)/\(version)"), "version": .string(version)]
        }
        return ["name": .string(name), "versions": .array(list), "preferredVersion": list[0]]
    }

    private static func texts(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }

    /// A part of objects that is read or written on its own.
    private struct Part {
        var name: String
        var group: String
        var version = "v1"
        var kind: String
        var verbs = ["get", "patch", "update"]
    }

    private static let parts: [SandboxKind: Part] = [
        .serviceAccount: Part(
            name: "token",
            group: "authentication.k8s.io",
            kind: "TokenRequest",
            verbs: ["create"]
        ),
        SandboxKind("Pod"): Part(name: "log", group: "", kind: "Pod", verbs: ["get"]),
        .namespace: Part(name: "finalize", group: "", kind: "Namespace", verbs: ["update"]),
    ]

    private static func parts(of resource: SandboxResource, _ version: String) -> [Part] {
        var parts: [Part] = []
        if resource.hasStatus {
            let kind = resource.kind.name
            parts = [Part(name: "status", group: resource.group, version: version, kind: kind)]
        }
        if resource.hasScale {
            parts.append(Part(name: "scale", group: "autoscaling", kind: "Scale"))
        }
        return parts + (Self.parts[resource.kind].map { [$0] } ?? [])
    }

    /// What both forms say of a kind.
    private func common(_ resource: SandboxResource) -> JSONObject {
        var item: JSONObject = ["verbs": Self.texts(resource.verbs)]
        if !resource.shortNames.isEmpty { item["shortNames"] = Self.texts(resource.shortNames) }
        if !resource.categories.isEmpty { item["categories"] = Self.texts(resource.categories) }
        return item
    }

    private func list(
        _ resources: [SandboxResource],
        _ group: String,
        _ version: String
    ) throws(SandboxStatus) -> SandboxAnswer {
        let served = resources.filter { $0.group == group && $0.versions.contains(version) }
        guard let first = served.first else { throw .noSuchResource }
        var items: [JSON] = []
        for resource in served {
            var item = common(resource)
            item["name"] = .string(resource.plural)
            item["singularName"] = .string(resource.singular)
            item["namespaced"] = .bool(resource.isNamespaced)
            item["kind"] = .string(resource.kind.name)
            items.append(.object(item))
            for part in Self.parts(of: resource, version) {
                items.append([
                    "name": .string("\(resource.plural)/\(part.name)"), "singularName": "",
                    "namespaced": .bool(resource.isNamespaced), "group": .string(part.group),
                    "version": .string(part.version), "kind": .string(part.kind),
                    "verbs": Self.texts(part.verbs),
                ])
            }
        }
        return SandboxAnswer(
            200,
            [
                "kind": "APIResourceList", "apiVersion": "v1",
                "groupVersion": .string(first.apiVersion(version)), "resources": .array(items),
            ]
        )
    }

    private func aggregated(_ resources: [SandboxResource], _ format: String) -> SandboxAnswer {
        let groups: [JSON] = Self.versions(resources).map { name, versions in
            let list: [JSON] = versions.map { version in
                let served = resources.filter {
                    $0.group == name && $0.versions.contains(version)
                }
                return [
                    "version": .string(version), "freshness": "Current",
                    "resources": .array(served.map { described($0, version) }),
                ]
            }
            return [
                "metadata": ["name": .string(name), "creationTimestamp": .null],
                "versions": .array(list),
            ]
        }
        return SandboxAnswer(
            200,
            [
                "kind": "APIGroupDiscoveryList",
                "apiVersion": .string("apidiscovery.k8s.io/\(format)"), "metadata": [:],
                "items": .array(groups),
            ],
            type: "application/json;g=apidiscovery.k8s.io;v=\(format);as=APIGroupDiscoveryList"
        )
    }

    private func described(_ resource: SandboxResource, _ version: String) -> JSON {
        func kind(_ group: String, _ version: String, _ kind: String) -> JSON {
            ["group": .string(group), "version": .string(version), "kind": .string(kind)]
        }
        var item = common(resource)
        item["resource"] = .string(resource.plural)
        item["responseKind"] = kind(resource.group, version, resource.kind.name)
        item["scope"] = resource.isNamespaced ? "Namespaced" : "Cluster"
        item["singularResource"] = .string(resource.singular)
        let parts: [JSON] = Self.parts(of: resource, version).map { part in
            [
                "subresource": .string(part.name),
                "responseKind": kind(part.group, part.version, part.kind),
                "verbs": Self.texts(part.verbs),
            ]
        }
        if !parts.isEmpty { item["subresources"] = .array(parts) }
        return .object(item)
    }
}
