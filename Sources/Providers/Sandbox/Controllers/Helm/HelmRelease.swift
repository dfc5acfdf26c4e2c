import JSON
import Secrets

/// What a Helm release puts into a cluster.
struct HelmRelease {
    let object: SandboxObject
    let scene: Scene
    var chart: HelmChart?

    var namespace: String { object.spec["targetNamespace"]?.string ?? object.namespace ?? "" }

    /// The name of the release, as Helm has it.
    var name: String {
        if let name = object.spec["releaseName"]?.string { return name }
        guard let target = object.spec["targetNamespace"]?.string else { return object.name }
        let whole = "\(target)-\(object.name)"
        return whole.utf8.count > 53
            ? "\(whole.prefix(40))-\(Hex.encode(Array(SHA256.hash(whole).prefix(6))))" : whole
    }

    private var values: JSON { object.spec["values"] ?? [:] }

    /// What is installed, in short.
    var digest: String {
        "sha256:\(Hex.encode(SHA256.hash("\(chart?.version ?? "") \(values.text)")))"
    }

    /// Whether that is what was installed last.
    var isInstalled: Bool { object.status["history"]?[0]?["digest"]?.string == digest }

    /// The virtual cluster that it installs; nil where it is another chart.
    private var virtualCluster: VirtualClusterChart? {
        let chartName = chart?.name ?? object.spec["chart"]?["spec"]?["chart"]?.string
        guard chartName == "vcluster", object.spec["kubeConfig"] == nil,
            scene.cluster.name == SandboxServer.management
        else { return nil }
        return VirtualClusterChart(
            scene: scene,
            name: name,
            namespace: namespace,
            version: chart?.version ?? "",
            values: values,
            installer: object
        )
    }

    private var deploymentKey: SandboxKey { SandboxKey(.deployment, namespace, name) }

    /// Puts it there.
    func put() async throws(SandboxStatus) {
        if let virtualCluster {
            // An upgrade is a change of what is installed; nothing else is put back.
            let isThere = try await scene.cluster.get(virtualCluster.setKey) != nil
            if !isThere || !isInstalled { try await virtualCluster.install() }
            return
        }
        let target = try await scene.target(of: object)
        if object.spec["install"]?["createNamespace"]?.bool == true {
            try await scene.make(.manifest("v1", "Namespace", namespace), in: target)
        }
        let replicas =
            values["replicaCount"] ?? values["replicas"] ?? values["controller"]?["replicaCount"]
        let image = "sandbox/\(chart?.name ?? name):\(chart?.version ?? "")"
        let count = replicas?.int ?? 1
        let plain = TenantPlace.deployment(name, in: namespace, replicas: count, image: image)
        let about = "The sandbox installs no charts: this Deployment shows where one would be."
        let marks: JSON = [
            VirtualClusterChart.installer: .string(VirtualClusterChart.mark(of: object)),
            "sandbox.slipway.dev/about": .string(about),
        ]
        let deployment = plain.merging(patch: ["metadata": ["annotations": marks]])
        try await target.apply(deployment, as: scene.manager)
    }

    /// Whether what was put there runs.
    func follow() async throws(SandboxStatus) -> Bool {
        if let virtualCluster { return try await virtualCluster.follow() }
        let deployment = try await scene.target(of: object).get(deploymentKey)
        guard let deployment else { return false }
        return (deployment.status["availableReplicas"]?.int ?? 0) >= deployment.wantedReplicas
    }

    /// Takes it away.
    func remove() async throws(SandboxStatus) {
        if let virtualCluster { return try await virtualCluster.uninstall() }
        try await scene.target(of: object).delete(deploymentKey)
    }

    /// The release as the history has it.
    func historyEntry(_ version: Int, _ first: JSON?) -> JSON {
        let time = JSON.string(scene.now.kubernetesText)
        let chartVersion = JSON.string(chart?.version ?? "")
        return [
            "name": .string(name), "namespace": .string(namespace), "version": .integer(version),
            "chartName": .string(chart?.name ?? ""), "chartVersion": chartVersion,
            "appVersion": chartVersion, "status": "deployed", "digest": .string(digest),
            "configDigest": .string(digest), "lastDeployed": time,
            "firstDeployed": first?["firstDeployed"] ?? time,
        ]
    }
}
