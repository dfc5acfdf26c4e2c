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
        try target.fit(&object)
        return SandboxAnswer(201, try await call.cluster.create(object, target.writing), target)
    }

    func put() async throws(SandboxStatus) -> SandboxAnswer {
        guard let key = target.key else { throw .noSuchMethod }
        var object = try call.object()
        if target.place.subresource == "scale" {
            guard let replicas = object.spec["replicas"]?.int else {
                throw SandboxStatus(.badRequest, "spec.replicas: a number is expected")
            }
            return try await Scale.write(target, key) { _ in replicas }
        }
        try target.fit(&object)
        let wanted = object
        let isFinalizing = target.place.subresource == "finalize"
        return try await target.replace(key) { old throws(SandboxStatus) in
            guard isFinalizing else { return wanted }
            var new = old
            new.spec["finalizers"] = wanted.spec["finalizers"] ?? []
            new.metadata["resourceVersion"] = nil
            return new
        }
    }

    /// TokenRequest is the only part of an object that is made.
    private func postPart(of key: SandboxKey) async throws(SandboxStatus) -> SandboxAnswer {
        guard let part = target.place.subresource else { throw .noSuchMethod }
        guard let object = try await call.cluster.get(key) else {
            throw .notFound(resource, key.name)
        }
        guard resource.kind == .serviceAccount, part == "token" else { throw .noSuchResource }
        return try token(object)
    }

    private func token(_ account: SandboxObject) throws(SandboxStatus) -> SandboxAnswer {
        var request = try call.object()
        let seconds = request.spec["expirationSeconds"]?.int ?? 3_600
        guard seconds >= SandboxTokens.secondsMin else {
            let field = "spec.expirationSeconds"
            let message = "may not specify a duration less than 10 minutes"
            let cause = SandboxStatus.Cause.invalid(field, "Invalid value: \(seconds): \(message)")
            let text = "TokenRequest.authentication.k8s.io \"\" is invalid: \(field): "
            var status = SandboxStatus(.invalid, text + cause.message)
            status.causes = [cause]
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
