import JSON
import Secrets

/// Plays the Deployment controller: a ReplicaSet for each template, the newest at full strength;
/// the older ones go to zero when it is available.
struct DeploymentPlayer: Player {
    let name = "deployment-controller"
    let kind = SandboxKind.deployment
    var others: [SandboxKind] { [.replicaSet] }
    private static let hashLabel = "pod-template-hash"

    func play(
        _ deployment: SandboxObject,
        in scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        guard !deployment.isDeleting else { return .none }
        let wanted = deployment.wantedReplicas
        let hash = Draw.suffix((deployment.spec["template"] ?? .null).text, length: 10)
        let setName = "\(deployment.name)-\(hash)"
        let sets = try await scene.cluster.dependents(of: deployment)
            .filter { $0.kind == .replicaSet && !$0.isDeleting }
        guard let newest = sets.first(where: { $0.name == setName }) else {
            try await scene.make(
                replicaSet(setName, hash, of: deployment, revision: sets.count + 1),
                in: scene.cluster
            )
            let message = "Scaled up replica set \(setName) from 0 to \(wanted)"
            try await scene.event(deployment, "ScalingReplicaSet", message)
            return .none
        }
        try await scale(newest, to: wanted, deployment, scene)
        let ready = newest.status["readyReplicas"]?.int ?? 0
        if ready >= wanted {
            for set in sets where set.name != setName {
                try await scale(set, to: 0, deployment, scene)
            }
        }
        try await report(deployment, newest: newest, all: sets, scene)
        return .none
    }

    private func scale(
        _ set: SandboxObject,
        to count: Int,
        _ deployment: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        let before = set.wantedReplicas
        guard before != count else { return }
        try await scene.cluster.update(set.key, as: name) { set in
            set.spec["replicas"] = .integer(count)
        }
        let direction = count > before ? "up" : "down"
        let message = "Scaled \(direction) replica set \(set.name) from \(before) to \(count)"
        try await scene.event(deployment, "ScalingReplicaSet", message)
    }

    private func replicaSet(
        _ setName: String,
        _ hash: String,
        of deployment: SandboxObject,
        revision: Int
    ) -> JSON {
        let label: JSON = [Self.hashLabel: .string(hash)]
        let labels: JSON = ["labels": label]
        let template = (deployment.spec["template"] ?? [:]).merging(patch: ["metadata": labels])
        let selector = (deployment.spec["selector"] ?? [:]).merging(patch: ["matchLabels": label])
        let own = template["metadata"]?["labels"] ?? label
        return [
            "apiVersion": "apps/v1", "kind": "ReplicaSet",
            "metadata": [
                "name": .string(setName), "namespace": .string(deployment.namespace ?? ""),
                "labels": own,
                "annotations": ["deployment.kubernetes.io/revision": .string("\(revision)")],
                "ownerReferences": [deployment.reference()],
            ],
            "spec": [
                "replicas": .integer(deployment.wantedReplicas), "selector": selector,
                "template": template,
            ],
        ]
    }

    private func report(
        _ deployment: SandboxObject,
        newest: SandboxObject,
        all sets: [SandboxObject],
        _ scene: Scene
    ) async throws(SandboxStatus) {
        func sum(_ field: String) -> Int { sets.reduce(0) { $0 + ($1.status[field]?.int ?? 0) } }
        let wanted = deployment.wantedReplicas
        let available = sum("availableReplicas")
        let refusal = newest.condition("ReplicaFailure")?["message"]?.string
        let updated = newest.status["replicas"]?.int ?? 0
        let isDone = updated == wanted && available == wanted && sum("replicas") == wanted
        try await scene.report(deployment) { deployment in
            deployment.status["observedGeneration"] = .integer(deployment.generation)
            deployment.status["replicas"] = .integer(sum("replicas"))
            deployment.status["updatedReplicas"] = .integer(updated)
            deployment.status["readyReplicas"] = .integer(sum("readyReplicas"))
            deployment.status["availableReplicas"] = .integer(available)
            deployment.status["unavailableReplicas"] =
                available < wanted ? .integer(wanted - available) : nil
            let isUp = available >= max(wanted - wanted / 4, min(wanted, 1))
            deployment.setCondition(
                "Available",
                isUp,
                reason: isUp ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                message: "Deployment \(isUp ? "has" : "does not have") minimum availability.",
                at: scene.now
            )
            deployment.setCondition(
                "Progressing",
                true,
                reason: isDone ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                message: "ReplicaSet \"\(newest.name)\" "
                    + (isDone ? "has successfully progressed." : "is progressing."),
                at: scene.now
            )
            if let refusal {
                deployment.setCondition(
                    "ReplicaFailure",
                    true,
                    reason: "FailedCreate",
                    message: refusal,
                    at: scene.now
                )
            } else {
                deployment.removeCondition("ReplicaFailure")
            }
        }
    }
}
