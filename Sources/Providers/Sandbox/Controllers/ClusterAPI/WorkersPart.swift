import JSON

/// Plays MachineDeployments and MachinePools.
struct WorkersPart {
    let scene: Scene

    func play(_ family: ClusterFamily) async throws(SandboxStatus) {
        for deployment in family.deployments {
            try await scene.adopt(deployment, by: family.cluster)
            if deployment.isDeleting {
                try await end(deployment, family)
            } else if !deployment.isPaused {
                try await play(deployment, family)
            }
        }
        for pool in family.pools {
            try await scene.adopt(pool, by: family.cluster)
            if pool.isDeleting {
                try await scene.depart(pool, of: family)
            } else {
                try await fill(pool, family)
            }
        }
    }

    /// Its machines go first.
    private func end(
        _ deployment: SandboxObject,
        _ family: ClusterFamily
    ) async throws(SandboxStatus) {
        let machines = family.machines(of: deployment)
        for machine in machines where !machine.isDeleting {
            try await scene.cluster.delete(machine.key, uid: machine.uid)
        }
        if machines.isEmpty { try await scene.depart(deployment, of: family) }
    }

    private func play(
        _ deployment: SandboxObject,
        _ family: ClusterFamily
    ) async throws(SandboxStatus) {
        let template = deployment.spec["template"]
        var labels = [ClusterMark.deployment: deployment.name]
        for label in template?["metadata"]?["labels"]?.object ?? JSONObject() {
            labels[label.key] = label.value.string
        }
        let row = MachineRow(
            scene: scene,
            family: family,
            owner: deployment,
            machines: family.machines(of: deployment),
            spec: template?["spec"]?.object ?? JSONObject(),
            labels: labels,
            isOneByOne: false
        )
        try await row.step()
        let available = Fact("Available", row.isFull, "Available", or: "NotAvailable")
        try await scene.report(deployment, [available] + row.facts) { object in
            row.count(&object)
            object.status["selector"] = .string("\(ClusterMark.deployment)=\(object.name)")
            let phase = row.isShrinking ? "ScalingDown" : row.isFull ? "Running" : "ScalingUp"
            object.status["phase"] = .string(phase)
        }
    }

    /// A pool of the vendor's: its nodes come and go together.
    private func fill(
        _ pool: SandboxObject,
        _ family: ClusterFamily
    ) async throws(SandboxStatus) {
        let wanted = pool.wantedReplicas
        let full = "failed to scale the pool: quota exceeded (played by the sandbox)"
        let fault =
            scene.suffers(.quota, pool, full) ?? scene.suffers(.neverReady, pool, full)
            ?? scene.suffers(.quota, family.cluster, full)
        let gate = family.moment(of: "ControlPlaneInitialized")
        let start = max(pool.creationTime ?? scene.now, gate)
        let step = SandboxPace.Step.machineRunning
        let isUp =
            family.isInitialized && scene.hasPassed(step, since: start, for: family.cluster)
            && fault == nil
        let before = pool.status["replicas"]?.int ?? 0
        let count = isUp ? wanted : fault == nil ? before : min(before, wanted)
        let fact = Fact("Ready", isUp, isUp ? "Ready" : "NotReady", fault ?? "")
        try await scene.report(pool, [fact]) { object in
            object.count(object.generation, "observedGeneration")
            object.count(count, "replicas", "readyReplicas", "availableReplicas")
            object.count(count, "upToDateReplicas")
            object.status["nodeRefs"] = .array(
                (0..<count).map { ["name": .string("\(object.name)-\($0)")] }
            )
            object.status["phase"] = count == wanted ? "Running" : "Provisioning"
            if isUp { object.status["initialization"] = MachinePart.initialization }
        }
    }
}
