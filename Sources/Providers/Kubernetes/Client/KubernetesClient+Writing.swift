package import JSON

/// What a changing call left behind.
package struct Written: Sendable {
    /// The object as the server now has it.
    package let object: KubernetesObject
    /// Whether it was not there before.
    package let isCreated: Bool
    /// What the server remarked, such as a version that is going to be removed.
    package let warnings: [String]
}

extension KubernetesClient {
    /// Server-side apply: makes the fields in `manifest` what they are there, and creates the
    /// object where it is not.
    ///
    /// Fields left out that the manager set before go away.
    ///
    /// `manifest`: one object as YAML or JSON, without `metadata.managedFields`.
    ///
    /// `version`: the version in which it is written, such as `v1beta2`.
    ///
    /// `manager`: who sets the fields: one name for each logical writer.
    ///
    /// `force`: takes fields over from other managers.
    ///
    /// `dryRun`: asks for everything but the change.
    ///
    /// - Throws: `.owned` with the fields of other managers; `.invalid` also for unknown fields.
    package func apply(
        _ manifest: [UInt8],
        key: ObjectKey,
        version: String,
        manager: String = KubernetesClient.manager,
        force: Bool = false,
        dryRun: Bool = false
    ) async throws(KubernetesFault) -> Written {
        try await addressing(key.kind, version: version) { resource throws(KubernetesFault) in
            var query = Self.strict(manager, dryRun: dryRun)
            query.append(("force", force ? "true" : "false"))
            let request = KubernetesRequest(
                "PATCH",
                try resource.path(to: key),
                query: query,
                headers: [
                    ("content-type", "application/apply-patch+yaml"),
                    ("accept", "application/json"),
                ],
                body: manifest,
                timeout: limits.timeout
            )
            return try await written(Call(request, "patch", resource, nil), resource)
        }
    }

    /// Server-side apply of an object at hand; key and version are its own.
    package func apply(
        _ object: JSONObject,
        manager: String = KubernetesClient.manager,
        force: Bool = false,
        dryRun: Bool = false
    ) async throws(KubernetesFault) -> Written {
        let wish = try KubernetesObject(object)
        return try await apply(
            ApplyBody.bytes(of: .object(object)),
            key: wish.key,
            version: wish.version,
            manager: manager,
            force: force,
            dryRun: dryRun
        )
    }

    /// Creates an object.
    ///
    /// Done twice it is there already: prefer `apply`.
    ///
    /// - Throws: `.alreadyExists`.
    package func create(
        _ object: JSONObject,
        manager: String = KubernetesClient.manager,
        dryRun: Bool = false
    ) async throws(KubernetesFault) -> Written {
        let wish = try KubernetesObject(object)
        let (key, version) = (wish.key, wish.version)
        return try await addressing(key.kind, version: version) {
            resource throws(KubernetesFault) in
            let request = KubernetesRequest(
                "POST",
                resource.path(namespace: key.namespace),
                query: Self.strict(manager, dryRun: dryRun),
                headers: Self.jsonHeaders,
                body: JSON.object(object).serialized(),
                timeout: limits.timeout
            )
            return try await written(Call(request, "create", resource, nil), resource)
        }
    }

    /// Changes what `patch` names by RFC 7396; lists are replaced.
    ///
    /// `subresource`: the part that is changed, such as `status` or `scale`.
    ///
    /// - Throws: `.modified` where the patch names a `metadata.resourceVersion` that is not
    ///   current.
    package func mergePatch(
        _ key: ObjectKey,
        _ patch: JSON,
        subresource: String? = nil,
        manager: String = KubernetesClient.manager,
        dryRun: Bool = false
    ) async throws(KubernetesFault) -> Written {
        try await addressing(key.kind) { resource throws(KubernetesFault) in
            let request = KubernetesRequest(
                "PATCH",
                try resource.path(to: key, subresource: subresource),
                query: Self.strict(manager, dryRun: dryRun),
                headers: [
                    ("content-type", "application/merge-patch+json"),
                    ("accept", "application/json"),
                ],
                body: patch.serialized(),
                timeout: limits.timeout
            )
            return try await written(Call(request, "patch", resource, subresource), resource)
        }
    }

    static let jsonHeaders: [(name: String, value: String)] = [
        ("content-type", "application/json"), ("accept", "application/json"),
    ]

    private static func strict(
        _ manager: String,
        dryRun: Bool
    ) -> [(name: String, value: String)] {
        var query = [(name: "fieldManager", value: manager), ("fieldValidation", "Strict")]
        if dryRun { query.append(("dryRun", "All")) }
        return query
    }

    private func written(
        _ call: Call,
        _ resource: APIResource
    ) async throws(KubernetesFault) -> Written {
        let reply = try await send(call)
        return Written(
            object: try reply.kubernetesObject(of: resource),
            isCreated: reply.status == 201,
            warnings: reply.warnings
        )
    }
}
