import JSON

/// The status of a Cluster by what belongs to it (v1beta2).
struct ClusterReport {
    /// What `Available` goes by.
    private static let summary: Set<String> = [
        "RemoteConnectionProbe", "InfrastructureReady", "ControlPlaneAvailable",
        "WorkersAvailable",
    ]

    let family: ClusterFamily
    let scene: Scene

    /// Writes all but the conditions.
    func fill(_ cluster: inout SandboxObject) {
        cluster.count(cluster.generation, "observedGeneration")
        cluster.status["phase"] = .string(phase(of: cluster))
        var initialization = JSONObject()
        if family.isInfrastructureReady { initialization["infrastructureProvisioned"] = true }
        if family.isInitialized { initialization["controlPlaneInitialized"] = true }
        cluster.status["initialization"] = initialization.isEmpty ? nil : .object(initialization)
        let controlPlane = [family.controlPlane].compactMap { $0 }
        cluster.status["controlPlane"] = counters(controlPlane, machines: family.masters)
        let owners = family.deployments + family.pools
        cluster.status["workers"] = counters(owners, machines: family.workers)
    }

    /// The conditions.
    var facts: [Fact] {
        var facts = [infrastructure, initialized, available, workers, probe]
        facts.append(ready("ControlPlaneMachinesReady", family.masters))
        facts.append(ready("WorkerMachinesReady", family.workers))
        let controlPlane = [family.controlPlane].compactMap { $0 }
        let owners = controlPlane + family.deployments
        for (type, owners) in [
            ("ControlPlaneMachinesUpToDate", controlPlane),
            ("WorkerMachinesUpToDate", family.deployments),
        ] {
            let isCurrent = !owners.contains { $0.holds("RollingOut") }
            facts.append(Fact(type, isCurrent, isCurrent ? "UpToDate" : "NotUpToDate"))
        }
        for type in ["RollingOut", "ScalingUp", "ScalingDown"] {
            let names = owners.filter { $0.holds(type) }.map { "* \($0.kind.name) \($0.name)" }
            let reason = names.isEmpty ? "Not\(type)" : type
            facts.append(Fact(type, !names.isEmpty, reason, names.joined(separator: "\n")))
        }
        for type in ["Remediating", "Deleting", "Paused"] {
            facts.append(Fact(type, false, "Not\(type)"))
        }
        if family.topology != nil { facts.append(topology(owners)) }
        let missing = facts.filter { Self.summary.contains($0.type) && $0.isTrue == false }
        let words = missing.map { "* \($0.type): \($0.message.isEmpty ? $0.reason : $0.message)" }
        let message = words.joined(separator: "\n")
        return [Fact("Available", missing.isEmpty, "Available", or: "NotAvailable", message)]
            + facts
    }

    private func phase(of cluster: SandboxObject) -> String {
        if cluster.isDeleting { return "Deleting" }
        let hasEndpoint = cluster.spec["controlPlaneEndpoint"]?["host"]?.string != nil
        if family.isInfrastructureReady, hasEndpoint { return "Provisioned" }
        let isPending = family.infrastructureKey == nil && family.controlPlaneKey == nil
        return isPending ? "Pending" : "Provisioning"
    }

    private var infrastructure: Fact {
        let type = "InfrastructureReady"
        guard let key = family.infrastructureKey else { return Fact(type, true, "Ready") }
        guard let object = family.infrastructure else {
            return Fact(type, false, "ObjectDoesNotExist", "\(key.kind.name) does not exist")
        }
        let isFine =
            family.isInfrastructureReady
            && object.condition("Ready")?["status"]?.string != "False"
        let message = object.words(of: "Ready") ?? "\(key.kind.name) is not provisioned"
        return Fact(type, isFine, "Ready", or: "NotReady", message)
    }

    private var initialized: Fact {
        let type = "ControlPlaneInitialized"
        guard let controlPlane = family.controlPlane else {
            let name = family.controlPlaneKey?.kind.name ?? "Control plane"
            return Fact(type, false, "ObjectDoesNotExist", "\(name) does not exist")
        }
        let name = "\(controlPlane.kind.name) \(controlPlane.name)"
        let message = "Control plane not yet initialized: \(name)"
        return Fact(type, family.isInitialized, "Initialized", or: "NotInitialized", message)
    }

    private var available: Fact {
        let masters = family.masters
        let isUp =
            family.isInitialized
            && (!family.hasMasters || masters.contains(where: \.isRunningMachine))
        let fault = masters.compactMap { $0.words(of: "NodeReady") }.first
        let message =
            fault ?? family.controlPlane?.words(of: "Ready") ?? "Control plane not yet available"
        return Fact("ControlPlaneAvailable", isUp, "Available", or: "NotAvailable", message)
    }

    private var workers: Fact {
        let type = "WorkersAvailable"
        let owners = family.deployments + family.pools
        guard !owners.isEmpty else { return Fact(type, true, "NoWorkers") }
        let words = owners.compactMap { owner -> String? in
            let count = owner.status["availableReplicas"]?.int ?? 0
            guard count < owner.wantedReplicas else { return nil }
            let machines = family.machines(of: owner)
            let fault = machines.compactMap { $0.words(of: "InfrastructureReady") }.first
            return "* \(owner.kind.name) \(owner.name): \(count) available replicas, at least "
                + "\(owner.wantedReplicas) required" + (fault.map { ": \($0)" } ?? "")
        }
        let message = words.joined(separator: "\n")
        return Fact(type, words.isEmpty, "Available", or: "NotAvailable", message)
    }

    private var probe: Fact {
        let type = "RemoteConnectionProbe"
        let silent = "Remote connection probe failed: played by the sandbox"
        let fault = scene.suffers(.neverReady, family.cluster, silent)
        let isUp = family.isInitialized && fault == nil
        let message = fault ?? "Remote connection not established yet"
        return Fact(type, isUp, "ProbeSucceeded", or: "ProbeFailed", message)
    }

    private func ready(_ type: String, _ machines: [SandboxObject]) -> Fact {
        guard !machines.isEmpty else { return Fact(type, true, "NoReplicas") }
        let lacking = machines.filter { !$0.isRunningMachine }
        let words = lacking.map { "* Machine \($0.name): not ready" }.joined(separator: "\n")
        return Fact(type, lacking.isEmpty, "Ready", or: "NotReady", words)
    }

    private func topology(_ owners: [SandboxObject]) -> Fact {
        let type = "TopologyReconciled"
        guard family.isInitialized else { return Fact(type, false, "ClusterCreating") }
        let version = family.topology?["version"]?.string ?? ""
        let isCurrent = family.deployments.allSatisfy { deployment in
            deployment.spec["template"]?["spec"]?["version"]?.string == version
        }
        let isDone = isCurrent && !owners.contains { $0.holds("RollingOut") }
        let message = "Cluster is upgrading to \(version)"
        return Fact(type, isDone, "ReconcileSucceeded", or: "ClusterUpgrading", message)
    }

    private func counters(_ owners: [SandboxObject], machines: [SandboxObject]) -> JSON {
        func sum(_ field: String) -> Int { owners.reduce(0) { $0 + ($1.status[field]?.int ?? 0) } }
        let desired = owners.reduce(0) { sum, owner in
            sum + (owner.spec["replicas"]?.int ?? owner.status["replicas"]?.int ?? 0)
        }
        var result: JSONObject = ["desiredReplicas": .integer(desired)]
        for field in ["replicas", "readyReplicas", "availableReplicas", "upToDateReplicas"] {
            result[field] = .integer(sum(field))
        }
        var versions: [String: Int] = [:]
        for machine in machines { versions[machine.version ?? "", default: 0] += 1 }
        for owner in owners where machines.isEmpty {
            let status = owner.status["version"] ?? owner.spec["template"]?["spec"]?["version"]
            versions[status?.string ?? "", default: 0] += owner.status["replicas"]?.int ?? 1
        }
        versions[""] = nil
        result["versions"] = .array(
            versions.sorted { Versions.precedes($0.key, $1.key) }.map { version, count in
                ["version": .string(version), "replicas": .integer(count)]
            }
        )
        return .object(result)
    }
}
