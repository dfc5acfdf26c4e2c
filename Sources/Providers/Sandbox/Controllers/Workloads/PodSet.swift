import Domain
import JSON

/// The pods of one workload: those of certain names are there, no others.
struct PodSet {
    let owner: SandboxObject
    let scene: Scene

    /// A pod that is to be there, with the labels and the node that only this one has.
    struct Wanted {
        var name: String
        var labels: [String: String] = [:]
        var node: String?
    }

    /// What came of it.
    struct Result {
        /// The pods that are there.
        var pods: [SandboxObject] = []
        /// Why one could not be made.
        var refusal: String?
        /// When.
        let time: Instant

        var ready: Int { pods.filter(\.isReadyPod).count }
    }

    /// The pods of the owner.
    func current() async throws(SandboxStatus) -> [SandboxObject] {
        try await scene.cluster.dependents(of: owner).filter { $0.kind == .pod && !$0.isDeleting }
    }

    /// Makes what is missing and removes what is too much.
    func keep(_ wanted: [Wanted]) async throws(SandboxStatus) -> Result {
        var result = Result(time: scene.now)
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
            let object = manifest(of: pod)
            result.refusal = try await refusal(of: SandboxObject(object.object ?? [:]))
            if let message = result.refusal {
                try await scene.event(owner, "FailedCreate", message, isWarning: true)
                break
            }
            try await scene.make(object)
            try await scene.event(owner, "SuccessfulCreate", "Created pod: \(pod.name)")
        }
        return result
    }

    /// States that pods are refused, or no longer.
    static func tell(_ refusal: String?, in set: inout SandboxObject, at now: Instant) {
        guard let refusal else { return set.removeCondition("ReplicaFailure") }
        set.state([Fact("ReplicaFailure", true, "FailedCreate", refusal)], at: now)
    }

    private func manifest(of pod: Wanted) -> JSON {
        let template = owner.spec["template"]
        var metadata = JSONObject()
        let labels = template?["metadata"]?["labels"] ?? [:]
        metadata["labels"] = labels.merging(patch: .texts(pod.labels))
        metadata["annotations"] = template?["metadata"]?["annotations"]
        var spec = template?["spec"]?.object ?? JSONObject()
        if let node = pod.node { spec["nodeName"] = .string(node) }
        spec["serviceAccountName"] = spec["serviceAccountName"] ?? "default"
        return .manifest(
            "v1",
            "Pod",
            pod.name,
            in: owner.namespace,
            owner: owner.reference(),
            ["metadata": .object(metadata), "spec": .object(spec)]
        )
    }

    /// Why the pod may not be made: a quota is used up, or a fault says so.
    private func refusal(of pod: SandboxObject) async throws(SandboxStatus) -> String? {
        let name = "pods \"\(pod.name)\" is forbidden: "
        let played = name + "exceeded quota: played, requested: pods=1, used: pods=10, limited: 10"
        if let message = scene.suffers(.quota, owner, played) { return message }
        for quota in try await scene.cluster.list(.quota, namespace: pod.namespace) {
            let pods = try await scene.cluster.list(.pod, namespace: pod.namespace)
            if let excess = QuotaUse(quota).excess(adding: pod, to: pods) { return name + excess }
        }
        return nil
    }
}

extension SandboxObject {
    /// Whether the pod serves.
    var isReadyPod: Bool { holds("Ready") }
}
