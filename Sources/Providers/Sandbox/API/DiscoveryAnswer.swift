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
            return path == .core ? core() : groups(resources)
        case .group(let name):
            guard let versions = Self.versions(resources)[name] else { throw .noSuchResource }
            var group = self.group(name, versions).object ?? JSONObject()
            group["kind"] = "APIGroup"
            group["apiVersion"] = "v1"
            return SandboxAnswer(200, .object(group))
        case .resources(let group, let version):
            return try list(resources, group, version)
        case .oldOpenAPI:
            return OldOpenAPIText().answer(accepting: call.request.header("accept"))
        case .openAPI(let name): return try OpenAPIText(resources).answer(name)
        default: throw .noSuchResource
        }
    }

    /// What can be posted and is kept nowhere.
    private static let reviews: [SandboxResource] = [
        review("authorization.k8s.io", "SelfSubjectAccessReview"),
        review("authorization.k8s.io", "SelfSubjectRulesReview"),
        review("authentication.k8s.io", "SelfSubjectReview"),
    ]

    private static func review(_ group: String, _ kind: String) -> SandboxResource {
        var resource = SandboxResource(
            kind: SandboxKind(group, kind),
            versions: ["v1"],
            plural: kind.lowercased() + "s",
            isNamespaced: false
        )
        resource.hasStatus = false
        return resource
    }

    private static func verbs(_ resource: SandboxResource) -> [JSON] {
        let isReview = reviews.contains { $0.kind == resource.kind }
        return isReview ? ["create"] : SandboxResource.verbs.map { .string($0) }
    }

    /// The versions of each group, the preferred one first.
    private static func versions(_ resources: [SandboxResource]) -> [String: [String]] {
        var versions: [String: [String]] = [:]
        for resource in resources {
            for version in resource.versions
            where !(versions[resource.group]?.contains(version) ?? false) {
                versions[resource.group, default: []].append(version)
            }
        }
        return versions
    }

    private func core() -> SandboxAnswer {
        SandboxAnswer(
            200,
            [
                "kind": "APIVersions", "versions": ["v1"],
                "serverAddressByClientCIDRs": [],
            ]
        )
    }

    private func groups(_ resources: [SandboxResource]) -> SandboxAnswer {
        let groups = Self.versions(resources).filter { !$0.key.isEmpty }
            .sorted { $0.key < $1.key }.map { group($0.key, $0.value) }
        return SandboxAnswer(
            200,
            ["kind": "APIGroupList", "apiVersion": "v1", "groups": .array(groups)]
        )
    }

    private func group(_ name: String, _ versions: [String]) -> JSON {
        let list: [JSON] = versions.map { version in
            ["groupVersion": .string("\(name)/\(version)"), "version": .string(version)]
        }
        return [
            "name": .string(name), "versions": .array(list), "preferredVersion": list[0],
        ]
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
            var item = JSONObject()
            item["name"] = .string(resource.plural)
            item["singularName"] = .string(resource.singular)
            item["namespaced"] = .bool(resource.isNamespaced)
            item["kind"] = .string(resource.kind.name)
            item["verbs"] = .array(Self.verbs(resource))
            item["shortNames"] = Self.texts(resource.shortNames)
            item["categories"] = Self.texts(resource.categories)
            items.append(.object(item))
            for part in Self.parts(of: resource, version) {
                items.append([
                    "name": .string("\(resource.plural)/\(part.name)"), "singularName": "",
                    "namespaced": .bool(resource.isNamespaced), "group": .string(part.group),
                    "version": .string(part.version), "kind": .string(part.kind),
                    "verbs": .array(part.verbs),
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

    private static func texts(_ texts: [String]) -> JSON? {
        texts.isEmpty ? nil : .array(texts.map { .string($0) })
    }

    private struct Part {
        var name: String
        var group: String
        var version: String
        var kind: String
        var verbs: [JSON] = ["get", "patch", "update"]
    }

    private static func parts(of resource: SandboxResource, _ version: String) -> [Part] {
        let kind = resource.kind.name
        var parts: [Part] = []
        if resource.hasStatus, verbs(resource).count > 1 {
            parts.append(Part(name: "status", group: resource.group, version: version, kind: kind))
        }
        if resource.hasScale {
            parts.append(Part(name: "scale", group: "autoscaling", version: "v1", kind: "Scale"))
        }
        guard resource.group.isEmpty else { return parts }
        switch kind {
        case "ServiceAccount":
            parts.append(
                Part(
                    name: "token",
                    group: "authentication.k8s.io",
                    version: "v1",
                    kind: "TokenRequest",
                    verbs: ["create"]
                )
            )
        case "Pod":
            parts.append(Part(name: "log", group: "", version: "v1", kind: "Pod", verbs: ["get"]))
            parts.append(
                Part(
                    name: "eviction",
                    group: "policy",
                    version: "v1",
                    kind: "Eviction",
                    verbs: ["create"]
                )
            )
        case "Namespace":
            parts.append(
                Part(name: "finalize", group: "", version: "v1", kind: kind, verbs: ["update"])
            )
        default: break
        }
        return parts
    }

    private func aggregated(_ resources: [SandboxResource], _ format: String) -> SandboxAnswer {
        let groups = Self.versions(resources).sorted { $0.key < $1.key }.map { name, versions in
            let list: [JSON] = versions.map { version in
                let served = resources.filter {
                    $0.group == name && $0.versions.contains(version)
                }
                return [
                    "version": .string(version),
                    "resources": .array(served.map { described($0, version) }),
                    "freshness": "Current",
                ]
            }
            return [
                "metadata": ["name": .string(name), "creationTimestamp": .null],
                "versions": .array(list),
            ] as JSON
        }
        var answer = SandboxAnswer(
            200,
            [
                "kind": "APIGroupDiscoveryList",
                "apiVersion": .string("apidiscovery.k8s.io/\(format)"), "metadata": [:],
                "items": .array(groups),
            ]
        )
        answer.headers = [
            (
                "content-type",
                "application/json;g=apidiscovery.k8s.io;v=\(format);as=APIGroupDiscoveryList"
            )
        ]
        return answer
    }

    private func described(_ resource: SandboxResource, _ version: String) -> JSON {
        func kind(_ group: String, _ version: String, _ kind: String) -> JSON {
            ["group": .string(group), "version": .string(version), "kind": .string(kind)]
        }
        var item = JSONObject()
        item["resource"] = .string(resource.plural)
        item["responseKind"] = kind(resource.group, version, resource.kind.name)
        item["scope"] = resource.isNamespaced ? "Namespaced" : "Cluster"
        item["singularResource"] = .string(resource.singular)
        item["verbs"] = .array(Self.verbs(resource))
        item["shortNames"] = Self.texts(resource.shortNames)
        item["categories"] = Self.texts(resource.categories)
        let parts: [JSON] = Self.parts(of: resource, version).map { part in
            [
                "subresource": .string(part.name),
                "responseKind": kind(part.group, part.version, part.kind),
                "verbs": .array(part.verbs),
            ]
        }
        if !parts.isEmpty { item["subresources"] = .array(parts) }
        return .object(item)
    }
}
