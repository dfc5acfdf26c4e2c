import Domain
import JSON

/// Plays machines: ordered, there, a node.
struct MachinePart {
    /// What a machine is while it waits for the end of a step.
    private static let steps: [(step: Int, phase: String)] = [
        (SandboxPace.Step.machineOrdered, "Pending"),
        (SandboxPace.Step.machineThere, "Provisioning"),
        (SandboxPace.Step.machineRunning, "Provisioned"),
    ]

    /// What keeps a machine from coming up.
    private struct Hindrance {
        let phase: String
        let reason: String
        let message: String
    }

    let scene: Scene
    let family: ClusterFamily

    func play() async throws(SandboxStatus) {
        for machine in family.machines {
            guard machine.isDeleting else {
                try await advance(machine)
                continue
            }
            try await report(machine, "Deleting")
            try await scene.depart(machine, of: family)
        }
    }

    private func advance(_ machine: SandboxObject) async throws(SandboxStatus) {
        let hindrance = hindrance(of: machine)
        // A control plane that is up stays up.
        let isUp = machine.status["phase"]?.string == "Running"
        guard !isUp || hindrance != nil else { return }
        guard machine.isMaster ? family.isInfrastructureReady : family.isInitialized else {
            return try await report(machine, "Pending")
        }
        if let hindrance {
            try await report(machine, hindrance.phase, hindrance.message)
            let (reason, message) = (hindrance.reason, hindrance.message)
            return try await scene.event(machine, reason, message, isWarning: true)
        }
        let gate = machine.isMaster ? "InfrastructureReady" : "ControlPlaneInitialized"
        let start = max(machine.creationTime ?? scene.now, family.moment(of: gate))
        let next = Self.steps.first { step, _ in
            !scene.hasPassed(step, since: start, for: family.cluster)
        }
        try await report(machine, next?.phase ?? "Running")
    }

    private func hindrance(of machine: SandboxObject) -> Hindrance? {
        let isUp = machine.status["phase"]?.string == "Running"
        let silent = "Node does not report to the API server: played by the sandbox"
        if let message = scene.suffers(.neverReady, machine, silent) {
            return Hindrance(phase: "Provisioned", reason: "NodeNotReady", message: message)
        }
        guard !isUp || !machine.isMaster else { return nil }
        let full = "failed to create instance: quota exceeded (played by the sandbox)"
        let deployment = family.deployments.first { deployment in
            machine.labels[ClusterMark.deployment] == deployment.name
        }
        let refused = "the provider refuses the machine: played by the sandbox"
        let message =
            scene.suffers(.quota, machine, full) ?? scene.suffers(.quota, deployment, full)
            ?? scene.suffers(.quota, family.cluster, full)
            ?? scene.suffers(.infrastructureFails, machine, refused)
        if let message {
            return Hindrance(phase: "Provisioning", reason: "FailedCreate", message: message)
        }
        let never =
            scene.suffers(.controlPlaneNeverUp, family.cluster, silent)
            ?? scene.suffers(.controlPlaneNeverUp, family.controlPlane, silent)
        guard machine.isMaster, let never else { return nil }
        return Hindrance(phase: "Provisioned", reason: "NodeNotReady", message: never)
    }

    private func report(
        _ machine: SandboxObject,
        _ phase: String,
        _ fault: String = ""
    ) async throws(SandboxStatus) {
        let isUp = phase == "Running"
        let isThere = isUp || phase == "Provisioned"
        let facts = [
            Fact("BootstrapConfigReady", isThere, "Ready", or: "NotReady", fault),
            Fact("InfrastructureReady", isThere, "Ready", or: "NotReady", fault),
            Fact("NodeReady", isUp, "NodeReady", or: "NodeNotReady", fault),
            Fact("NodeHealthy", isUp, "NodeHealthy", or: "NodeNotHealthy", fault),
            Fact("Ready", isUp, "Ready", or: "NotReady", fault),
            Fact("Available", isUp, "Available", or: "NotReady", fault),
            Fact("UpToDate", true, "UpToDate"),
            Fact("Deleting", machine.isDeleting, "Deleting", or: "NotDeleting"),
            Fact("Paused", false, "NotPaused"),
        ]
        try await scene.report(machine, facts) { machine in
            machine.status["phase"] = .string(phase)
            machine.count(machine.generation, "observedGeneration")
            let time = JSON.string(scene.now.kubernetesText)
            machine.status["lastUpdated"] = machine.status["lastUpdated"] ?? time
            if isThere { machine.status["initialization"] = Self.initialization }
            if isUp { machine.status["nodeRef"] = ["name": .string(machine.name)] }
        }
    }

    /// What a machine, or a pool of them, says once it is there.
    static let initialization: JSON = [
        "infrastructureProvisioned": true, "bootstrapDataSecretCreated": true,
    ]
}
