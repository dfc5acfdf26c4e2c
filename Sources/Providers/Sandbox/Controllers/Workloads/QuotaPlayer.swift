import JSON

/// Plays the quota controller: what of each limit is used.
struct QuotaPlayer: Player {
    let name = "resourcequota-controller"
    let kind = SandboxKind.quota
    private static let counted: [String: SandboxKind] = [
        "persistentvolumeclaims": .claim, "services": .service, "secrets": .secret,
        "configmaps": .configMap, "services.loadbalancers": .service,
        "services.nodeports": .service, "count/secrets": .secret, "count/configmaps": .configMap,
        "count/services": .service, "count/persistentvolumeclaims": .claim,
        "count/jobs.batch": .job, "count/deployments.apps": .deployment,
    ]
    /// The only type of Service that a limit counts.
    private static let types = [
        "services.loadbalancers": "LoadBalancer", "services.nodeports": "NodePort",
    ]

    var others: [SandboxKind] { [.pod, .claim, .service] }
    func keys(for change: SandboxChange) -> [SandboxKey] { [all(in: change.object.namespace)] }

    func play(_ quota: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        guard !quota.isDeleting else { return }
        let use = QuotaUse(quota)
        let pods = try await scene.cluster.list(.pod, namespace: quota.namespace)
        var used = JSONObject()
        for (name, limit) in use.hard {
            var amount = use.used(name, by: pods)
            if amount == nil, let kind = Self.counted[name] {
                let type = Self.types[name]
                let objects = try await scene.cluster.list(kind, namespace: quota.namespace)
                amount = Double(
                    objects.count { type == nil || $0.spec["type"]?.string == type }
                )
            }
            used[name] = .string(Quantities.text(amount ?? 0, like: limit))
        }
        let report = used
        try await scene.report(quota) { quota in
            quota.status["hard"] = quota.spec["hard"]
            quota.status["used"] = .object(report)
        }
    }
}

/// What a ResourceQuota counts.
struct QuotaUse {
    let quota: SandboxObject

    init(_ quota: SandboxObject) { self.quota = quota }

    /// The limits, by name.
    var hard: [(name: String, limit: String)] {
        (quota.spec["hard"]?.object ?? JSONObject()).map { ($0.key, $0.value.amount) }
    }

    /// What the pods use of a limit; nil for limits that are not about pods.
    func used(_ name: String, by pods: [SandboxObject]) -> Double? {
        let alive = pods.filter { pod in
            !["Succeeded", "Failed"].contains(pod.status["phase"]?.string ?? "") && counts(pod)
        }
        if name == "pods" || name == "count/pods" { return Double(alive.count) }
        let parts = name.split(separator: ".").map(String.init)
        let part = parts.count == 2 ? parts[0] : "requests"
        guard let resource = parts.last, ["requests", "limits"].contains(part),
            ["cpu", "memory", "ephemeral-storage"].contains(resource)
        else { return nil }
        return alive.reduce(0) { $0 + $1.requested(part, resource) }
    }

    /// Whether the pod is one of those that the quota is about; of scopes only this one is played.
    private func counts(_ pod: SandboxObject) -> Bool {
        let scopes = quota.spec["scopeSelector"]?["matchExpressions"]?.array ?? []
        return scopes.allSatisfy { scope in
            guard scope["scopeName"] == "PriorityClass", scope["operator"] == "In" else {
                return true
            }
            let name = pod.spec["priorityClassName"]?.string ?? ""
            return (scope["values"]?.array ?? []).contains(.string(name))
        }
    }

    /// Why one more pod is too much, as the API server words it; nil where it is not.
    func excess(adding pod: SandboxObject, to pods: [SandboxObject]) -> String? {
        var asked: [String] = []
        var used: [String] = []
        var limited: [String] = []
        for (name, limit) in hard {
            guard let before = self.used(name, by: pods), let more = self.used(name, by: [pod]),
                let bound = Quantities.value(limit), before + more > bound
            else { continue }
            asked.append("\(name)=\(Quantities.text(more, like: limit))")
            used.append("\(name)=\(Quantities.text(before, like: limit))")
            limited.append("\(name)=\(limit)")
        }
        guard !asked.isEmpty else { return nil }
        return "exceeded quota: \(quota.name), requested: \(asked.joined(separator: ",")), "
            + "used: \(used.joined(separator: ",")), limited: \(limited.joined(separator: ","))"
    }
}

extension JSON {
    /// An amount as it is written, be it a text or a number.
    fileprivate var amount: String { string ?? number?.text ?? "0" }
}

extension SandboxObject {
    /// How much of a resource a pod's containers ask for; a limit stands for a request.
    fileprivate func requested(_ part: String, _ resource: String) -> Double {
        (spec["containers"]?.array ?? []).reduce(0) { sum, container in
            let resources = container["resources"]
            let amount = resources?[part]?[resource] ?? resources?["limits"]?[resource]
            return sum + (Quantities.value(amount?.amount ?? "0") ?? 0)
        }
    }
}
