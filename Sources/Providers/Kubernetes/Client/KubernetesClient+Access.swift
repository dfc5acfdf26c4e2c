package import Domain
import JSON
package import Secrets

/// One thing that somebody may or may not do.
package struct AccessQuestion: Sendable, Hashable {
    /// Such as `get`, `list`, `watch`, `create`, `patch`, `delete`.
    package var verb: String
    /// The API group; empty for core.
    package var group: String
    /// The plural, such as `clusters`.
    package var resource: String
    /// A part of it, such as `token`; nil for the object itself.
    package var subresource: String?
    /// The namespace; nil for all of them.
    package var namespace: String?
    /// One object; nil for all of them.
    package var name: String?

    /// Whether `verb` is allowed on a resource.
    package init(
        _ verb: String,
        group: String = "",
        resource: String,
        subresource: String? = nil,
        namespace: String? = nil,
        name: String? = nil
    ) {
        self.verb = verb
        self.group = group
        self.resource = resource
        self.subresource = subresource
        self.namespace = namespace
        self.name = name
    }
}

/// What a server says to an `AccessQuestion`.
package struct AccessAnswer: Sendable, Equatable {
    /// Whether it is allowed.
    package let isAllowed: Bool
    /// Why; may be empty.
    package let reason: String
}

/// Whom a server takes us for.
package struct ServerIdentity: Sendable, Equatable {
    /// The user's name, such as `system:serviceaccount:slipway:slipway`.
    package let user: String
    /// The user's groups.
    package let groups: [String]
}

/// A token of a service account that ends by itself.
package struct IssuedToken: Sendable {
    /// The token.
    package let token: SecretBytes
    /// When it ends; servers may shorten what was asked for.
    package let expiresAt: Instant
}

extension KubernetesClient {
    /// Whether we may do something.
    package func allowed(
        _ question: AccessQuestion
    ) async throws(KubernetesFault) -> AccessAnswer {
        var attributes = JSONObject()
        attributes["verb"] = .string(question.verb)
        attributes["group"] = .string(question.group)
        attributes["resource"] = .string(question.resource)
        for (name, value) in [
            ("subresource", question.subresource), ("namespace", question.namespace),
            ("name", question.name),
        ] {
            if let value { attributes[name] = .string(value) }
        }
        let status = try await review(
            "selfsubjectaccessreviews",
            group: "authorization.k8s.io",
            kind: "SelfSubjectAccessReview",
            spec: ["resourceAttributes": .object(attributes)]
        )
        let words = [status["reason"]?.string, status["evaluationError"]?.string]
        return AccessAnswer(
            isAllowed: status["allowed"]?.bool ?? false,
            reason: PlainText(words.compactMap { $0 }.joined(separator: " ")).text
        )
    }

    /// Whom the server takes us for (since Kubernetes 1.28).
    package func whoAmI() async throws(KubernetesFault) -> ServerIdentity {
        let status = try await review(
            "selfsubjectreviews",
            group: "authentication.k8s.io",
            kind: "SelfSubjectReview",
            spec: nil
        )
        let info = status["userInfo"]
        return ServerIdentity(
            user: PlainText(info?["username"]?.string ?? "").text,
            groups: (info?["groups"]?.array ?? []).compactMap {
                $0.string.map { PlainText($0).text }
            }
        )
    }

    /// A token for a service account, valid for about `lifetime`: servers take 10 minutes and
    /// more.
    ///
    /// `audiences`: for whom the token is; the server itself where empty.
    ///
    /// - Throws: `.notFound` where there is no such account.
    package func token(
        forAccount name: String,
        namespace: String,
        lifetime: Duration,
        audiences: [String] = []
    ) async throws(KubernetesFault) -> IssuedToken {
        let accounts = try await resource(for: GroupKind(kind: "ServiceAccount"))
        var spec: JSON = ["expirationSeconds": .integer(lifetime.components.seconds)]
        if !audiences.isEmpty {
            spec = spec.merging(patch: ["audiences": .array(audiences.map { .string($0) })])
        }
        let body: JSON = [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec,
        ]
        let request = KubernetesRequest(
            "POST",
            accounts.path(namespace: namespace, name: name, subresource: "token"),
            headers: Self.jsonHeaders,
            body: body.serialized(),
            timeout: limits.timeout
        )
        let status = try await send(Call(request, "create", accounts, "token")).object()["status"]
        guard let token = status?["token"]?.string,
            let end = KubernetesObject.instant(status?["expirationTimestamp"])
        else { throw .malformed(reason: "the API server issued no token") }
        return IssuedToken(token: SecretBytes(token), expiresAt: end)
    }

    /// Reviews are asked with POST but change nothing.
    func review(
        _ plural: String,
        group: String,
        kind: String,
        spec: JSON?
    ) async throws(KubernetesFault) -> JSON {
        var body: JSON = ["apiVersion": .string("\(group)/v1"), "kind": .string(kind)]
        if let spec { body = body.merging(patch: ["spec": spec]) }
        let request = KubernetesRequest(
            "POST",
            "/apis/\(group)/v1/\(plural)",
            headers: Self.jsonHeaders,
            body: body.serialized(),
            timeout: limits.timeout
        )
        let reply = try await send(Call(request, "create", "\(plural).\(group)"))
        guard let status = try reply.object()["status"] else {
            throw .malformed(reason: "the API server gave no verdict")
        }
        return status
    }
}
