import JSON

/// Nobody gives others more rights than they have, unless `escalate` or `bind` lets them.
extension Permissions {
    /// Refuses a role, or a binding to one, with rights that its writer lacks.
    func demandGrant(
        of object: SandboxObject,
        _ resource: SandboxResource,
        isNew: Bool
    ) async throws(SandboxStatus) {
        guard resource.group == Self.group, !identity.groups.contains("system:masters") else {
            return
        }
        let granted: [AccessRule]
        switch resource.plural {
        case "roles", "clusterroles":
            let name = isNew ? nil : object.name
            guard try await !mayGrant("escalate", resource.plural, name, object) else { return }
            // What it is going to select nobody knows, so that only who may do everything makes it.
            let isOpen = object.json["aggregationRule"]?["clusterRoleSelectors"] != nil
            granted = isOpen ? [.everything] : object.accessRules
        case "rolebindings", "clusterrolebindings":
            guard let role = Self.role(of: object) else { return }
            let plural = role.namespace == nil ? "clusterroles" : "roles"
            guard try await !mayGrant("bind", plural, role.name, object) else { return }
            guard let role = try await cluster.get(role) else {
                throw .notFound(resource, role.name)
            }
            granted = try await rules(of: role, in: cluster)
        default: return
        }
        let held = try await rules(in: object.namespace)
        let missing = granted.flatMap(\.parts).filter { part in !held.contains(where: part.isIn) }
        guard !missing.isEmpty else { return }
        let groups = identity.groups.map { "\"\($0)\"" }.joined(separator: " ")
        throw .forbidden(
            resource,
            object.name,
            "user \"\(identity.user)\" (groups=[\(groups)]) is attempting to grant RBAC "
                + "permissions not currently held:\n" + AccessPart.list(missing)
        )
    }

    private func mayGrant(
        _ verb: String,
        _ resource: String,
        _ name: String?,
        _ object: SandboxObject
    ) async throws(SandboxStatus) -> Bool {
        try await allows(
            AccessQuestion(
                verb: verb,
                group: Self.group,
                resource: resource,
                namespace: object.namespace,
                name: name
            )
        )
    }
}

/// The smallest thing that a rule allows: one verb for one resource, or for one path.
struct AccessPart: Sendable {
    /// What the verb is for.
    fileprivate enum Subject: Hashable {
        case resource(String, group: String, name: String?)
        case path(String)

        /// As refusals of Kubernetes name it.
        var text: String {
            switch self {
            case .resource(let resource, let group, let name):
                "APIGroups:[\"\(group)\"], Resources:[\"\(resource)\"]"
                    + (name.map { ", ResourceNames:[\"\($0)\"]" } ?? "")
            case .path(let path): "NonResourceURLs:[\"\(path)\"]"
            }
        }
    }

    fileprivate let subject: Subject
    fileprivate let verb: String

    /// Whether the rule allows it.
    func isIn(_ rule: AccessRule) -> Bool {
        switch subject {
        case .resource(let resource, let group, let name):
            rule.allows(
                AccessQuestion(verb: verb, group: group, resource: resource, name: name)
            )
        case .path(let path): rule.allows(verb, onPath: path)
        }
    }

    /// The parts as a refusal lists them: verbs of one resource together, sorted.
    static func list(_ parts: [AccessPart]) -> String {
        var lines: Set<String> = []
        for (subject, parts) in Dictionary(grouping: parts, by: \.subject) {
            var verbs: [String] = []
            for part in parts where !verbs.contains(part.verb) { verbs.append(part.verb) }
            let isPath = if case .path = subject { true } else { false }
            for verbs in isPath ? verbs.map({ [$0] }) : [verbs] {
                let list = verbs.map { "\"\($0)\"" }.joined(separator: " ")
                lines.insert("{\(subject.text), Verbs:[\(list)]}")
            }
        }
        return lines.sorted().joined(separator: "\n")
    }
}

extension AccessRule {
    /// Everything that the rule allows, one by one.
    fileprivate var parts: [AccessPart] {
        var subjects = paths.map(AccessPart.Subject.path)
        let names = names.isEmpty ? [nil] : names.map(Optional.some)
        for group in groups {
            for resource in resources {
                subjects += names.map { .resource(resource, group: group, name: $0) }
            }
        }
        return subjects.flatMap { subject in
            verbs.map { AccessPart(subject: subject, verb: $0) }
        }
    }
}
