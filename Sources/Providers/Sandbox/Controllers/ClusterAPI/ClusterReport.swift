import Domain
import JSON

/// The status of a Cluster by what belongs to it (v1beta2).
struct ClusterReport {
    let family: ClusterFamily
    let scene: Scene

    /// Writes the status.
    func fill(_ cluster: inout SandboxObject) {
        cluster.status["observedGeneration"] = .integer(cluster.generation)
        cluster.status["phase"] = .string(phase(of: cluster))
        var initialization = JSONObject()
        if family.isInfrastructureReady { initialization["infrastructureProvisioned"] = true }
        if family.isInitialized { initialization["controlPlaneInitialized"] = true }
        cluster.status["initialization"] = initialization.isEmpty ? nil : .object(initialization)
        cluster.status["controlPlane"] = counters(
            family.controlPlane.map { [$0] } ?? [],
            machines: family.masters
        )
        let workers = family.machines.filter { $0.labels[ClusterMark.controlPlane] == nil }
        cluster.status["workers"] = counters(
            family.deployments + family.pools,
            machines: workers
        )
        var facts = parts()
        let missing = facts.filter { fact in
            Self.summary.contains(fact.type) && !fact.isTrue
        }
        let isAvailable = missing.isEmpty
        facts.insert(
            Fact(
                "Available",
                isAvailable,
                isAvailable ? "Available" : "NotAvailable",
                missing.map { "* \($0.type): \($0.message.isEmpty ? $0.reason : $0.message)" }
                    .joined(separator: "\n")
            ),
            at: 0
        )
        for fact in facts {
            cluster.setCondition(
                fact.type,
                fact.isTrue,
                reason: fact.reason,
                message: fact.message,
                at: scene.now
            )
        }
    }

    private func phase(of cluster: SandboxObject) -> String {
        if cluster.isDeleting { return "Deleting" }
        let hasEndpoint = cluster.spec["controlPlaneEndpoint"]?["host"]?.string != nil
        if family.isInfrastructureReady, hasEndpoint { return "Provisioned" }
        let isPending = family.infrastructureKey == nil && family.controlPlaneKey == nil
        return isPending ? "Pending" : "Provisioning"
    }

    /// One condition.
    private struct Fact {
        let type: String
        let isTrue: Bool
        let reason: String
        let message: String

        init(_ type: String, _ isTrue: Bool, _ reason: String, _ message: String = "") {
            self.type = type
            self.isTrue = isTrue
            self.reason = reason
            self.message = message
        }
    }

    /// What `Available` goes by.
    private static let summary: Set<String> = [
        "RemoteConnectionProbe", "InfrastructureReady", "ControlPlaneAvailable",
        "WorkersAvailable",
    ]

    private func parts() -> [Fact] {
        var facts = [
            infrastructure, controlPlaneInitialized, controlPlaneAvailable, workers, probe,
        ]
        let masters = family.masters
        let others = family.machines.filter { $0.labels[ClusterMark.controlPlane] == nil }
        facts.append(ready("ControlPlaneMachinesReady", masters))
        facts.append(ready("WorkerMachinesReady", others))
        let owners = ([family.controlPlane].compactMap { $0 } + family.deployments)
        func any(_ type: String) -> [String] {
            owners.filter { $0.condition(type)?["status"]?.string == "True" }
                .map { "\($0.kind.name) \($0.name)" }
        }
        let rolling = any("RollingOut")
        for type in ["ControlPlaneMachinesUpToDate", "WorkerMachinesUpToDate"] {
            let isMaster = type.hasPrefix("Control")
            let isRolling = owners.contains { owner in
                (owner.key == family.controlPlaneKey) == isMaster
                    && owner.condition("RollingOut")?["status"]?.string == "True"
            }
            facts.append(Fact(type, !isRolling, isRolling ? "NotUpToDate" : "UpToDate"))
        }
        for type in ["RollingOut", "ScalingUp", "ScalingDown"] {
            let names = type == "RollingOut" ? rolling : any(type)
            let reason = names.isEmpty ? "Not\(type)" : type
            facts.append(
                Fact(type, !names.isEmpty, reason, names.map { "* \($0)" }.joined(separator: "\n"))
            )
        }
        facts.append(Fact("Remediating", false, "NotRemediating"))
        facts.append(Fact("Deleting", false, "NotDeleting"))
        facts.append(Fact("Paused", false, "NotPaused"))
        if family.topology != nil { facts.append(topology(rolling)) }
        return facts
    }

    private var infrastructure: Fact {
        guard let key = family.infrastructureKey else {
            return Fact("InfrastructureReady", true, "Ready")
        }
        guard let object = family.infrastructure else {
            let message = "\(key.kind.name) does not exist"
            return Fact("InfrastructureReady", false, "ObjectDoesNotExist", message)
        }
        let condition = object.condition("Ready")
        let isFine = family.isInfrastructureReady && condition?["status"]?.string != "False"
        return Fact(
            "InfrastructureReady",
            isFine,
            isFine ? "Ready" : "NotReady",
            isFine ? "" : condition?["message"]?.string ?? "\(key.kind.name) is not provisioned"
        )
    }

    private var controlPlaneInitialized: Fact {
        guard let key = family.controlPlaneKey, family.controlPlane != nil else {
            let name = family.controlPlaneKey?.kind.name ?? "Control plane"
            let message = "\(name) does not exist"
            return Fact("ControlPlaneInitialized", false, "ObjectDoesNotExist", message)
        }
        return family.isInitialized
            ? Fact("ControlPlaneInitialized", true, "Initialized")
            : Fact(
                "ControlPlaneInitialized",
                false,
                "NotInitialized",
                "Control plane not yet initialized: \(key.kind.name) \(key.name)"
            )
    }

    private var controlPlaneAvailable: Fact {
        let masters = family.masters
        let isUp =
            family.isInitialized
            && (!family.hasMasters || masters.contains(where: \.isRunningMachine))
        let fault = masters.compactMap { $0.condition("NodeReady")?["message"]?.string }
            .first { !$0.isEmpty }
        let managed = family.controlPlane?.condition("Ready")?["message"]?.string ?? ""
        let message = fault ?? (managed.isEmpty ? "Control plane not yet available" : managed)
        return Fact(
            "ControlPlaneAvailable",
            isUp,
            isUp ? "Available" : "NotAvailable",
            isUp ? "" : message
        )
    }

    private var workers: Fact {
        let owners = family.deployments + family.pools
        guard !owners.isEmpty else { return Fact("WorkersAvailable", true, "NoWorkers") }
        let lacking = owners.filter { owner in
            (owner.status["availableReplicas"]?.int ?? 0) < owner.wantedReplicas
        }
        let words = lacking.map { owner in
            let fault = family.machines(of: owner).compactMap { machine in
                machine.condition("InfrastructureReady")?["message"]?.string.flatMap {
                    $0.isEmpty ? nil : $0
                }
            }.first
            let count = owner.status["availableReplicas"]?.int ?? 0
            return "* \(owner.kind.name) \(owner.name): \(count) available replicas, at least "
                + "\(owner.wantedReplicas) required" + (fault.map { ": \($0)" } ?? "")
        }
        return Fact(
            "WorkersAvailable",
            lacking.isEmpty,
            lacking.isEmpty ? "Available" : "NotAvailable",
            words.joined(separator: "\n")
        )
    }

    private var probe: Fact {
        let silent = "Remote connection probe failed: played by the sandbox"
        if let message = scene.suffers(.neverReady, family.cluster, silent) {
            return Fact("RemoteConnectionProbe", false, "ProbeFailed", message)
        }
        return family.isInitialized
            ? Fact("RemoteConnectionProbe", true, "ProbeSucceeded")
            : Fact(
                "RemoteConnectionProbe",
                false,
                "ProbeFailed",
                "Remote connection not established yet"
            )
    }

    private func ready(_ type: String, _ machines: [SandboxObject]) -> Fact {
        guard !machines.isEmpty else { return Fact(type, true, "NoReplicas") }
        let lacking = machines.filter { !$0.isRunningMachine }
        return Fact(
            type,
            lacking.isEmpty,
            lacking.isEmpty ? "Ready" : "NotReady",
            lacking.map { "* Machine \($0.name): not ready" }.joined(separator: "\n")
        )
    }

    private func topology(_ rolling: [String]) -> Fact {
        let version = family.topology?["version"]?.string ?? ""
        let behind = family.deployments.filter { deployment in
            deployment.spec["template"]?["spec"]?["version"]?.string != version
        }
        let isCreating = family.controlPlane == nil || !family.isInitialized
        if isCreating { return Fact("TopologyReconciled", false, "ClusterCreating") }
        let isCurrent = behind.isEmpty && rolling.isEmpty
        return Fact(
            "TopologyReconciled",
            isCurrent,
            isCurrent ? "ReconcileSucceeded" : "ClusterUpgrading",
            isCurrent ? "" : "Cluster is upgrading to \(version)"
        )
    }

    private func counters(_ owners: [SandboxObject], machines: [SandboxObject]) -> JSON {
        func sum(_ field: String) -> JSON {
            .integer(owners.reduce(0) { $0 + ($1.status[field]?.int ?? 0) })
        }
        var result: JSONObject = [:]
        result["desiredReplicas"] = .integer(
            owners.reduce(0) {
                $0 + ($1.spec["replicas"]?.int ?? ($1.status["replicas"]?.int ?? 0))
            }
        )
        for field in ["replicas", "readyReplicas", "availableReplicas", "upToDateReplicas"] {
            result[field] = sum(field)
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
