import JSON

/// Plays the vcluster provider of Cluster API: it installs the chart and hands out a kubeconfig.
struct VClusterPlayer: Player {
    let name = "cluster-api-provider-vcluster"
    let kind = SandboxKind.virtualCluster
    var others: [SandboxKind] { [.statefulSet, .capiCluster, .secret] }
    func runs(in cluster: String) -> Bool { cluster == SandboxServer.management }

    func keys(for change: SandboxChange) -> [SandboxKey] {
        let object = change.object
        var key: SandboxKey?
        switch object.kind {
        case .statefulSet: key = VirtualClusterChart.key(ofInstaller: object, kind)
        case .secret where change.isDeleted:
            let name = object.labels[ClusterMark.cluster]
            key = name.map { SandboxKey(kind, object.namespace, $0) }
        case .capiCluster: key = object.target(of: object.spec["controlPlaneRef"])
        default: break
        }
        return key.flatMap { $0.kind == kind ? [$0] : nil } ?? []
    }

    func play(_ object: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        let cluster = object.labels[ClusterMark.cluster] ?? object.name
        let ownerKey = SandboxKey(.capiCluster, object.namespace, cluster)
        let owner = try await scene.cluster.get(ownerKey)
        if owner?.isPaused == true || object.isPaused { return }
        let release = object.spec["helmRelease"]
        let version = release?["chart"]?["version"]?.string ?? ""
        let chart = VirtualClusterChart(
            scene: scene,
            name: cluster,
            namespace: object.namespace ?? "",
            version: version,
            values: VirtualClusterChart.values(release?["values"]),
            installer: object
        )
        let secret = SandboxKey(.secret, object.namespace, "\(cluster)-kubeconfig")
        if object.isDeleting { return try await end(object, chart, secret, scene) }
        // Without its Cluster it waits, as the contract has it.
        guard let owner else { return scene.lookSoon() }
        try await scene.finalizer(kind.clusterFinalizer, true, on: object)
        guard !version.isEmpty else {
            let message = "empty value of the .spec.HelmRelease.Version field"
            return try await report(object, isUp: false, message, scene)
        }
        let silent = "the control plane does not come up: played by the sandbox"
        let fault =
            scene.suffers(.controlPlaneNeverUp, object, silent)
            ?? scene.suffers(.controlPlaneNeverUp, owner, silent)
        if let fault { return try await report(object, isUp: false, fault, scene) }
        try await chart.install()
        let isUp = try await chart.follow()
        if isUp {
            let tenant = TenantPlace(scene: scene, name: cluster)
            try await tenant.secret(secret, entry: "value", owner: object)
        }
        let reason = "the control plane is not ready yet"
        try await report(object, isUp: isUp, reason, scene, version: chart.kubernetesVersion)
    }

    private func end(
        _ object: SandboxObject,
        _ chart: VirtualClusterChart,
        _ secret: SandboxKey,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        guard scene.suffers(.deletionStuck, object) == nil else { return }
        try await chart.uninstall()
        let step = SandboxPace.Step.deleting
        guard scene.hasPassed(step, since: object.deletionTime, for: object) else { return }
        try await scene.cluster.delete(secret)
        try await scene.finalizer(kind.clusterFinalizer, false, on: object)
    }

    private func report(
        _ object: SandboxObject,
        isUp: Bool,
        _ message: String,
        _ scene: Scene,
        version: String? = nil
    ) async throws(SandboxStatus) {
        if isUp, object.spec["controlPlaneEndpoint"]?["host"]?.string?.isEmpty ?? true {
            let host = "\(object.name).\(object.namespace ?? "").svc"
            try await scene.cluster.update(object.key, as: name) { object in
                object.spec["controlPlaneEndpoint"] = ["host": .string(host), "port": 443]
            }
        }
        let facts = ["Ready", "ControlPlaneInitialized", "KubeconfigReady"].map { type in
            Fact(type, isUp, "Ready", or: "NotReady", message)
        }
        try await scene.report(object, facts) { object in
            let wasUp = object.status["initialized"] == true
            object.count(object.generation, "observedGeneration")
            object.status["ready"] = .bool(isUp)
            object.status["initialized"] = .bool(isUp || wasUp)
            guard isUp else { return }
            let initialization: JSON = ["controlPlaneInitialized": true, "provisioned": true]
            object.status["initialization"] = initialization
            object.status["version"] = version.map { .string($0) }
        }
    }
}
