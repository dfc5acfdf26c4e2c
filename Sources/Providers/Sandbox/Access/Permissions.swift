import JSON

/// What somebody wants to do.
struct AccessQuestion: Sendable, Equatable {
    var verb: String
    var group: String
    /// The plural, with `/` and the subresource behind it.
    var resource: String
    var namespace: String?
    var name: String?
}

/// Role-based access control, as far as Slipway and its tenants use it: roles, cluster roles, and
/// their bindings to users, groups and ServiceAccounts.
struct Permissions: Sendable {
    static let group = "rbac.authorization.k8s.io"

    let cluster: SandboxCluster
    let identity: SandboxIdentity

    init(_ cluster: SandboxCluster, _ identity: SandboxIdentity) {
        self.cluster = cluster
        self.identity = identity
    }

    /// Refuses what the caller may not do.
    func demand(
        _ question: AccessQuestion,
        _ resource: SandboxResource
    ) async throws(SandboxStatus) {
        guard try await !allows(question) else { return }
        let place =
            question.namespace.map { "in the namespace \"\($0)\"" } ?? "at the cluster scope"
        throw .forbidden(
            resource,
            question.name ?? "",
            "User \"\(identity.user)\" cannot \(question.verb) resource "
                + "\"\(question.resource)\" in API group \"\(question.group)\" \(place)"
        )
    }

    /// Whether the caller may do that.
    func allows(_ question: AccessQuestion) async throws(SandboxStatus) -> Bool {
        if identity.groups.contains("system:masters") { return true }
        return try await rules(in: question.namespace).contains { $0.allows(question) }
    }

    /// The rules that hold for the caller: of the cluster, and of one namespace.
    func rules(in namespace: String?) async throws(SandboxStatus) -> [AccessRule] {
        if identity.groups.contains("system:masters") { return [.everything] }
        var bindings = try await cluster.list(SandboxKind(Self.group, "ClusterRoleBinding"))
        if let namespace {
            let kind = SandboxKind(Self.group, "RoleBinding")
            bindings += try await cluster.list(kind, namespace: namespace)
        }
        var rules: [AccessRule] = []
        for binding in bindings where isMeant(binding) {
            rules += try await self.rules(of: binding)
        }
        return rules
    }

    private func isMeant(_ binding: SandboxObject) -> Bool {
        (binding.json["subjects"]?.array ?? []).contains { subject in
            let name = subject["name"]?.string ?? ""
            switch subject["kind"]?.string {
            case "User": return name == identity.user
            case "Group": return identity.groups.contains(name)
            case "ServiceAccount":
                let namespace = subject["namespace"]?.string ?? binding.namespace ?? ""
                return identity.user == "system:serviceaccount:\(namespace):\(name)"
            default: return false
            }
        }
    }

    private func rules(of binding: SandboxObject) async throws(SandboxStatus) -> [AccessRule] {
        guard let key = Self.role(of: binding) else { return [] }
        guard let role = try await cluster.get(key) else { return [] }
        return try await rules(of: role, in: cluster)
    }

    /// The rules of a role: its own, or those of every ClusterRole that it selects.
    ///
    /// A Kubernetes writes the latter into the role; here they are looked up when they are asked
    /// for, and what a selected role selects itself is left out.
    func rules(
        of role: SandboxObject,
        in cluster: SandboxCluster
    ) async throws(SandboxStatus) -> [AccessRule] {
        guard let selectors = role.json["aggregationRule"]?["clusterRoleSelectors"]?.array else {
            return role.accessRules
        }
        let wanted = selectors.compactMap { $0["matchLabels"]?.object }.filter { !$0.isEmpty }
        var rules: [AccessRule] = []
        for found in try await cluster.list(SandboxKind(Self.group, "ClusterRole")) {
            let labels = found.json["metadata"]?["labels"]?.object ?? JSONObject()
            let isSelected = wanted.contains { selector in
                selector.allSatisfy { labels[$0.key] == $0.value }
            }
            if isSelected, found.key != role.key { rules += found.accessRules }
        }
        return rules
    }

    /// The role that a binding binds; nil where it names none.
    static func role(of binding: SandboxObject) -> SandboxKey? {
        guard let reference = binding.json["roleRef"], let name = reference["name"]?.string else {
            return nil
        }
        let isOfCluster = reference["kind"]?.string == "ClusterRole"
        let kind = SandboxKind(group, isOfCluster ? "ClusterRole" : "Role")
        return SandboxKey(kind, isOfCluster ? nil : binding.namespace, name)
    }
}

extension SandboxObject {
    /// The rules of a role.
    var accessRules: [AccessRule] { json["rules"]?.array?.map { AccessRule($0) } ?? [] }
}

/// One rule of a role.
struct AccessRule: Sendable {
    let verbs: [String]
    let groups: [String]
    let resources: [String]
    let names: [String]
    let paths: [String]

    /// Allows everything.
    static let everything = AccessRule(["verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]])

    init(_ json: JSON) {
        func texts(_ name: String) -> [String] { json[name]?.array?.compactMap(\.string) ?? [] }
        verbs = texts("verbs")
        groups = texts("apiGroups")
        resources = texts("resources")
        names = texts("resourceNames")
        paths = texts("nonResourceURLs")
    }

    func allows(_ verb: String, onPath path: String) -> Bool {
        (verbs.contains("*") || verbs.contains(verb))
            && paths.contains { $0 == path || $0.hasSuffix("*") && path.hasPrefix($0.dropLast()) }
    }

    func allows(_ question: AccessQuestion) -> Bool {
        (verbs.contains("*") || verbs.contains(question.verb))
            && (groups.contains("*") || groups.contains(question.group))
            && resources.contains { allows($0, question.resource) }
            && (names.isEmpty || question.name.map { names.contains($0) } ?? false)
    }

    private func allows(_ rule: String, _ resource: String) -> Bool {
        if rule == "*" || rule == resource { return true }
        guard rule.hasPrefix("*/"), let slash = resource.firstIndex(of: "/") else { return false }
        return rule.dropFirst(2) == resource[resource.index(after: slash)...]
    }

    /// As reviews have it.
    var json: JSON {
        func list(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
        var object: JSONObject = [
            "verbs": list(verbs), "apiGroups": list(groups), "resources": list(resources),
        ]
        if !names.isEmpty { object["resourceNames"] = list(names) }
        return .object(object)
    }
}
