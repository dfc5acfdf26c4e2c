import Domain
import JSON

/// Plays the topology controller: from one Cluster and its class to the objects of a cluster.
struct TopologyPart {
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
        let references = maker.references
        if cluster.spec["infrastructureRef"] == nil || cluster.spec["controlPlaneRef"] == nil {
            try await scene.cluster.update(cluster.key, as: "capi-topology") { cluster in
                cluster.spec["infrastructureRef"] = references.infrastructure
                cluster.spec["controlPlaneRef"] = references.controlPlane
                cluster.setLabel(ClusterMark.topologyOwned, "")
            }
            try await clone(maker.infrastructure, from: maker.infrastructureTemplate)
            try await clone(maker.controlPlane, from: maker.controlPlaneTemplate)
            return true
        }
        if family.infrastructure == nil {
            try await clone(maker.infrastructure, from: maker.infrastructureTemplate)
        }
        if family.controlPlane == nil {
            try await clone(maker.controlPlane, from: maker.controlPlaneTemplate)
        } else if let key = family.controlPlaneKey {
            try await follow(topology, at: key)
        }
        try await workers(maker, family)
        return false
    }

    /// Makes an object after its template.
    private func clone(
        _ object: JSONObject,
        from template: SandboxKey?
    ) async throws(SandboxStatus) {
        var object = object
        if let template, let model = try await scene.cluster.get(template) {
            let spec = model.spec["template"]?["spec"] ?? [:]
            object["spec"] = spec.merging(patch: object["spec"] ?? [:])
        }
        do throws(SandboxStatus) {
            try await scene.make(.object(object), in: scene.cluster)
        } catch {
            // A kind that is not served: the Cluster waits for it.
            guard error.reason == .notFound else { throw error }
        }
    }

    private func follow(_ topology: JSON, at key: SandboxKey) async throws(SandboxStatus) {
        try await scene.cluster.update(key, as: "capi-topology") { object in
            object.spec["version"] = topology["version"]
            if let replicas = topology["controlPlane"]?["replicas"] {
                object.spec["replicas"] = replicas
            }
        }
    }

    /// Workers follow when the control plane is done with its own upgrade.
    private func workers(
        _ maker: TopologyMaker,
        _ family: ClusterFamily
    ) async throws(SandboxStatus) {
        let version = maker.topology["version"]?.string
        let isDone = family.controlPlane?.status["version"]?.string == version
        let isRolling = family.controlPlane?.condition("RollingOut")?["status"]?.string == "True"
        var wanted: Set<String> = []
        for worker in maker.topology["workers"]?["machineDeployments"]?.array ?? [] {
            let object = maker.deployment(worker)
            let name = object["metadata"]?["name"]?.string ?? ""
            wanted.insert(name)
            guard let before = family.deployments.first(where: { $0.name == name }) else {
                try await scene.make(.object(object), in: scene.cluster)
                continue
            }
            try await scene.cluster.update(before.key, as: "capi-topology") { deployment in
                if let replicas = worker["replicas"] { deployment.spec["replicas"] = replicas }
                guard isDone, !isRolling, let version else { return }
                let patch: JSON = ["spec": ["version": .string(version)]]
                deployment.spec["template"] =
                    (deployment.spec["template"] ?? [:]).merging(patch: patch)
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

    var infrastructureTemplate: SandboxKey? { template(blueprint.spec["infrastructure"]) }
    var controlPlaneTemplate: SandboxKey? { template(blueprint.spec["controlPlane"]) }

    private func template(_ part: JSON?) -> SandboxKey? {
        blueprint.target(of: part?["templateRef"] ?? part?["ref"])
    }

    private func name(_ part: String) -> String {
        "\(cluster.name)-\(Draw.suffix("\(cluster.uid) \(part)"))"
    }

    var references: (infrastructure: JSON?, controlPlane: JSON?) {
        (
            reference(infrastructureTemplate, name("infrastructure")),
            reference(controlPlaneTemplate, name("controlPlane"))
        )
    }

    private func reference(_ template: SandboxKey?, _ name: String) -> JSON? {
        template.map { template in
            [
                "apiGroup": .string(template.kind.group),
                "kind": .string(Self.kind(of: template)), "name": .string(name),
            ]
        }
    }

    private static func kind(of template: SandboxKey) -> String {
        let name = template.kind.name
        return name.hasSuffix("Template") ? String(name.dropLast(8)) : name
    }

    var infrastructure: JSONObject {
        object(
            infrastructureTemplate,
            blueprint.spec["infrastructure"],
            name("infrastructure"),
            spec: [:]
        )
    }

    var controlPlane: JSONObject {
        var spec: JSONObject = [:]
        spec["version"] = topology["version"]
        spec["replicas"] = topology["controlPlane"]?["replicas"]
        let machine = blueprint.spec["controlPlane"]?["machineInfrastructure"]
        if let key = template(machine) {
            spec["machineTemplate"] = [
                "spec": [
                    "infrastructureRef": [
                        "apiGroup": .string(key.kind.group), "kind": .string(key.kind.name),
                        "name": .string(key.name),
                    ]
                ]
            ]
        }
        return object(
            controlPlaneTemplate,
            blueprint.spec["controlPlane"],
            name("controlPlane"),
            spec: spec
        )
    }

    private func object(
        _ template: SandboxKey?,
        _ part: JSON?,
        _ name: String,
        spec: JSONObject
    ) -> JSONObject {
        let reference = part?["templateRef"] ?? part?["ref"]
        return [
            "apiVersion": reference?["apiVersion"] ?? "",
            "kind": .string(template.map(Self.kind) ?? ""), "metadata": .object(metadata(name)),
            "spec": .object(spec),
        ]
    }

    private func metadata(_ name: String) -> JSONObject {
        [
            "name": .string(name), "namespace": .string(cluster.namespace ?? ""),
            "labels": [
                ClusterMark.cluster: .string(cluster.name), ClusterMark.topologyOwned: "",
            ],
            "ownerReferences": [cluster.reference(isController: false)],
        ]
    }

    func deployment(_ worker: JSON) -> JSONObject {
        let workerName = worker["name"]?.string ?? ""
        let classes = blueprint.spec["workers"]?["machineDeployments"]?.array ?? []
        let model = classes.first { $0["class"] == worker["class"] }
        func reference(_ part: String) -> JSON? {
            let old = model?["template"]?[part]?["ref"]
            guard let key = blueprint.target(of: model?[part]?["templateRef"] ?? old) else {
                return nil
            }
            return [
                "apiGroup": .string(key.kind.group), "kind": .string(key.kind.name),
                "name": .string(key.name),
            ]
        }
        let labels: JSON = [
            ClusterMark.cluster: .string(cluster.name),
            ClusterMark.topologyDeployment: .string(workerName), ClusterMark.topologyOwned: "",
        ]
        var template: JSONObject = ["clusterName": .string(cluster.name)]
        template["version"] = topology["version"]
        template["bootstrap"] = reference("bootstrap").map { ["configRef": $0] }
        template["infrastructureRef"] = reference("infrastructure")
        var metadata = self.metadata("\(cluster.name)-\(workerName)-\(Draw.suffix(cluster.uid))")
        metadata["labels"] = labels
        return [
            "apiVersion": .string(cluster.apiVersion ?? ""), "kind": "MachineDeployment",
            "metadata": .object(metadata),
            "spec": [
                "clusterName": .string(cluster.name), "replicas": worker["replicas"] ?? 1,
                "selector": ["matchLabels": labels],
                "template": [
                    "metadata": [
                        "labels": labels.merging(patch: worker["metadata"]?["labels"] ?? [:])
                    ],
                    "spec": .object(template),
                ],
            ],
        ]
    }
}
