import Domain
import JSON

/// Plays scheduler and kubelet: pods find a node, are made, run, and, for Jobs, end.
struct PodPlayer: Player {
    let name = "kubelet"
    let kind = SandboxKind.pod
    func keys(for change: SandboxChange) -> [SandboxKey] { [] }

    func play(_ pod: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        let phase = pod.status["phase"]?.string
        guard !pod.isDeleting, phase != "Succeeded", phase != "Failed" else { return }
        guard pod.spec["nodeName"]?.string != nil else { return try await schedule(pod, scene) }
        var stage = stage(of: pod, scene)
        if phase == "Pending", let name = try await missingSecret(of: pod, scene) {
            let reason = "CreateContainerConfigError"
            stage = .waiting(reason: reason, message: "secret \"\(name)\" not found")
        }
        try await scene.report(pod) { PodReport(stage: stage, now: scene.now).fill(&$0) }
        try await tell(stage, of: pod, scene)
    }

    /// Looks for a node.
    private func schedule(_ pod: SandboxObject, _ scene: Scene) async throws(SandboxStatus) {
        let step = SandboxPace.Step.scheduling
        guard scene.hasPassed(step, since: pod.creationTime, for: pod) else { return }
        let nodes = try await scene.cluster.list(.node).filter { node in
            node.spec["unschedulable"]?.bool != true && !node.isDeleting
        }
        let count = "0/\(nodes.count) nodes are available: \(nodes.count)"
        let full =
            "\(count) Insufficient cpu. preemption: \(count) No preemption victims found for "
            + "incoming pod."
        var fault = scene.suffers(.unschedulable, pod, full)
        if nodes.isEmpty { fault = "no nodes available to schedule pods" }
        if let fault {
            scene.lookSoon()
            let report = PodReport(stage: .unscheduled(fault), now: scene.now)
            try await scene.report(pod) { report.fill(&$0) }
            return try await scene.event(pod, "FailedScheduling", fault, isWarning: true)
        }
        let node = nodes[Draw.number(pod.uid, below: nodes.count)].name
        try await scene.cluster.update(pod.key, as: name) { $0.spec["nodeName"] = .string(node) }
        let message = "Successfully assigned \(pod.place) to \(node)"
        try await scene.event(pod, "Scheduled", message)
    }

    /// A Secret without which the containers cannot be made; nil where none is missing.
    private func missingSecret(
        of pod: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> String? {
        // What runs for a virtual cluster finds its Secrets there.
        guard pod.labels[SyncedPod.label] == nil else { return nil }
        let containers = pod.spec["containers"]?.array ?? []
        let variables = containers.flatMap { $0["env"]?.array ?? [] }
        for reference in variables.compactMap({ $0["valueFrom"]?["secretKeyRef"] }) {
            guard let name = reference["name"]?.string, reference["optional"]?.bool != true,
                try await scene.cluster.get(SandboxKey(.secret, pod.namespace, name)) == nil
            else { continue }
            scene.lookSoon()
            return name
        }
        return nil
    }

    /// How far the pod has come.
    private func stage(of pod: SandboxObject, _ scene: Scene) -> PodStage {
        guard scene.hasPassed(SandboxPace.Step.starting, since: pod.creationTime, for: pod) else {
            return .creating
        }
        let image = pod.spec["containers"]?[0]?["image"]?.string ?? ""
        let pull = "Back-off pulling image \"\(image)\""
        if let message = scene.suffers(.imagePull, pod, pull) {
            return .waiting(reason: "ImagePullBackOff", message: message)
        }
        if let words = scene.suffers(.crashLoop, pod, "a played fault ends this container") {
            let age = scene.now - (pod.creationTime ?? scene.now)
            return .crashing(restarts: min(Int(age / .seconds(30)) + 1, 99), words: words)
        }
        if let message = scene.suffers(.neverReady, pod, "the readiness probe fails") {
            return .running(unready: message)
        }
        let isOfJob = pod.owners.contains { $0["kind"]?.string == "Job" }
        let step = SandboxPace.Step.working
        return isOfJob && scene.hasPassed(step, since: pod.creationTime, for: pod)
            ? .succeeded : .running(unready: nil)
    }

    private func tell(
        _ stage: PodStage,
        of pod: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        switch stage {
        case .waiting(let reason, let message):
            try await scene.event(pod, "Failed", "Error: \(reason)", isWarning: true)
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
