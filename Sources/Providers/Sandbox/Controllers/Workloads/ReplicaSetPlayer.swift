import JSON

/// Plays the ReplicaSet controller.
struct ReplicaSetPlayer: Player {
    let name = "replicaset-controller"
    let kind = SandboxKind.replicaSet
    var others: [SandboxKind] { [.pod] }

    func play(
        _ set: SandboxObject,
        in scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        guard !set.isDeleting else { return .none }
        let names = (0..<set.wantedReplicas).map { number in
            (
                name: "\(set.name)-\(Draw.suffix("\(set.uid) \(number)"))",
                labels: [String: String](), node: String?.none
            )
        }
        let result = try await PodSet(owner: set, scene: scene).keep(names)
        try await scene.report(set) { set in
            let ready = JSON.integer(result.ready)
            set.status["replicas"] = .integer(result.pods.count)
            set.status["fullyLabeledReplicas"] = .integer(result.pods.count)
            set.status["readyReplicas"] = ready
            set.status["availableReplicas"] = ready
            set.status["observedGeneration"] = .integer(set.generation)
            if let refusal = result.refusal {
                set.setCondition(
                    "ReplicaFailure",
                    true,
                    reason: "FailedCreate",
                    message: refusal,
                    at: scene.now
                )
            } else {
                set.removeCondition("ReplicaFailure")
            }
        }
        return result.refusal == nil ? .none : scene.soon
    }
}

extension SandboxObject {
    /// Takes a condition away.
    mutating func removeCondition(_ type: String) {
        guard let conditions = status["conditions"]?.array else { return }
        let rest = conditions.filter { $0["type"]?.string != type }
        if rest.count != conditions.count {
            status["conditions"] = rest.isEmpty ? nil : .array(rest)
        }
    }
}
