import Domain
import JSON

/// The pods of one workload: those of certain names are there, no others.
struct PodSet {
    let owner: SandboxObject
    let scene: Scene

    /// What came of it.
    struct Result {
        /// The pods that are there, by name.
        var pods: [SandboxObject] = []
        /// Why one could not be made.
        var refusal: String?

        var ready: Int { pods.filter(\.isReadyPod).count }
    }

    /// The pods of the owner.
    func current() async throws(SandboxStatus) -> [SandboxObject] {
        try await scene.cluster.dependents(of: owner).filter { $0.kind == .pod && !$0.isDeleting }
    }

    /// Makes what is missing and removes what is too much.
    ///
    /// `wanted` are names, each with the labels and the node that only this pod has.
    func keep(
        _ wanted: [(name: String, labels: [String: String], node: String?)]
    ) async throws(SandboxStatus) -> Result {
        var result = Result()
        let names = Set(wanted.map(\.name))
        for pod in try await current() {
            if names.contains(pod.name) {
                result.pods.append(pod)
            } else {
                try await scene.cluster.delete(pod.key, uid: pod.uid)
                try await scene.event(owner, "SuccessfulDelete", "Deleted pod: \(pod.name)")
            }
        }
        let present = Set(result.pods.map(\.name))
        for pod in wanted where !present.contains(pod.name) {
            let object = self.pod(named: pod.name, labels: pod.labels, node: pod.node)
            result.refusal = try await refusal(of: SandboxObject(object))
            if let message = result.refusal {
                try await scene.event(owner, "FailedCreate", message, isWarning: true)
                break
            }
            try await scene.make(.object(object), in: scene.cluster)
            try await scene.event(owner, "SuccessfulCreate", "Created pod: \(pod.name)")
        }
        return result
    }

    private func pod(named name: String, labels: [String: String], node: String?) -> JSONObject {
        let template = owner.spec["template"]
        var metadata = JSONObject()
        metadata["name"] = .string(name)
        metadata["namespace"] = owner.namespace.map { .string($0) }
        var all = template?["metadata"]?["labels"]?.object ?? JSONObject()
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) { all[key] = .string(value) }
        metadata["labels"] = .object(all)
        metadata["annotations"] = template?["metadata"]?["annotations"]
        metadata["ownerReferences"] = [owner.reference()]
        var spec = template?["spec"]?.object ?? JSONObject()
        if let node { spec["nodeName"] = .string(node) }
        if spec["serviceAccountName"] == nil { spec["serviceAccountName"] = "default" }
        return [
            "apiVersion": "v1", "kind": "Pod", "metadata": .object(metadata),
            "spec": .object(spec),
        ]
    }

    /// Why the pod may not be made: a quota is used up, or a fault says so.
    private func refusal(of pod: SandboxObject) async throws(SandboxStatus) -> String? {
        let name = "pods \"\(pod.name)\" is forbidden: "
        let played = name + "exceeded quota: played, requested: pods=1, used: pods=10, limited: 10"
        if let message = scene.suffers(.quota, owner, played) { return message }
        for quota in try await scene.cluster.list(.quota, namespace: pod.namespace) {
            let use = QuotaUse(quota)
            let pods = try await scene.cluster.list(.pod, namespace: pod.namespace)
            if let excess = use.excess(adding: pod, to: pods) { return name + excess }
        }
        return nil
    }
}

extension SandboxObject {
    /// Whether the pod serves.
    var isReadyPod: Bool { condition("Ready")?["status"]?.string == "True" }

    /// How many of it are wanted.
    var wantedReplicas: Int { max(0, spec["replicas"]?.int ?? 1) }
}
