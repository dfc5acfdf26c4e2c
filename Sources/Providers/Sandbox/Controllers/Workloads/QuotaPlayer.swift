import JSON

/// Plays the quota controller: what of each limit is used.
struct QuotaPlayer: Player {
    let name = "resourcequota-controller"
    let kind = SandboxKind.quota
    private static let counted: [String: SandboxKind] = [
        "persistentvolumeclaims": .claim, "services": .service, "secrets": .secret,
        "configmaps": SandboxKind("ConfigMap"), "services.loadbalancers": .service,
        "services.nodeports": .service, "count/secrets": .secret,
        "count/configmaps": SandboxKind("ConfigMap"), "count/services": .service,
        "count/persistentvolumeclaims": .claim, "count/jobs.batch": .job,
        "count/deployments.apps": .deployment,
    ]

    var others: [SandboxKind] { [.pod, .claim, .service] }

    /// All quotas of the namespace.
    func keys(for change: SandboxChange) -> [SandboxKey] {
        [SandboxKey(kind, change.object.namespace, "*")]
    }

    func play(
        _ quota: SandboxObject,
        in scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        guard !quota.isDeleting else { return .none }
        let use = QuotaUse(quota)
        let pods = try await scene.cluster.list(.pod, namespace: quota.namespace)
        var used = JSONObject()
        for (name, limit) in use.hard {
            let amount: Double
            if let byPods = use.used(name, by: pods) {
                amount = byPods
            } else {
                amount = try await count(name, in: quota.namespace, scene)
            }
            used[name] = .string(Quantities.text(amount, like: limit))
        }
        let report = used
        try await scene.report(quota) { quota in
            quota.status["hard"] = quota.spec["hard"]
            quota.status["used"] = .object(report)
        }
        return .none
    }

    private func count(
        _ limit: String,
        in namespace: String?,
        _ scene: Scene
    ) async throws(SandboxStatus) -> Double {
        guard let kind = Self.counted[limit] else { return 0 }
        let objects = try await scene.cluster.list(kind, namespace: namespace)
        switch limit {
        case "services.loadbalancers":
            return Double(objects.filter { $0.spec["type"]?.string == "LoadBalancer" }.count)
        case "services.nodeports":
            return Double(objects.filter { $0.spec["type"]?.string == "NodePort" }.count)
        default: return Double(objects.count)
        }
    }
}
