import JSON

/// Plays the Deployment controller: a ReplicaSet for each template, the newest at full strength;
/// the older ones go to zero when it is available.
struct DeploymentPlayer: Player {
    let name = "deployment-controller"
    let kind = SandboxKind.deployment
    var others: [SandboxKind] { [.replicaSet] }

    func play(_ deployment: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        guard !deployment.isDeleting else { return }
        let wanted = deployment.wantedReplicas
        let hash = Draw.suffix((deployment.spec["template"] ?? .null).text, length: 10)
        let setName = "\(deployment.name)-\(hash)"
        let sets = try await scene.cluster.dependents(of: deployment)
            .filter { $0.kind == .replicaSet && !$0.isDeleting }
        guard let newest = sets.first(where: { $0.name == setName }) else {
            try await scene.make(replicaSet(setName, hash, of: deployment, sets.count + 1))
            let message = "Scaled up replica set \(setName) from 0 to \(wanted)"
            return try await scene.event(deployment, "ScalingReplicaSet", message)
        }
        try await scale(newest, to: wanted, deployment, scene)
        if newest.status["readyReplicas"]?.int ?? 0 >= wanted {
            for set in sets where set.name != setName {
                try await scale(set, to: 0, deployment, scene)
            }
        }
        try await report(deployment, newest: newest, all: sets, scene)
    }

    private func scale(
        _ set: SandboxObject,
        to count: Int,
        _ deployment: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        let before = set.wantedReplicas
        guard before != count else { return }
        try await scene.cluster.update(set.key, as: name) { $0.spec["replicas"] = .integer(count) }
        let direction = count > before ? "up" : "down"
        let message = "Scaled \(direction) replica set \(set.name) from \(before) to \(count)"
        try await scene.event(deployment, "ScalingReplicaSet", message)
    }

    private func replicaSet(
        _ setName: String,
        _ hash: String,
        of deployment: SandboxObject,
        _ revision: Int
    ) -> JSON {
        let label: JSON = ["pod-template-hash": .string(hash)]
        let labels: JSON = ["metadata": ["labels": label]]
        let template = (deployment.spec["template"] ?? [:]).merging(patch: labels)
        let selector = (deployment.spec["selector"] ?? [:]).merging(patch: ["matchLabels": label])
        return .manifest(
            "apps/v1",
            "ReplicaSet",
            setName,
            in: deployment.namespace,
            annotations: ["deployment.kubernetes.io/revision": "\(revision)"],
            owner: deployment.reference(),
            [
                "metadata": ["labels": template["metadata"]?["labels"] ?? label],
                "spec": [
                    "replicas": .integer(deployment.wantedReplicas), "selector": selector,
                    "template": template,
                ],
            ]
        )
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
        let updated = newest.status["replicas"]?.int ?? 0
        let isDone = updated == wanted && available == wanted && sum("replicas") == wanted
        let isUp = available >= max(wanted - wanted / 4, min(wanted, 1))
        let facts = [
            Fact(
                "Available",
                isUp,
                "MinimumReplicas\(isUp ? "Available" : "Unavailable")",
                "Deployment \(isUp ? "has" : "does not have") minimum availability."
            ),
            Fact(
                "Progressing",
                true,
                isDone ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                "ReplicaSet \"\(newest.name)\" "
                    + (isDone ? "has successfully progressed." : "is progressing.")
            ),
        ]
        try await scene.report(deployment, facts) { deployment in
            deployment.count(deployment.generation, "observedGeneration")
            deployment.count(updated, "updatedReplicas")
            for field in ["replicas", "readyReplicas", "availableReplicas"] {
                deployment.count(sum(field), field)
            }
            deployment.status["unavailableReplicas"] =
                available < wanted ? .integer(wanted - available) : nil
            let refusal = newest.words(of: "ReplicaFailure")
            PodSet.tell(refusal, in: &deployment, at: scene.now)
        }
    }
}
