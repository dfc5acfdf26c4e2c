import JSON

/// What an AppProject of Argo CD lets its Applications apply, and where.
///
/// The project `default`, which nobody has to write, lets them apply everything.
struct ProjectFence: Sendable {
    private let spec: JSONObject
    private let name: String
    private let destination: JSON?

    /// The fence of an Application; nil for none.
    ///
    /// - Throws: `.badRequest` where the project is not there.
    init?(of application: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        let name = application.spec["project"]?.string ?? "default"
        guard name != "default" else { return nil }
        let kind = SandboxKind("argoproj.io", "AppProject")
        let key = SandboxKey(kind, application.namespace, name)
        guard let project = try await scene.cluster.get(key) else {
            throw SandboxStatus(
                .badRequest,
                "Application referencing project \(name) which does not exist"
            )
        }
        self.name = name
        spec = project.spec
        destination = application.spec["destination"]
    }

    /// Why an object may not be applied; nil where it may.
    func refusal(of key: SandboxKey, _ resource: SandboxResource) -> String? {
        let place = "resource \(resource.group):\(key.kind.name) is not permitted in project "
        guard let namespace = key.namespace else {
            return lists("clusterResourceWhitelist", key.kind) ? nil : place + name
        }
        let allowed = "namespaceResourceWhitelist"
        if lists("namespaceResourceBlacklist", key.kind)
            || spec[allowed]?.array?.isEmpty == false && !lists(allowed, key.kind)
        {
            return place + name
        }
        let isAllowed = (spec["destinations"]?.array ?? []).contains { allowed in
            matches(allowed["namespace"], namespace)
                && (destination?["name"] == nil
                    ? matches(allowed["server"], destination?["server"]?.string ?? "")
                    : matches(allowed["name"], destination?["name"]?.string ?? ""))
        }
        return isAllowed ? nil : "namespace \(namespace) is not permitted in project '\(name)'"
    }

    private func lists(_ field: String, _ kind: SandboxKind) -> Bool {
        (spec[field]?.array ?? []).contains { entry in
            matches(entry["group"], kind.group) && matches(entry["kind"], kind.name)
        }
    }

    private func matches(_ pattern: JSON?, _ text: String) -> Bool {
        guard let pattern = pattern?.string else { return false }
        guard pattern.hasSuffix("*") else { return pattern == text }
        return text.hasPrefix(pattern.dropLast())
    }
}
