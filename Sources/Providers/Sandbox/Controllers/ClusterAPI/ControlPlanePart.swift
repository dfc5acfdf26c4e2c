import Domain
import JSON

/// Plays the control plane provider: machines one by one, or none where the vendor runs it.
struct ControlPlanePart {
    let scene: Scene

    func play(_ family: ClusterFamily) async throws(SandboxStatus) -> SandboxRequeue {
        guard let controlPlane = family.controlPlane, controlPlane.kind != .virtualCluster else {
            return .none
        }
        try await Adoption(scene: scene).adopt(controlPlane, by: family.cluster)
        if controlPlane.isDeleting {
            return try await Departure(scene: scene).play(controlPlane, family)
        }
        guard family.isInfrastructureReady else { return .none }
        guard family.hasMasters else { return try await managed(controlPlane, family) }
        let row = Self.row(of: family, controlPlane, scene)
        try await row.step()
        let report = ControlPlaneReport(controlPlane: controlPlane, row: row, now: scene.now)
        try await scene.report(controlPlane) { report.fill(&$0) }
        return .none
    }

    static func row(
        of family: ClusterFamily,
        _ controlPlane: SandboxObject,
        _ scene: Scene
    ) -> MachineRow {
        let template = controlPlane.spec["machineTemplate"]
        var spec: JSONObject = [:]
        spec["version"] = controlPlane.spec["version"]
        spec["infrastructureRef"] =
            template?["spec"]?["infrastructureRef"] ?? template?["infrastructureRef"]
        // What configures kubeadm is part of what a machine is made from.
        let config = Draw.suffix((controlPlane.spec["kubeadmConfigSpec"] ?? .null).text)
        spec["bootstrap"] = ["dataSecretName": .string("\(controlPlane.name)-\(config)")]
        return MachineRow(
            scene: scene,
            family: family,
            owner: controlPlane,
            machines: family.masters,
            wanted: controlPlane.wantedReplicas,
            spec: spec,
            labels: [ClusterMark.controlPlane: ""],
            isOneByOne: true
        )
    }

    /// A control plane that the vendor runs: there after a while, and upgraded after another.
    private func managed(
        _ controlPlane: SandboxObject,
        _ family: ClusterFamily
    ) async throws(SandboxStatus) -> SandboxRequeue {
        let silent = "the vendor's control plane does not come up: played by the sandbox"
        let fault =
            scene.suffers(.controlPlaneNeverUp, controlPlane, silent)
            ?? scene.suffers(.controlPlaneNeverUp, family.cluster, silent)
        let step = SandboxPace.Step.managedControlPlane
        let rest = scene.rest(step, since: controlPlane.creationTime, for: family.cluster)
        let isUp = family.isInitialized || fault == nil && rest == nil
        try await scene.report(controlPlane) { object in
            object.status["observedGeneration"] = .integer(object.generation)
            object.status["ready"] = .bool(isUp)
            object.status["initialized"] = .bool(isUp)
            object.status["externalManagedControlPlane"] = true
            if isUp {
                object.status["initialization"] = ["controlPlaneInitialized": true]
                object.status["version"] = object.spec["version"]
            }
            object.setCondition(
                "Ready",
                isUp,
                reason: isUp ? "Provisioned" : "Provisioning",
                message: fault ?? "",
                at: scene.now
            )
        }
        return fault == nil ? SandboxRequeue(isUp ? nil : rest) : scene.soon
    }
}

/// The status of a control plane that runs on machines.
struct ControlPlaneReport {
    let controlPlane: SandboxObject
    let row: MachineRow
    let now: Instant

    func fill(_ object: inout SandboxObject) {
        let machines = row.machines.filter { !$0.isDeleting }
        let ready = machines.filter(\.isRunningMachine)
        let current = row.current
        let isUp =
            !ready.isEmpty || object.status["initialization"]?["controlPlaneInitialized"] == true
        object.status["observedGeneration"] = .integer(object.generation)
        object.status["replicas"] = .integer(machines.count)
        object.status["readyReplicas"] = .integer(ready.count)
        object.status["availableReplicas"] = .integer(ready.count)
        object.status["upToDateReplicas"] = .integer(current.count)
        object.status["selector"] = .string(
            "\(ClusterMark.cluster)=\(row.family.cluster.name),\(ClusterMark.controlPlane)="
        )
        if isUp {
            object.status["initialization"] = ["controlPlaneInitialized": true]
            object.status["initialized"] = true
            object.status["ready"] = .bool(!ready.isEmpty)
        }
        if let lowest = machines.compactMap(\.version).min(by: Versions.precedes) {
            object.status["version"] = .string(lowest)
        }
        func set(_ type: String, _ isTrue: Bool, _ yes: String, _ no: String) {
            object.setCondition(type, isTrue, reason: isTrue ? yes : no, at: now)
        }
        set("Initialized", isUp, "Initialized", "NotInitialized")
        set("Available", !ready.isEmpty, "Available", "NotAvailable")
        set("MachinesReady", ready.count == machines.count, "Ready", "NotReady")
        set("MachinesUpToDate", current.count == machines.count, "UpToDate", "NotUpToDate")
        set("RollingOut", row.isRollingOut, "RollingOut", "NotRollingOut")
        set("ScalingUp", machines.count < row.wanted, "ScalingUp", "NotScalingUp")
        set(
            "ScalingDown",
            machines.count > row.wanted && !row.isRollingOut,
            "ScalingDown",
            "NotScalingDown"
        )
        set("Paused", false, "Paused", "NotPaused")
    }
}

/// Kubernetes versions by their numbers.
enum Versions {
    static func precedes(_ left: String, _ right: String) -> Bool {
        numbers(left).lexicographicallyPrecedes(numbers(right))
    }

    private static func numbers(_ version: String) -> [Int] {
        version.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
    }
}
