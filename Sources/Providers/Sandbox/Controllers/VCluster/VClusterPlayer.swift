import Domain
import JSON
import YAML

/// Plays the vcluster provider of Cluster API: it installs the chart and hands out a kubeconfig.
struct VClusterPlayer: ReturningPlayer {
    let name = "cluster-api-provider-vcluster"
    let kind = SandboxKind.virtualCluster
    var others: [SandboxKind] { [.statefulSet, .capiCluster, .secret] }
    func runs(in cluster: String) -> Bool { cluster == SandboxServer.management }

    func keys(for change: SandboxChange) -> [SandboxKey] {
        let object = change.object
        if object.kind == .statefulSet {
            let mark = object.annotations[VirtualClusterChart.installer]
            return VirtualClusterChart.key(mark, of: kind).map { [$0] } ?? []
        }
        if object.kind == .secret {
            guard change.isDeleted, let cluster = object.labels[ClusterMark.cluster] else {
                return []
            }
            return [SandboxKey(kind, object.namespace, cluster)]
        }
        guard object.target(of: object.spec["controlPlaneRef"])?.kind == kind else { return [] }
        return object.target(of: object.spec["controlPlaneRef"]).map { [$0] } ?? []
    }

    func play(
        _ object: SandboxObject,
        in scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        let cluster = object.labels[ClusterMark.cluster] ?? object.name
        let owner = try await scene.cluster.get(
            SandboxKey(.capiCluster, object.namespace, cluster)
        )
        if owner?.isPaused == true || object.isPaused { return .none }
        let chart = try chart(of: object, named: cluster, scene)
        let finalizer = kind.clusterFinalizer
        if object.isDeleting {
            let stuck = "held by a played fault"
            if scene.suffers(.deletionStuck, object, stuck) != nil { return scene.soon }
            try await chart.uninstall()
            let step = SandboxPace.Step.deleting
            if let rest = scene.rest(step, since: object.deletionTime, for: object) {
                return .after(rest)
            }
            try await scene.cluster.delete(secret(object, cluster))
            try await scene.finalizer(finalizer, false, on: object)
            return .none
        }
        // Without its Cluster it waits, as the contract has it.
        guard let owner else { return scene.soon }
        try await scene.finalizer(finalizer, true, on: object)
        guard let version = object.spec["helmRelease"]?["chart"]?["version"]?.string,
            !version.isEmpty
        else {
            let message = "empty value of the .spec.HelmRelease.Version field"
            try await report(object, isUp: false, message, scene)
            return .none
        }
        let silent = "the control plane does not come up: played by the sandbox"
        let fault =
            scene.suffers(.controlPlaneNeverUp, object, silent)
            ?? scene.suffers(.controlPlaneNeverUp, owner, silent)
        if let fault {
            try await report(object, isUp: false, fault, scene)
            return scene.soon
        }
        try await chart.install()
        let isUp = try await chart.follow()
        if isUp {
            try await TenantPlace(scene: scene, name: cluster).secret(
                secret(object, cluster),
                entry: "value",
                owner: object
            )
        }
        try await report(object, isUp: isUp, "the control plane is not ready yet", scene)
        return .none
    }

    private func secret(_ object: SandboxObject, _ cluster: String) -> SandboxKey {
        SandboxKey(.secret, object.namespace, "\(cluster)-kubeconfig")
    }

    private func chart(
        of object: SandboxObject,
        named cluster: String,
        _ scene: Scene
    ) throws(SandboxStatus) -> VirtualClusterChart {
        let release = object.spec["helmRelease"]
        let text = release?["values"]?.string ?? ""
        // Values that are no YAML are none: the chart's own hold.
        let values = (try? YAML.parse(Array(text.utf8))) ?? [:]
        return VirtualClusterChart(
            scene: scene,
            name: cluster,
            namespace: object.namespace ?? "",
            version: release?["chart"]?["version"]?.string ?? "",
            values: values.object == nil ? [:] : values,
            installer: object
        )
    }

    private func report(
        _ object: SandboxObject,
        isUp: Bool,
        _ message: String,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        if isUp, object.spec["controlPlaneEndpoint"]?["host"]?.string?.isEmpty ?? true {
            let host = "\(object.name).\(object.namespace ?? "").svc"
            try await scene.cluster.update(object.key, as: name) { object in
                object.spec["controlPlaneEndpoint"] = ["host": .string(host), "port": 443]
            }
        }
        try await scene.report(object) { object in
            let wasUp = object.status["initialized"]?.bool == true
            object.status["observedGeneration"] = .integer(object.generation)
            object.status["ready"] = .bool(isUp)
            object.status["initialized"] = .bool(isUp || wasUp)
            if isUp {
                object.status["initialization"] = [
                    "controlPlaneInitialized": true, "provisioned": true,
                ]
                object.status["version"] = "v1.34.0"
            }
            for type in ["Ready", "ControlPlaneInitialized", "KubeconfigReady"] {
                object.setCondition(
                    type,
                    isUp,
                    reason: isUp ? "Ready" : "NotReady",
                    message: isUp ? "" : message,
                    at: scene.now
                )
            }
        }
    }
}
