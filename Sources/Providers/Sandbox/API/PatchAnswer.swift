import JSON

/// `PATCH`: server-side apply, and the three kinds of patches.
struct PatchAnswer {
    let target: APITarget
    private var call: APICall { target.call }
    private var resource: SandboxResource { target.resource }

    init(_ target: APITarget) { self.target = target }

    func answer() async throws(SandboxStatus) -> SandboxAnswer {
        guard let key = target.key else {
            throw .noSuchMethod
        }
        switch call.contentType {
        case "application/apply-patch+yaml": return try await apply(key)
        case "application/merge-patch+json", "application/json-patch+json":
            return try await patch(key)
        case "application/strategic-merge-patch+json" where resource.isBuiltIn:
            return try await patch(key)
        default:
            throw SandboxStatus(
                .unsupportedMediaType,
                "the body of the request was in an unknown format - accepted media types include: "
                    + "application/json-patch+json, application/merge-patch+json, "
                    + "application/apply-patch+yaml"
            )
        }
    }

    private func apply(_ key: SandboxKey) async throws(SandboxStatus) -> SandboxAnswer {
        guard call.query["fieldManager"] != nil else {
            throw SandboxStatus(
                .invalid,
                "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is "
                    + "required for apply patch"
            )
        }
        guard let body = try call.body(as: "application/apply-patch+yaml").object else {
            throw SandboxStatus(.badRequest, "the applied configuration is no object")
        }
        var object = SandboxObject(body)
        guard object.apiVersion != nil, object.kindName != nil else {
            throw SandboxStatus(
                .badRequest,
                "the applied configuration has no apiVersion and kind"
            )
        }
        try WriteAnswer.fit(&object, target, name: key.name)
        var writing = try call.writing(
            resource,
            version: target.place.version,
            subresource: target.place.subresource
        )
        writing.forces = call.query.isSet("force")
        let applied = try await call.cluster.apply(object, at: key, writing)
        return SandboxAnswer(
            applied.isNew ? 201 : 200,
            .object(applied.object.served(as: target.apiVersion).json)
        )
    }

    private func patch(_ key: SandboxKey) async throws(SandboxStatus) -> SandboxAnswer {
        let type = call.contentType ?? ""
        let patch = try call.body(as: type)
        if target.place.subresource == "scale" {
            return try await WriteAnswer.scale(target, key) { old throws(SandboxStatus) in
                let scale = try patched(Scale(old, resource).json, patch, type)
                return scale["spec"]?["replicas"]?.int ?? 0
            }
        }
        let writing = try call.writing(
            resource,
            version: target.place.version,
            subresource: target.place.subresource
        )
        let written = try await call.cluster.replace(key, writing) { old throws(SandboxStatus) in
            let before = old.served(as: target.apiVersion)
            let result = try patched(.object(before.json), patch, type)
            guard let object = result.object else {
                throw SandboxStatus(.badRequest, "the patch leaves no object")
            }
            var new = SandboxObject(object)
            // Untouched by the patch, it is no precondition.
            if patch["metadata"]?["resourceVersion"] == nil {
                new.metadata["resourceVersion"] = nil
            }
            return Draft(new)
        }
        guard let written else { throw .notFound(resource, key.name) }
        return SandboxAnswer(200, .object(written.served(as: target.apiVersion).json))
    }

    private func patched(
        _ value: JSON,
        _ patch: JSON,
        _ type: String
    ) throws(SandboxStatus) -> JSON {
        switch type {
        case "application/merge-patch+json": return value.merging(patch: patch)
        case "application/json-patch+json": return try JSONPatch(patch).applied(to: value)
        default: return resource.shape.merge(strategic: patch, into: value)
        }
    }
}
