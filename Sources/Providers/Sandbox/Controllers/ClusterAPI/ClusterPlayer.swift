import Domain
import JSON

/// Plays Cluster API with its providers, a Cluster and all that belongs to it in one look: any
/// provider's kinds, by the contracts that they keep.
struct ClusterPlayer: ReturningPlayer {
    let name = "capi-controller-manager"
    let kind = SandboxKind.capiCluster

    var others: [SandboxKind] {
        [.machine, .machineDeployment, .machinePool, .machineHealthCheck, .clusterClass, .secret]
            + SandboxKind.ofProviders
    }

    func runs(in cluster: String) -> Bool { cluster == SandboxServer.management }

    func keys(for change: SandboxChange) -> [SandboxKey] {
        let object = change.object
        if object.kind == .clusterClass { return [SandboxKey(kind, nil, "*")] }
        if object.kind == .secret, !change.isDeleted { return [] }
        let name = object.spec["clusterName"]?.string ?? object.labels[ClusterMark.cluster]
        if let name { return [SandboxKey(kind, object.namespace, name)] }
        let isProviders = SandboxKind.ofProviders.contains(object.kind)
        return isProviders ? [SandboxKey(kind, object.namespace, "*")] : []
    }

    func play(
        _ cluster: SandboxObject,
        in scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        guard !cluster.isPaused else {
            try await scene.report(cluster) { cluster in
                cluster.setCondition("Paused", true, reason: "Paused", at: scene.now)
            }
            return .none
        }
        let topology = TopologyPart(scene: scene)
        if let missing = try await topology.missingClass(of: cluster) {
            try await scene.report(cluster) { cluster in
                cluster.setCondition(
                    "TopologyReconciled",
                    false,
                    reason: "ClusterClassNotReconciled",
                    message: missing,
                    at: scene.now
                )
            }
            return .none
        }
        var family = try await ClusterFamily(of: cluster, in: scene)
        if cluster.isDeleting { return try await ClusterEnding(scene: scene).play(family) }
        try await scene.finalizer(ClusterMark.finalizer, true, on: cluster)
        if family.topology != nil, try await topology.play(family) {
            guard let newer = try await scene.cluster.get(cluster.key) else { return .none }
            family = try await ClusterFamily(of: newer, in: scene)
        }
        var requeue = try await InfrastructurePart(scene: scene).play(family)
        requeue = requeue.sooner(try await ControlPlanePart(scene: scene).play(family))
        requeue = requeue.sooner(try await WorkersPart(scene: scene).play(family))
        requeue = requeue.sooner(try await MachinePart(scene: scene).play(family))
        guard let newer = try await scene.cluster.get(cluster.key) else { return .none }
        family = try await ClusterFamily(of: newer, in: scene)
        try await place(family, scene)
        try await checks(of: family, scene)
        let report = ClusterReport(family: family, scene: scene)
        try await scene.report(newer) { report.fill(&$0) }
        return requeue.sooner(.after(scene.pace.of(watching(family))))
    }

    /// How soon to look again for what nobody tells of.
    private func watching(_ family: ClusterFamily) -> Int {
        let isThere =
            (family.infrastructureKey == nil || family.infrastructure != nil)
            && (family.controlPlaneKey == nil || family.controlPlane != nil)
        return isThere ? SandboxPace.Step.watching : SandboxPace.Step.looking
    }

    /// The tenant's API server and the way to it.
    private func place(
        _ family: ClusterFamily,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        guard family.isInitialized, let controlPlane = family.controlPlane,
            controlPlane.kind != .virtualCluster
        else { return }
        let tenant = TenantPlace(scene: scene, name: family.cluster.name)
        try await tenant.secret(
            SandboxKey(.secret, family.cluster.namespace, "\(family.cluster.name)-kubeconfig"),
            entry: "value",
            type: "cluster.x-k8s.io/secret",
            labels: [ClusterMark.cluster: family.cluster.name],
            owner: controlPlane
        )
        try await tenant.nodes(of: family)
    }

    private func checks(
        of family: ClusterFamily,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        for check in family.checks {
            let labels = check.spec["selector"]?["matchLabels"]?.object ?? JSONObject()
            let targets = family.machines.filter { machine in
                labels.allSatisfy { machine.labels[$0.key] == $0.value.string }
            }
            let healthy = targets.filter(\.isRunningMachine).count
            try await scene.report(check) { check in
                check.status["observedGeneration"] = .integer(check.generation)
                check.status["expectedMachines"] = .integer(targets.count)
                check.status["currentHealthy"] = .integer(healthy)
                check.status["remediationsAllowed"] = .integer(targets.count)
                check.status["targets"] = .array(targets.map { .string($0.name) })
                check.setCondition(
                    "RemediationAllowed",
                    true,
                    reason: "RemediationAllowed",
                    at: scene.now
                )
                check.setCondition("Paused", false, reason: "NotPaused", at: scene.now)
            }
        }
    }
}
