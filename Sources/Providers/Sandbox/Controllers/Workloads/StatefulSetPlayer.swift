import JSON

/// Plays the StatefulSet controller: pods with numbers, each with its volumes.
struct StatefulSetPlayer: Player {
    let name = "statefulset-controller"
    let kind = SandboxKind.statefulSet
    var others: [SandboxKind] { [.pod] }
    private static let revisionLabel = "controller-revision-hash"

    func play(
        _ set: SandboxObject,
        in scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        guard !set.isDeleting else { return .none }
        let revision =
            "\(set.name)-\(Draw.suffix((set.spec["template"] ?? .null).text, length: 10))"
        try await replaceOutdated(of: set, revision, scene)
        let names = (0..<set.wantedReplicas).map { number in
            let pod = "\(set.name)-\(number)"
            return (
                name: pod,
                labels: [
                    "statefulset.kubernetes.io/pod-name": pod, Self.revisionLabel: revision,
                    "apps.kubernetes.io/pod-index": "\(number)",
                ],
                node: String?.none
            )
        }
        for pod in names { try await claims(of: set, for: pod.name, scene) }
        let result = try await PodSet(owner: set, scene: scene).keep(names)
        try await scene.report(set) { set in
            let count = JSON.integer(result.pods.count)
            set.status["observedGeneration"] = .integer(set.generation)
            set.status["replicas"] = count
            set.status["currentReplicas"] = count
            set.status["updatedReplicas"] = count
            set.status["readyReplicas"] = .integer(result.ready)
            set.status["availableReplicas"] = .integer(result.ready)
            set.status["currentRevision"] = .string(revision)
            set.status["updateRevision"] = .string(revision)
            set.status["collisionCount"] = 0
        }
        return result.refusal == nil ? .none : scene.soon
    }

    /// A pod of an older template goes; its successor has the same name.
    private func replaceOutdated(
        of set: SandboxObject,
        _ revision: String,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        let pods = try await PodSet(owner: set, scene: scene).current()
        let outdated = pods.last { $0.labels[Self.revisionLabel] != revision }
        guard let outdated else { return }
        let others = pods.filter { $0.name != outdated.name }
        guard others.allSatisfy({ $0.isReadyPod || $0.labels[Self.revisionLabel] != revision })
        else { return }
        try await scene.cluster.delete(outdated.key, uid: outdated.uid)
    }

    private func claims(
        of set: SandboxObject,
        for pod: String,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        let policy = set.spec["persistentVolumeClaimRetentionPolicy"]?["whenDeleted"]?.string
        for template in set.spec["volumeClaimTemplates"]?.array ?? [] {
            let name = "\(template["metadata"]?["name"]?.string ?? "data")-\(pod)"
            let key = SandboxKey(.claim, set.namespace, name)
            guard try await scene.cluster.get(key) == nil else { continue }
            var metadata = template["metadata"]?.object ?? JSONObject()
            metadata["name"] = .string(name)
            metadata["namespace"] = set.namespace.map { .string($0) }
            metadata["labels"] =
                set.spec["selector"]?["matchLabels"] ?? metadata["labels"]
            if policy == "Delete" { metadata["ownerReferences"] = [set.reference()] }
            try await scene.make(
                [
                    "apiVersion": "v1", "kind": "PersistentVolumeClaim",
                    "metadata": .object(metadata), "spec": template["spec"] ?? [:],
                ],
                in: scene.cluster
            )
        }
    }
}
