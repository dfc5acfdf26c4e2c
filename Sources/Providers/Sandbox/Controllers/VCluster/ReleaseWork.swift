import Domain
import JSON
import Secrets

/// What a Helm release puts into a cluster.
struct ReleaseWork {
    let release: SandboxObject
    let scene: Scene
    var chart: ReleaseChart?

    init(release: SandboxObject, scene: Scene, chart: ReleaseChart? = nil) {
        self.release = release
        self.scene = scene
        self.chart = chart
    }

    var namespace: String {
        release.spec["targetNamespace"]?.string ?? release.namespace ?? ""
    }

    /// The name of the release, as Helm has it.
    var name: String {
        if let name = release.spec["releaseName"]?.string { return name }
        guard let target = release.spec["targetNamespace"]?.string else { return release.name }
        let whole = "\(target)-\(release.name)"
        return whole.utf8.count > 53
            ? "\(whole.prefix(40))-\(Hex.encode(Array(SHA256.hash(whole).prefix(6))))" : whole
    }

    var isRemote: Bool { release.spec["kubeConfig"] != nil }

    /// What is installed, in short.
    var digest: String {
        let text = "\(chart?.version ?? "") \((release.spec["values"] ?? [:]).text)"
        return "sha256:\(Hex.encode(SHA256.hash(text)))"
    }

    private var isVirtualCluster: Bool {
        let name = chart?.name ?? release.spec["chart"]?["spec"]?["chart"]?.string
        return name == "vcluster" && !isRemote && scene.cluster.name == SandboxServer.management
    }

    private var virtualCluster: VirtualClusterChart {
        VirtualClusterChart(
            scene: scene,
            name: name,
            namespace: namespace,
            version: chart?.version ?? "",
            values: release.spec["values"] ?? [:],
            installer: release
        )
    }

    private var deploymentKey: SandboxKey { SandboxKey(.deployment, namespace, name) }

    /// Puts it there.
    func put() async throws(SandboxStatus) {
        guard !isVirtualCluster else {
            // An upgrade is a change of what is installed; nothing else is put back.
            let key = SandboxKey(.statefulSet, namespace, name)
            let isThere = try await scene.cluster.get(key) != nil
            let isKnown = release.status["history"]?[0]?["digest"]?.string == digest
            if !isThere || !isKnown { try await virtualCluster.install() }
            return
        }
        let target = try await target()
        for definition in ChartKinds.definitions(of: chart?.name ?? "") {
            try await scene.make(definition, in: target)
        }
        if release.spec["install"]?["createNamespace"]?.bool == true {
            try await scene.make(
                [
                    "apiVersion": "v1", "kind": "Namespace",
                    "metadata": ["name": .string(namespace)],
                ],
                in: target
            )
        }
        let values = release.spec["values"]
        let replicas =
            values?["replicaCount"]?.int ?? values?["replicas"]?.int
            ?? values?["controller"]?["replicaCount"]?.int ?? 1
        let image = "sandbox/\(chart?.name ?? name):\(chart?.version ?? "")"
        let plain = TenantPlace.deployment(name, in: namespace, replicas: replicas, image: image)
        let about = "The sandbox installs no charts: this Deployment shows where one would be."
        let marks: JSON = [
            VirtualClusterChart.installer: .string(VirtualClusterChart.mark(of: release)),
            "sandbox.slipway.dev/about": .string(about),
        ]
        try await target.apply(
            plain.merging(patch: ["metadata": ["annotations": marks]]),
            as: scene.manager
        )
    }

    /// Whether what was put there runs.
    func follow() async throws(SandboxStatus) -> Bool {
        if isVirtualCluster { return try await virtualCluster.follow() }
        guard let deployment = try await target().get(deploymentKey) else { return false }
        return (deployment.status["availableReplicas"]?.int ?? 0) >= deployment.wantedReplicas
    }

    /// Takes it away.
    func remove() async throws(SandboxStatus) {
        if isVirtualCluster { return try await virtualCluster.uninstall() }
        try await target().delete(deploymentKey)
    }

    private func target() async throws(SandboxStatus) -> SandboxCluster {
        try await RemoteCluster.of(release, in: scene)
    }

    /// The release as the history has it.
    func historyEntry(_ version: Int, _ first: JSON?, at now: Instant) -> JSON {
        let time = JSON.string(now.kubernetesText)
        return [
            "name": .string(name), "namespace": .string(namespace),
            "version": .integer(version), "chartName": .string(chart?.name ?? ""),
            "chartVersion": .string(chart?.version ?? ""),
            "appVersion": .string(chart?.version ?? ""), "status": "deployed",
            "digest": .string(digest), "configDigest": .string(digest),
            "firstDeployed": first?["firstDeployed"] ?? time, "lastDeployed": time,
        ]
    }
}
