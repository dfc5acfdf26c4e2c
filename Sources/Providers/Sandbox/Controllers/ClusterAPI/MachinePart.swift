import Domain
import JSON

/// Plays machines: ordered, there, a node.
struct MachinePart {
    let scene: Scene

    func play(_ family: ClusterFamily) async throws(SandboxStatus) -> SandboxRequeue {
        var requeue = SandboxRequeue.none
        for machine in family.machines {
            if machine.isDeleting {
                try await report(machine, "Deleting", nil)
                let rest = try await Departure(scene: scene).play(machine, family)
                requeue = requeue.sooner(rest)
            } else {
                requeue = requeue.sooner(try await advance(machine, family))
            }
        }
        return requeue
    }

    private func advance(
        _ machine: SandboxObject,
        _ family: ClusterFamily
    ) async throws(SandboxStatus) -> SandboxRequeue {
        guard machine.status["phase"]?.string != "Running" || hurts(machine, family) else {
            return .none
        }
        let isMaster = machine.labels[ClusterMark.controlPlane] != nil
        guard isMaster ? family.isInfrastructureReady : family.isInitialized else {
            try await report(machine, "Pending", nil)
            return .none
        }
        let type = isMaster ? "InfrastructureReady" : "ControlPlaneInitialized"
        let gate = family.cluster.condition(type)?.moment("lastTransitionTime")
        let start = max(machine.creationTime ?? scene.now, gate ?? .init(microseconds: 0))
        if let fault = fault(of: machine, family, isMaster) {
            try await report(machine, fault.phase, fault.message)
            try await scene.event(machine, fault.reason, fault.message, isWarning: true)
            return scene.soon
        }
        let steps: [(Int, String)] = [
            (SandboxPace.Step.machineOrdered, "Pending"),
            (SandboxPace.Step.machineThere, "Provisioning"),
            (SandboxPace.Step.machineRunning, "Provisioned"),
        ]
        for (step, phase) in steps {
            if let rest = scene.rest(step, since: start, for: family.cluster) {
                try await report(machine, phase, nil)
                return .after(rest)
            }
        }
        try await report(machine, "Running", nil)
        return .none
    }

    /// Whether a machine that was up suffers now.
    private func hurts(_ machine: SandboxObject, _ family: ClusterFamily) -> Bool {
        let isMaster = machine.labels[ClusterMark.controlPlane] != nil
        return scene.suffers(.neverReady, machine, "") != nil
            || !isMaster && fault(of: machine, family, false) != nil
    }

    private func fault(
        of machine: SandboxObject,
        _ family: ClusterFamily,
        _ isMaster: Bool
    ) -> (phase: String, reason: String, message: String)? {
        let full = "failed to create instance: quota exceeded (played by the sandbox)"
        let pool = family.deployments.first { deployment in
            machine.labels[ClusterMark.deployment] == deployment.name
        }
        for object in [machine, pool, family.cluster].compactMap({ $0 }) {
            if let message = scene.suffers(.quota, object, full) {
                return ("Provisioning", "FailedCreate", message)
            }
        }
        let refused = "the provider refuses the machine: played by the sandbox"
        if let message = scene.suffers(.infrastructureFails, machine, refused) {
            return ("Provisioning", "FailedCreate", message)
        }
        let silent = "Node does not report to the API server: played by the sandbox"
        if let message = scene.suffers(.neverReady, machine, silent) {
            return ("Provisioned", "NodeNotReady", message)
        }
        guard isMaster else { return nil }
        for object in [family.cluster, family.controlPlane].compactMap({ $0 }) {
            if let message = scene.suffers(.controlPlaneNeverUp, object, silent) {
                return ("Provisioned", "NodeNotReady", message)
            }
        }
        return nil
    }

    private func report(
        _ machine: SandboxObject,
        _ phase: String,
        _ fault: String?
    ) async throws(SandboxStatus) {
        let isUp = phase == "Running"
        let isThere = isUp || phase == "Provisioned"
        try await scene.report(machine) { machine in
            machine.status["phase"] = .string(phase)
            machine.status["observedGeneration"] = .integer(machine.generation)
            machine.status["lastUpdated"] =
                machine.status["lastUpdated"] ?? .string(scene.now.kubernetesText)
            if isThere {
                machine.status["initialization"] = [
                    "infrastructureProvisioned": true, "bootstrapDataSecretCreated": true,
                ]
            }
            if isUp { machine.status["nodeRef"] = ["name": .string(machine.name)] }
            func set(_ type: String, _ isTrue: Bool, _ yes: String, _ no: String) {
                machine.setCondition(
                    type,
                    isTrue,
                    reason: isTrue ? yes : no,
                    message: isTrue ? "" : fault ?? "",
                    at: scene.now
                )
            }
            set("BootstrapConfigReady", isThere, "Ready", "NotReady")
            set("InfrastructureReady", isThere, "Ready", "NotReady")
            set("NodeReady", isUp, "NodeReady", "NodeNotReady")
            set("NodeHealthy", isUp, "NodeHealthy", "NodeNotHealthy")
            set("Ready", isUp, "Ready", "NotReady")
            set("Available", isUp, "Available", "NotReady")
            set("UpToDate", true, "UpToDate", "NotUpToDate")
            machine.setCondition(
                "Deleting",
                machine.isDeleting,
                reason: machine.isDeleting ? "Deleting" : "NotDeleting",
                at: scene.now
            )
            machine.setCondition("Paused", false, reason: "NotPaused", at: scene.now)
        }
    }
}
