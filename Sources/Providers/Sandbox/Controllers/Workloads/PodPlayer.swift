import Domain
import JSON

/// Plays scheduler and kubelet: pods find a node, are made, run, and, for Jobs, end.
struct PodPlayer: Player {
    let name = "kubelet"
    let kind = SandboxKind.pod
    func keys(for change: SandboxChange) -> [SandboxKey] { [] }

    func play(
        _ pod: SandboxObject,
        in scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        let phase = pod.status["phase"]?.string
        guard !pod.isDeleting, phase != "Succeeded", phase != "Failed" else { return .none }
        guard pod.spec["nodeName"]?.string != nil else { return try await schedule(pod, scene) }
        let (stage, requeue) = stage(of: pod, scene)
        try await scene.report(pod) { PodReport(stage: stage, now: scene.now).fill(&$0) }
        try await tell(stage, of: pod, scene)
        return requeue
    }

    /// Looks for a node.
    private func schedule(
        _ pod: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        if let rest = scene.rest(SandboxPace.Step.scheduling, since: pod.creationTime, for: pod) {
            return .after(rest)
        }
        let nodes = try await scene.cluster.list(.node).filter { node in
            node.spec["unschedulable"]?.bool != true && !node.isDeleting
        }
        let full =
            "0/\(nodes.count) nodes are available: \(nodes.count) Insufficient cpu. preemption: "
            + "0/\(nodes.count) nodes are available: \(nodes.count) No preemption victims found "
            + "for incoming pod."
        let fault =
            nodes.isEmpty
            ? "no nodes available to schedule pods"
            : scene.suffers(.unschedulable, pod, full)
        if let fault {
            let report = PodReport(stage: .unscheduled(fault), now: scene.now)
            try await scene.report(pod) { report.fill(&$0) }
            try await scene.event(pod, "FailedScheduling", fault, isWarning: true)
            return scene.soon
        }
        let node = nodes[Draw.number(pod.uid, below: nodes.count)].name
        try await scene.cluster.update(pod.key, as: name) { pod in
            pod.spec["nodeName"] = .string(node)
        }
        let place = "\(pod.namespace ?? "")/\(pod.name)"
        try await scene.event(pod, "Scheduled", "Successfully assigned \(place) to \(node)")
        return .none
    }

    /// How far the pod has come, and when it comes further.
    func stage(of pod: SandboxObject, _ scene: Scene) -> (PodStage, SandboxRequeue) {
        if let rest = scene.rest(SandboxPace.Step.starting, since: pod.creationTime, for: pod) {
            return (.creating, .after(rest))
        }
        let image = pod.spec["containers"]?[0]?["image"]?.string ?? ""
        let pull = "Back-off pulling image \"\(image)\""
        if let message = scene.suffers(.imagePull, pod, pull) {
            return (.waiting(reason: "ImagePullBackOff", message: message), scene.soon)
        }
        if scene.suffers(.crashLoop, pod, "") != nil {
            let age = scene.now - (pod.creationTime ?? scene.now)
            return (.crashing(restarts: min(Int(age / .seconds(30)) + 1, 99)), scene.soon)
        }
        if let message = scene.suffers(.neverReady, pod, "the readiness probe fails") {
            return (.running(unready: message), scene.soon)
        }
        guard pod.owners.contains(where: { $0["kind"]?.string == "Job" }) else {
            return (.running(unready: nil), .none)
        }
        let rest = scene.rest(SandboxPace.Step.working, since: pod.creationTime, for: pod)
        return rest.map { (.running(unready: nil), .after($0)) } ?? (.succeeded, .none)
    }

    private func tell(
        _ stage: PodStage,
        of pod: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        switch stage {
        case .waiting(_, let message):
            try await scene.event(pod, "Failed", "Error: ImagePullBackOff", isWarning: true)
            try await scene.event(pod, "BackOff", message)
        case .crashing:
            let message = "Back-off restarting failed container in pod \(pod.name)"
            try await scene.event(pod, "BackOff", message, isWarning: true)
        case .running(let unready?):
            try await scene.event(pod, "Unhealthy", unready, isWarning: true)
        case .running(nil) where pod.status["phase"]?.string == "Pending":
            try await scene.event(pod, "Started", "Started container")
        default: break
        }
    }
}
