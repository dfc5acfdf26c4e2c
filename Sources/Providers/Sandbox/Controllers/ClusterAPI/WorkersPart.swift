import Domain
import JSON

/// Plays MachineDeployments and MachinePools.
struct WorkersPart {
    let scene: Scene

    func play(_ family: ClusterFamily) async throws(SandboxStatus) -> SandboxRequeue {
        var requeue = SandboxRequeue.none
        for deployment in family.deployments {
            try await Adoption(scene: scene).adopt(deployment, by: family.cluster)
            if deployment.isDeleting {
                requeue = requeue.sooner(try await end(deployment, family))
            } else if !deployment.isPaused {
                let row = Self.row(of: deployment, family, scene)
                try await row.step()
                try await report(deployment, row)
            }
        }
        for pool in family.pools {
            try await Adoption(scene: scene).adopt(pool, by: family.cluster)
            if pool.isDeleting {
                requeue = requeue.sooner(try await Departure(scene: scene).play(pool, family))
            } else {
                requeue = requeue.sooner(try await play(pool, family))
            }
        }
        return requeue
    }

    /// Its machines go first.
    private func end(
        _ deployment: SandboxObject,
        _ family: ClusterFamily
    ) async throws(SandboxStatus) -> SandboxRequeue {
        let machines = family.machines(of: deployment)
        for machine in machines where !machine.isDeleting {
            try await scene.cluster.delete(machine.key, uid: machine.uid)
        }
        guard machines.isEmpty else { return .none }
        return try await Departure(scene: scene).play(deployment, family)
    }

    static func row(
        of deployment: SandboxObject,
        _ family: ClusterFamily,
        _ scene: Scene
    ) -> MachineRow {
        let template = deployment.spec["template"]
        var labels = [ClusterMark.deployment: deployment.name]
        for label in template?["metadata"]?["labels"]?.object ?? JSONObject() {
            labels[label.key] = label.value.string
        }
        return MachineRow(
            scene: scene,
            family: family,
            owner: deployment,
            machines: family.machines(of: deployment),
            wanted: deployment.wantedReplicas,
            spec: template?["spec"]?.object ?? JSONObject(),
            labels: labels,
            isOneByOne: false
        )
    }

    private func report(
        _ deployment: SandboxObject,
        _ row: MachineRow
    ) async throws(SandboxStatus) {
        let machines = row.machines.filter { !$0.isDeleting }
        let ready = machines.filter(\.isRunningMachine).count
        let isFull = ready >= row.wanted
        let isGrowing = machines.count < row.wanted || !isFull
        let isShrinking = row.machines.count > row.wanted && !row.isRollingOut
        try await scene.report(deployment) { object in
            object.status["observedGeneration"] = .integer(object.generation)
            object.status["replicas"] = .integer(machines.count)
            object.status["readyReplicas"] = .integer(ready)
            object.status["availableReplicas"] = .integer(ready)
            object.status["upToDateReplicas"] = .integer(row.current.count)
            object.status["selector"] = .string("\(ClusterMark.deployment)=\(object.name)")
            object.status["phase"] = .string(
                isShrinking ? "ScalingDown" : isGrowing ? "ScalingUp" : "Running"
            )
            func set(_ type: String, _ isTrue: Bool, _ yes: String, _ no: String) {
                object.setCondition(type, isTrue, reason: isTrue ? yes : no, at: scene.now)
            }
            set("Available", isFull, "Available", "NotAvailable")
            set("MachinesReady", ready == machines.count, "Ready", "NotReady")
            set("MachinesUpToDate", !row.isRollingOut, "UpToDate", "NotUpToDate")
            set("RollingOut", row.isRollingOut, "RollingOut", "NotRollingOut")
            set("ScalingUp", machines.count < row.wanted, "ScalingUp", "NotScalingUp")
            set("ScalingDown", isShrinking, "ScalingDown", "NotScalingDown")
            set("Remediating", false, "Remediating", "NotRemediating")
            set("Deleting", false, "Deleting", "NotDeleting")
            set("Paused", false, "Paused", "NotPaused")
        }
    }

    /// A pool of the vendor's: its nodes come and go together.
    private func play(
        _ pool: SandboxObject,
        _ family: ClusterFamily
    ) async throws(SandboxStatus) -> SandboxRequeue {
        let wanted = pool.wantedReplicas
        let full = "failed to scale the pool: quota exceeded (played by the sandbox)"
        let fault =
            scene.suffers(.quota, pool, full) ?? scene.suffers(.neverReady, pool, full)
            ?? scene.suffers(.quota, family.cluster, full)
        let gate = family.cluster.condition("ControlPlaneInitialized")?
            .moment("lastTransitionTime")
        let start = max(pool.creationTime ?? scene.now, gate ?? .init(microseconds: 0))
        let step = SandboxPace.Step.machineRunning
        let rest = scene.rest(step, since: start, for: family.cluster)
        let isUp = family.isInitialized && rest == nil && fault == nil
        let before = pool.status["replicas"]?.int ?? 0
        let count = isUp ? wanted : fault == nil ? before : min(before, wanted)
        try await scene.report(pool) { object in
            object.status["observedGeneration"] = .integer(object.generation)
            for field in ["replicas", "readyReplicas", "availableReplicas", "upToDateReplicas"] {
                object.status[field] = .integer(count)
            }
            object.status["nodeRefs"] = .array(
                (0..<count).map { ["name": .string("\(object.name)-\($0)")] }
            )
            object.status["phase"] = .string(
                count == wanted ? "Running" : isUp ? "ScalingUp" : "Provisioning"
            )
            if isUp {
                object.status["initialization"] = [
                    "infrastructureProvisioned": true, "bootstrapDataSecretCreated": true,
                ]
            }
            object.setCondition(
                "Ready",
                isUp && count == wanted,
                reason: isUp ? "Ready" : "NotReady",
                message: fault ?? "",
                at: scene.now
            )
        }
        return fault == nil ? SandboxRequeue(family.isInitialized ? rest : nil) : scene.soon
    }
}
