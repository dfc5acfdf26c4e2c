import JSON

/// Plays the topology controller: from one Cluster and its class to the objects of a cluster.
struct TopologyPart {
    private static let manager = "capi-topology"

    let scene: Scene

    /// Which class is missing, in words; nil where none is needed or it is there.
    func missingClass(of cluster: SandboxObject) async throws(SandboxStatus) -> String? {
        guard let key = Self.classKey(of: cluster) else { return nil }
        guard try await scene.cluster.get(key) == nil else { return nil }
        return "ClusterClass \(key.namespace ?? "")/\(key.name) not found"
    }

    private static func classKey(of cluster: SandboxObject) -> SandboxKey? {
        guard let topology = cluster.spec["topology"] else { return nil }
        let name = topology["classRef"]?["name"]?.string ?? topology["class"]?.string
        let namespace =
            topology["classRef"]?["namespace"]?.string ?? topology["classNamespace"]?.string
        return name.map { SandboxKey(.clusterClass, namespace ?? cluster.namespace, $0) }
    }

    /// Makes and changes what the topology asks for; whether the Cluster itself was changed.
    func play(_ family: ClusterFamily) async throws(SandboxStatus) -> Bool {
        let cluster = family.cluster
        guard let topology = family.topology, let key = Self.classKey(of: cluster),
            let blueprint = try await scene.cluster.get(key)
        else { return false }
        let maker = TopologyMaker(cluster: cluster, topology: topology, blueprint: blueprint)
        let isNew = family.infrastructureKey == nil || family.controlPlaneKey == nil
        if isNew {
            try await scene.cluster.update(cluster.key, as: Self.manager) { cluster in
                cluster.spec["infrastructureRef"] = maker.reference(to: "infrastructure")
                cluster.spec["controlPlaneRef"] = maker.reference(to: "controlPlane")
                cluster.setLabel(ClusterMark.topologyOwned, "")
            }
        }
        if family.infrastructure == nil { try await clone("infrastructure", [:], maker) }
        if let controlPlane = family.controlPlane {
            try await scene.cluster.update(controlPlane.key, as: Self.manager) { object in
                for member in maker.controlPlane where member.key != "machineTemplate" {
                    object.spec[member.key] = member.value
                }
            }
        } else {
            try await clone("controlPlane", maker.controlPlane, maker)
        }
        if !isNew { try await workers(maker, family) }
        return isNew
    }

    /// Makes a part of the cluster after its template.
    private func clone(
        _ part: String,
        _ spec: JSONObject,
        _ maker: TopologyMaker
    ) async throws(SandboxStatus) {
        guard let template = maker.template(part) else { return }
        let model = try await scene.cluster.get(template)?.spec["template"]?["spec"]
        let merged = (model ?? [:]).merging(patch: .object(spec))
        do throws(SandboxStatus) {
            try await scene.make(maker.object(part, spec: merged))
        } catch {
            // A kind that is not served: the Cluster waits for it.
            guard error.reason == .notFound else { throw error }
        }
    }

    /// Workers follow when the control plane is done with its own upgrade.
    private func workers(
        _ maker: TopologyMaker,
        _ family: ClusterFamily
    ) async throws(SandboxStatus) {
        let version = maker.topology["version"]
        let isDone =
            family.controlPlane?.status["version"] == version
            && family.controlPlane?.holds("RollingOut") == false
        var wanted: Set<String> = []
        for worker in maker.topology["workers"]?["machineDeployments"]?.array ?? [] {
            let name = maker.name(of: worker)
            wanted.insert(name)
            guard let before = family.deployments.first(where: { $0.name == name }) else {
                try await scene.make(maker.deployment(worker))
                continue
            }
            try await scene.cluster.update(before.key, as: Self.manager) { deployment in
                if let replicas = worker["replicas"] { deployment.spec["replicas"] = replicas }
                guard isDone, let version else { return }
                let patch: JSON = ["spec": ["version": version]]
                deployment.spec["template"] = deployment.spec["template"]?.merging(patch: patch)
            }
        }
        for deployment in family.deployments
        where deployment.labels[ClusterMark.topologyOwned] != nil
            && !wanted.contains(deployment.name) && !deployment.isDeleting
        {
            try await scene.cluster.delete(deployment.key, uid: deployment.uid)
        }
    }
}

/// The objects of a topology.
struct TopologyMaker {
    let cluster: SandboxObject
    let topology: JSON
    let blueprint: SandboxObject

    /// What the class makes a part of the cluster from.
    func template(_ part: String) -> SandboxKey? { target(blueprint.spec[part]) }

    private func target(_ part: JSON?) -> SandboxKey? {
        blueprint.target(of: part?["templateRef"] ?? part?["ref"])
    }

    private func name(_ part: String) -> String {
        "\(cluster.name)-\(Draw.suffix("\(cluster.uid) \(part)"))"
    }

    private static func kind(_ template: SandboxKey) -> String {
        let name = template.kind.name
        return name.hasSuffix("Template") ? String(name.dropLast("Template".count)) : name
    }

    private static func reference(_ key: SandboxKey) -> JSON {
        [
            "apiGroup": .string(key.kind.group), "kind": .string(key.kind.name),
            "name": .string(key.name),
        ]
    }

    /// How the Cluster names a part that is made from its template.
    func reference(to part: String) -> JSON? {
        template(part).map { template in
            let kind = SandboxKind(template.kind.group, Self.kind(template))
            return Self.reference(SandboxKey(kind, name(part)))
        }
    }

    /// What the topology says of the control plane.
    var controlPlane: JSONObject {
        var spec: JSONObject = [:]
        spec["version"] = topology["version"]
        spec["replicas"] = topology["controlPlane"]?["replicas"]
        if let key = target(blueprint.spec["controlPlane"]?["machineInfrastructure"]) {
            spec["machineTemplate"] = ["spec": ["infrastructureRef": Self.reference(key)]]
        }
        return spec
    }

    /// A part of the cluster.
    func object(_ part: String, spec: JSON) -> JSON {
        let model = blueprint.spec[part]
        let version = (model?["templateRef"] ?? model?["ref"])?["apiVersion"]?.string
        return .manifest(
            version ?? "",
            template(part).map(Self.kind) ?? "",
            name(part),
            in: cluster.namespace,
            labels: [ClusterMark.cluster: cluster.name, ClusterMark.topologyOwned: ""],
            owner: cluster.reference(isController: false),
            ["spec": spec]
        )
    }

    /// What the MachineDeployment of a worker class is called.
    func name(of worker: JSON) -> String {
        "\(cluster.name)-\(worker["name"]?.string ?? "")-\(Draw.suffix(cluster.uid))"
    }

    func deployment(_ worker: JSON) -> JSON {
        let classes = blueprint.spec["workers"]?["machineDeployments"]?.array ?? []
        let model = classes.first { $0["class"] == worker["class"] }
        func reference(_ part: String) -> JSON? {
            target(model?[part] ?? model?["template"]?[part]).map(Self.reference)
        }
        let labels = [
            ClusterMark.cluster: cluster.name, ClusterMark.topologyOwned: "",
            ClusterMark.topologyDeployment: worker["name"]?.string ?? "",
        ]
        var template: JSONObject = ["clusterName": .string(cluster.name)]
        template["version"] = topology["version"]
        template["bootstrap"] = reference("bootstrap").map { ["configRef": $0] }
        template["infrastructureRef"] = reference("infrastructure")
        let all = JSON.texts(labels).merging(patch: worker["metadata"]?["labels"] ?? [:])
        let spec: JSON = [
            "clusterName": .string(cluster.name), "replicas": worker["replicas"] ?? 1,
            "selector": ["matchLabels": .texts(labels)],
            "template": ["metadata": ["labels": all], "spec": .object(template)],
        ]
        return .manifest(
            cluster.apiVersion ?? "",
            "MachineDeployment",
            name(of: worker),
            in: cluster.namespace,
            labels: labels,
            owner: cluster.reference(isController: false),
            ["spec": spec]
        )
    }
}
