import JSON

/// Plays the DaemonSet controller: a pod on every node.
struct DaemonSetPlayer: Player {
    let name = "daemonset-controller"
    let kind = SandboxKind.daemonSet
    var others: [SandboxKind] { [.pod, .node] }

    /// A node concerns every set.
    func keys(for change: SandboxChange) -> [SandboxKey] {
        if change.object.kind == .node { return [SandboxKey(kind, nil, "*")] }
        let owner = change.object.owners.first { $0["kind"]?.string == kind.name }
        guard let name = owner?["name"]?.string else { return [] }
        return [SandboxKey(kind, change.object.namespace, name)]
    }

    func play(
        _ set: SandboxObject,
        in scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        guard !set.isDeleting else { return .none }
        let nodes = try await scene.cluster.list(.node).filter { !$0.isDeleting }.map(\.name)
        let names = nodes.map { node in
            (
                name: "\(set.name)-\(Draw.suffix("\(set.uid) \(node)"))",
                labels: [String: String](), node: String?.some(node)
            )
        }
        let result = try await PodSet(owner: set, scene: scene).keep(names)
        try await scene.report(set) { set in
            let ready = JSON.integer(result.ready)
            let count = JSON.integer(result.pods.count)
            set.status["observedGeneration"] = .integer(set.generation)
            set.status["desiredNumberScheduled"] = .integer(nodes.count)
            set.status["currentNumberScheduled"] = count
            set.status["updatedNumberScheduled"] = count
            set.status["numberReady"] = ready
            set.status["numberAvailable"] = ready
            set.status["numberMisscheduled"] = 0
        }
        return result.refusal == nil ? .none : scene.soon
    }
}
