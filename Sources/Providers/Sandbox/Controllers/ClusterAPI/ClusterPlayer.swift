import Domain
import JSON

/// Plays Cluster API with its providers, a Cluster and all that belongs to it in one look: any
/// provider's kinds, by the contracts that they keep.
struct ClusterPlayer: Player {
    let name = "capi-controller-manager"
    let kind = SandboxKind.capiCluster

    var others: [SandboxKind] {
        [.machine, .machineDeployment, .machinePool, .machineHealthCheck, .clusterClass, .secret]
            + SandboxKind.ofProviders
    }

    func runs(in cluster: String) -> Bool { cluster == SandboxServer.management }

    func keys(for change: SandboxChange) -> [SandboxKey] {
        let object = change.object
        if object.kind == .clusterClass { return [all(in: nil)] }
        if object.kind == .secret, !change.isDeleted { return [] }
        let name = object.spec["clusterName"]?.string ?? object.labels[ClusterMark.cluster]
        if let name { return [SandboxKey(kind, object.namespace, name)] }
        let isProviders = SandboxKind.ofProviders.contains(object.kind)
        return isProviders ? [all(in: object.namespace)] : []
    }

    func play(_ cluster: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        guard !cluster.isPaused else {
            return try await scene.report(cluster, [Fact("Paused", true, "Paused")])
        }
        let topology = TopologyPart(scene: scene)
        if let missing = try await topology.missingClass(of: cluster) {
            let reason = "ClusterClassNotReconciled"
            let fact = Fact("TopologyReconciled", false, reason, missing)
            return try await scene.report(cluster, [fact])
        }
        var family = try await ClusterFamily(of: cluster, in: scene)
        if cluster.isDeleting { return try await ClusterEnding(scene: scene).play(family) }
        try await scene.finalizer(kind.clusterFinalizer, true, on: cluster)
        if family.topology != nil, try await topology.play(family) {
            guard let newer = try await scene.cluster.get(cluster.key) else { return }
            family = try await ClusterFamily(of: newer, in: scene)
        }
        try await InfrastructurePart(scene: scene).play(family)
        try await ControlPlanePart(scene: scene).play(family)
        try await WorkersPart(scene: scene).play(family)
        try await MachinePart(scene: scene, family: family).play()
        guard let newer = try await scene.cluster.get(cluster.key) else { return }
        family = try await ClusterFamily(of: newer, in: scene)
        try await place(family, scene)
        for check in family.checks { try await report(check, family, scene) }
        let report = ClusterReport(family: family, scene: scene)
        try await scene.report(newer, report.facts) { report.fill(&$0) }
        // Nobody tells of a reference that leads nowhere yet.
        let isThere =
            (family.infrastructureKey == nil || family.infrastructure != nil)
            && (family.controlPlaneKey == nil || family.controlPlane != nil)
        if !isThere { scene.lookSoon() }
        scene.look(after: scene.pace.of(SandboxPace.Step.watching))
    }

    /// The tenant's API server and the way to it.
    private func place(_ family: ClusterFamily, _ scene: Scene) async throws(SandboxStatus) {
        guard family.isInitialized, let controlPlane = family.controlPlane,
            controlPlane.kind != .virtualCluster
        else { return }
        let cluster = family.cluster
        let tenant = TenantPlace(scene: scene, name: cluster.name)
        try await tenant.secret(
            SandboxKey(.secret, cluster.namespace, "\(cluster.name)-kubeconfig"),
            entry: "value",
            type: "cluster.x-k8s.io/secret",
            labels: [ClusterMark.cluster: cluster.name],
            owner: controlPlane
        )
        try await tenant.keep(nodes(of: family))
    }

    /// A node for every machine that has become one, and for every one of a pool.
    private func nodes(of family: ClusterFamily) -> [String: TenantPlace.Node] {
        let usual = family.controlPlane?.version ?? "v1.34.0"
        let shown = ["node-role.kubernetes.io/", "node.cluster.x-k8s.io/", "node-restriction"]
        var nodes: [String: TenantPlace.Node] = [:]
        for machine in family.machines where machine.status["nodeRef"] != nil {
            var node = TenantPlace.Node(version: machine.version ?? usual)
            node.isReady = machine.isRunningMachine
            node.labels = machine.labels.filter { shown.contains(where: $0.key.hasPrefix) }
            if machine.isMaster { node.labels["node-role.kubernetes.io/control-plane"] = "" }
            nodes[machine.name] = node
        }
        for pool in family.pools {
            let version = pool.spec["template"]?["spec"]?["version"]?.string ?? usual
            for reference in pool.status["nodeRefs"]?.array ?? [] {
                guard let name = reference["name"]?.string else { continue }
                nodes[name] = TenantPlace.Node(version: version)
            }
        }
        return nodes
    }

    private func report(
        _ check: SandboxObject,
        _ family: ClusterFamily,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        let labels = check.spec["selector"]?["matchLabels"]?.object ?? JSONObject()
        let targets = family.machines.filter { machine in
            labels.allSatisfy { machine.labels[$0.key] == $0.value.string }
        }
        let facts = [
            Fact("RemediationAllowed", true, "RemediationAllowed"),
            Fact("Paused", false, "NotPaused"),
        ]
        try await scene.report(check, facts) { check in
            check.count(check.generation, "observedGeneration")
            check.count(targets.count, "expectedMachines", "remediationsAllowed")
            check.count(targets.filter(\.isRunningMachine).count, "currentHealthy")
            check.status["targets"] = .array(targets.map { .string($0.name) })
        }
    }
}
