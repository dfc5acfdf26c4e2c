import JSON

/// Plays the control plane provider: machines one by one, or none where the vendor runs it.
struct ControlPlanePart {
    let scene: Scene

    func play(_ family: ClusterFamily) async throws(SandboxStatus) {
        guard let controlPlane = family.controlPlane, controlPlane.kind != .virtualCluster else {
            return
        }
        try await scene.adopt(controlPlane, by: family.cluster)
        if controlPlane.isDeleting { return try await scene.depart(controlPlane, of: family) }
        guard family.isInfrastructureReady else { return }
        guard family.hasMasters else { return try await managed(controlPlane, family) }
        let row = row(of: family, controlPlane)
        try await row.step()
        try await report(controlPlane, row)
    }

    private func row(of family: ClusterFamily, _ controlPlane: SandboxObject) -> MachineRow {
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
            spec: spec,
            labels: [ClusterMark.controlPlane: ""],
            isOneByOne: true
        )
    }

    /// A control plane that the vendor runs: there after a while, and upgraded after another.
    private func managed(
        _ controlPlane: SandboxObject,
        _ family: ClusterFamily
    ) async throws(SandboxStatus) {
        let silent = "the vendor's control plane does not come up: played by the sandbox"
        let fault =
            scene.suffers(.controlPlaneNeverUp, controlPlane, silent)
            ?? scene.suffers(.controlPlaneNeverUp, family.cluster, silent)
        let step = SandboxPace.Step.managedControlPlane
        let isUp =
            family.isInitialized
            || scene.hasPassed(step, since: controlPlane.creationTime, for: family.cluster)
                && fault == nil
        let reason = isUp ? "Provisioned" : "Provisioning"
        try await scene.report(controlPlane, [Fact("Ready", isUp, reason, fault ?? "")]) { object in
            object.count(object.generation, "observedGeneration")
            object.status["ready"] = .bool(isUp)
            object.status["initialized"] = .bool(isUp)
            object.status["externalManagedControlPlane"] = true
            guard isUp else { return }
            object.status["initialization"] = ["controlPlaneInitialized": true]
            object.status["version"] = object.spec["version"]
        }
    }

    /// The status of a control plane that runs on machines.
    private func report(
        _ controlPlane: SandboxObject,
        _ row: MachineRow
    ) async throws(SandboxStatus) {
        let ready = row.alive.filter(\.isRunningMachine).count
        let isUp = ready > 0 || row.family.isInitialized
        let facts = [
            Fact("Initialized", isUp, "Initialized", or: "NotInitialized"),
            Fact("Available", ready > 0, "Available", or: "NotAvailable"),
        ]
        try await scene.report(controlPlane, facts + row.facts) { object in
            row.count(&object)
            let cluster = row.family.cluster.name
            object.status["selector"] = .string(
                "\(ClusterMark.cluster)=\(cluster),\(ClusterMark.controlPlane)="
            )
            if isUp {
                object.status["initialization"] = ["controlPlaneInitialized": true]
                object.status["initialized"] = true
                object.status["ready"] = .bool(ready > 0)
            }
            if let lowest = row.alive.compactMap(\.version).min(by: Versions.precedes) {
                object.status["version"] = .string(lowest)
            }
        }
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
