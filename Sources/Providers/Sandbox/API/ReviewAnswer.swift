import Domain
import JSON

/// Questions about oneself, which are posted like objects and kept nowhere.
struct ReviewAnswer {
    let call: APICall

    init(_ call: APICall) { self.call = call }

    /// The answer; nil where the path names something else.
    func answer(_ place: APIPath.Place) async throws(SandboxStatus) -> SandboxAnswer? {
        guard place.name == nil, call.request.method == "POST" else { return nil }
        switch (place.group, place.plural) {
        case ("authorization.k8s.io", "selfsubjectaccessreviews"): return try await access()
        case ("authorization.k8s.io", "selfsubjectrulesreviews"): return try await rules()
        case ("authentication.k8s.io", "selfsubjectreviews"): return try me()
        default: return nil
        }
    }

    private func access() async throws(SandboxStatus) -> SandboxAnswer {
        let object = try call.object()
        guard let wanted = object.spec["resourceAttributes"] else {
            return reviewed(object, ["allowed": true])
        }
        func text(_ field: String) -> String? {
            wanted[field]?.string.flatMap { $0.isEmpty ? nil : $0 }
        }
        let plural = text("resource") ?? ""
        let question = AccessQuestion(
            verb: text("verb") ?? "",
            group: text("group") ?? "",
            resource: text("subresource").map { "\(plural)/\($0)" } ?? plural,
            namespace: text("namespace"),
            name: text("name")
        )
        let isAllowed = try await Permissions(call.cluster, call.identity).allows(question)
        return reviewed(object, ["allowed": .bool(isAllowed)])
    }

    private func rules() async throws(SandboxStatus) -> SandboxAnswer {
        let object = try call.object()
        let namespace = object.spec["namespace"]?.string
        let rules = try await Permissions(call.cluster, call.identity).rules(in: namespace)
        let open: JSON = [
            "verbs": ["get"], "nonResourceURLs": ["/api", "/apis", "/healthz", "/version"],
        ]
        return reviewed(
            object,
            [
                "resourceRules": .array(rules.filter { !$0.resources.isEmpty }.map(\.json)),
                "nonResourceRules": [open], "incomplete": false,
            ]
        )
    }

    private func me() throws(SandboxStatus) -> SandboxAnswer {
        var user: JSONObject = ["username": .string(call.identity.user)]
        if let uid = call.identity.account?.uid { user["uid"] = .string(uid) }
        user["groups"] = .array(call.identity.groups.map { .string($0) })
        return reviewed(try call.object(), ["userInfo": .object(user)])
    }

    private func reviewed(_ object: SandboxObject, _ status: JSON) -> SandboxAnswer {
        var object = object
        object.metadata["creationTimestamp"] = .string(call.cluster.now.kubernetesText)
        object.json["status"] = status
        return SandboxAnswer(201, .object(object.json))
    }
}
