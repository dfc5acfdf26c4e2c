import Domain
import JSON

/// `POST` and `PUT`.
struct WriteAnswer {
    let target: APITarget
    private var call: APICall { target.call }
    private var resource: SandboxResource { target.resource }

    init(_ target: APITarget) { self.target = target }

    func post() async throws(SandboxStatus) -> SandboxAnswer {
        if let key = target.key { return try await postPart(of: key) }
        var object = try call.object()
        try fit(&object, name: nil)
        let writing = try call.writing(resource, version: target.place.version)
        let made = try await call.cluster.create(object, writing)
        return SandboxAnswer(201, .object(made.served(as: target.apiVersion).json))
    }

    func put() async throws(SandboxStatus) -> SandboxAnswer {
        guard let key = target.key else {
            throw .noSuchMethod
        }
        var object = try call.object()
        if target.place.subresource == "scale" { return try await scale(key, object) }
        try fit(&object, name: key.name)
        let writing = try call.writing(
            resource,
            version: target.place.version,
            subresource: target.place.subresource
        )
        let wanted = object
        let isFinalizing = target.place.subresource == "finalize"
        let written = try await call.cluster.replace(key, writing) { old throws(SandboxStatus) in
            guard isFinalizing else { return Draft(wanted) }
            var new = old
            new.spec["finalizers"] = wanted.spec["finalizers"] ?? []
            new.metadata["resourceVersion"] = nil
            return Draft(new)
        }
        guard let written else { throw .notFound(resource, key.name) }
        return SandboxAnswer(200, .object(written.served(as: target.apiVersion).json))
    }

    private func scale(
        _ key: SandboxKey,
        _ wanted: SandboxObject
    ) async throws(SandboxStatus) -> SandboxAnswer {
        guard resource.hasScale, let replicas = wanted.spec["replicas"]?.int else {
            throw SandboxStatus(.badRequest, "spec.replicas: a number is expected")
        }
        return try await Self.scale(target, key) { _ in replicas }
    }

    /// Writes the number of replicas alone.
    static func scale(
        _ target: APITarget,
        _ key: SandboxKey,
        to replicas: (SandboxObject) throws(SandboxStatus) -> Int
    ) async throws(SandboxStatus) -> SandboxAnswer {
        let writing = try target.call.writing(target.resource, version: target.place.version)
        let written = try await target.call.cluster.replace(key, writing) {
            old throws(SandboxStatus) in
            var new = old
            new.spec["replicas"] = .integer(try replicas(old))
            new.metadata["resourceVersion"] = nil
            return Draft(new)
        }
        guard let written else { throw .notFound(target.resource, key.name) }
        return SandboxAnswer(200, Scale(written, target.resource).json)
    }

    /// Kind, version, name and namespace of a body must be those of the path, or absent.
    private func fit(_ object: inout SandboxObject, name: String?) throws(SandboxStatus) {
        try Self.fit(&object, target, name: name)
    }

    static func fit(
        _ object: inout SandboxObject,
        _ target: APITarget,
        name: String?
    ) throws(SandboxStatus) {
        let kind = object.kindName ?? target.resource.kind.name
        let version = object.apiVersion ?? target.apiVersion
        guard kind == target.resource.kind.name, version == target.apiVersion else {
            throw SandboxStatus(
                .badRequest,
                "the API version in the data (\(version)) and kind (\(kind)) do not match the "
                    + "expected API version (\(target.apiVersion)) and kind "
                    + "(\(target.resource.kind.name))"
            )
        }
        object.json["kind"] = .string(kind)
        object.json["apiVersion"] = .string(version)
        if let namespace = target.place.namespace {
            guard object.namespace == nil || object.namespace == namespace else {
                throw SandboxStatus(
                    .badRequest,
                    "the namespace of the provided object does not match the namespace sent on "
                        + "the request"
                )
            }
            object.metadata["namespace"] = .string(namespace)
        }
        guard let name else { return }
        guard object.name.isEmpty || object.name == name else {
            throw SandboxStatus(
                .badRequest,
                "the name of the object (\(object.name)) does not match the name on the URL "
                    + "(\(name))"
            )
        }
        object.metadata["name"] = .string(name)
    }

    private func postPart(of key: SandboxKey) async throws(SandboxStatus) -> SandboxAnswer {
        guard target.place.subresource != nil else { throw .noSuchMethod }
        guard let object = try await call.cluster.get(key) else {
            throw .notFound(resource, key.name)
        }
        switch (resource.kind.name, target.place.subresource) {
        case ("ServiceAccount", "token"): return try token(object)
        case ("Pod", "eviction"):
            try await call.cluster.delete(key, uid: object.uid)
            return SandboxAnswer(
                201,
                ["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success"]
            )
        default: throw .noSuchResource
        }
    }

    /// TokenRequest.
    private func token(_ account: SandboxObject) throws(SandboxStatus) -> SandboxAnswer {
        var request = try call.object()
        let seconds = request.spec["expirationSeconds"]?.int ?? 3_600
        guard seconds >= SandboxTokens.secondsMin else {
            var status = SandboxStatus(
                .invalid,
                "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: "
                    + "Invalid value: \(seconds): may not specify a duration less than 10 minutes"
            )
            status.causes = [
                .init(
                    "FieldValueInvalid",
                    "Invalid value: \(seconds): may not specify a duration less than 10 minutes",
                    field: "spec.expirationSeconds"
                )
            ]
            throw status
        }
        var audiences = request.spec["audiences"]?.array?.compactMap(\.string) ?? []
        if audiences.isEmpty { audiences = [SandboxTokens.audience] }
        let now = call.cluster.now
        let made = call.cluster.tokens.account(
            account,
            audiences: audiences,
            from: now,
            for: seconds
        )
        request.json["kind"] = "TokenRequest"
        request.json["apiVersion"] = "authentication.k8s.io/v1"
        request.metadata["name"] = .string(account.name)
        request.metadata["namespace"] = account.namespace.map { .string($0) }
        request.metadata["creationTimestamp"] = .string(now.kubernetesText)
        request.spec["audiences"] = .array(audiences.map { .string($0) })
        request.spec["expirationSeconds"] = .integer(min(seconds, SandboxTokens.secondsMax))
        request.json["status"] = [
            "token": .string(made.token), "expirationTimestamp": .string(made.end.kubernetesText),
        ]
        return SandboxAnswer(201, .object(request.json))
    }
}
