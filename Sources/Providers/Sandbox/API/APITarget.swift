import JSON

/// What a request is about, once its kind is known.
struct APITarget: Sendable {
    let resource: SandboxResource
    let place: APIPath.Place
    let call: APICall

    /// The version in which objects come and go.
    var apiVersion: String { resource.apiVersion(place.version) }

    /// The object; nil where the request is about all of them.
    var key: SandboxKey? {
        place.name.map { SandboxKey(resource.kind, place.namespace, $0) }
    }

    /// Whether the answer is a watch.
    var isWatch: Bool { call.query.isSet("watch") }

    /// How objects are written by the request.
    var writing: Writing {
        get throws(SandboxStatus) {
            try call.writing(resource, version: place.version, subresource: place.subresource)
        }
    }

    /// What the caller must be allowed to do.
    var question: AccessQuestion {
        AccessQuestion(
            verb: place.verb(of: call.request.method, isWatch: isWatch),
            group: place.group,
            resource: place.subresource.map { "\(place.plural)/\($0)" } ?? place.plural,
            namespace: place.namespace ?? (place.plural == "namespaces" ? place.name : nil),
            name: place.name
        )
    }

    /// Changes the object, and answers its new state.
    func replace(
        _ key: SandboxKey,
        _ change: (SandboxObject) throws(SandboxStatus) -> SandboxObject
    ) async throws(SandboxStatus) -> SandboxAnswer {
        let written = try await call.cluster.replace(key, writing) { old throws(SandboxStatus) in
            Draft(try change(old))
        }
        guard let written else { throw .notFound(resource, key.name) }
        return SandboxAnswer(200, written, self)
    }

    /// Kind, version, name and namespace of a body must be those of the path, or absent.
    func fit(_ object: inout SandboxObject) throws(SandboxStatus) {
        let kind = object.kindName ?? resource.kind.name
        let version = object.apiVersion ?? apiVersion
        guard kind == resource.kind.name, version == apiVersion else {
            throw SandboxStatus(
                .badRequest,
                "the API version in the data (\(version)) and kind (\(kind)) do not match the "
                    + "expected API version (\(apiVersion)) and kind (\(resource.kind.name))"
            )
        }
        object.json["kind"] = .string(kind)
        object.json["apiVersion"] = .string(version)
        if let namespace = place.namespace {
            guard object.namespace == nil || object.namespace == namespace else {
                throw SandboxStatus(
                    .badRequest,
                    "the namespace of the provided object does not match the namespace sent on "
                        + "the request"
                )
            }
            object.metadata["namespace"] = .string(namespace)
        }
        guard let name = place.name else { return }
        guard object.name.isEmpty || object.name == name else {
            let text = "the name of the object (\(object.name)) does not match the name on the URL"
            throw SandboxStatus(.badRequest, "\(text) (\(name))")
        }
        object.metadata["name"] = .string(name)
    }
}

/// The `scale` subresource of a workload.
struct Scale {
    let object: SandboxObject

    init(_ object: SandboxObject) { self.object = object }

    var json: JSON {
        var metadata = JSONObject()
        for field in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            metadata[field] = object.metadata[field]
        }
        let labels = object.spec["selector"]?["matchLabels"]?.object ?? JSONObject()
        let selector = labels.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ",")
        return [
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": .object(metadata),
            "spec": ["replicas": object.spec["replicas"] ?? 0],
            "status": [
                "replicas": object.status["replicas"] ?? 0, "selector": .string(selector),
            ],
        ]
    }

    /// Writes the number of replicas alone.
    static func write(
        _ target: APITarget,
        _ key: SandboxKey,
        to replicas: (SandboxObject) throws(SandboxStatus) -> Int
    ) async throws(SandboxStatus) -> SandboxAnswer {
        guard target.resource.hasScale else { throw .noSuchResource }
        let writing = try target.call.writing(target.resource, version: target.place.version)
        let written = try await target.call.cluster.replace(key, writing) {
            old throws(SandboxStatus) in
            var new = old
            new.spec["replicas"] = .integer(try replicas(old))
            new.metadata["resourceVersion"] = nil
            return Draft(new)
        }
        guard let written else { throw .notFound(target.resource, key.name) }
        return SandboxAnswer(200, Scale(written).json)
    }
}
