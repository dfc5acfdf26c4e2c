import JSON

/// `PATCH`: server-side apply, and the three kinds of patches.
struct PatchAnswer {
    let target: APITarget
    private var call: APICall { target.call }
    private var resource: SandboxResource { target.resource }

    init(_ target: APITarget) { self.target = target }

    func answer() async throws(SandboxStatus) -> SandboxAnswer {
        guard let key = target.key else { throw .noSuchMethod }
        switch call.contentType {
        case "application/apply-patch+yaml": return try await apply(key)
        case "application/merge-patch+json", "application/json-patch+json":
            return try await patch(key)
        case "application/strategic-merge-patch+json" where resource.isBuiltIn:
            return try await patch(key)
        default:
            throw .unsupported(
                "application/json-patch+json",
                "application/merge-patch+json",
                "application/apply-patch+yaml"
            )
        }
    }

    private func apply(_ key: SandboxKey) async throws(SandboxStatus) -> SandboxAnswer {
        guard call.query["fieldManager"] != nil else {
            let reason = "Required value: is required for apply patch"
            throw .badOption("PatchOptions", "fieldManager: \(reason)")
        }
        var object = try call.object()
        guard object.apiVersion != nil, object.kindName != nil else {
            let text = "the applied configuration has no apiVersion and kind"
            throw SandboxStatus(.badRequest, text)
        }
        try target.fit(&object)
        var writing = try target.writing
        writing.forces = call.query.isSet("force")
        let applied = try await call.cluster.apply(object, at: key, writing)
        return SandboxAnswer(applied.isNew ? 201 : 200, applied.object, target)
    }

    private func patch(_ key: SandboxKey) async throws(SandboxStatus) -> SandboxAnswer {
        let patch = try call.body()
        if target.place.subresource == "scale" {
            return try await Scale.write(target, key) { old throws(SandboxStatus) in
                let scale = try patched(Scale(old).json, patch)
                return scale["spec"]?["replicas"]?.int ?? 0
            }
        }
        return try await target.replace(key) { old throws(SandboxStatus) in
            let before = old.served(as: target.apiVersion)
            guard let object = try patched(.object(before.json), patch).object else {
                throw SandboxStatus(.badRequest, "the patch leaves no object")
            }
            var new = SandboxObject(object)
            // Untouched by the patch, it is no precondition.
            if patch["metadata"]?["resourceVersion"] == nil {
                new.metadata["resourceVersion"] = nil
            }
            return new
        }
    }

    private func patched(_ value: JSON, _ patch: JSON) throws(SandboxStatus) -> JSON {
        switch call.contentType {
        case "application/merge-patch+json": return value.merging(patch: patch)
        case "application/json-patch+json": return try JSONPatch(patch).applied(to: value)
        default: return resource.shape.merge(strategic: patch, into: value)
        }
    }
}
