import JSON

extension ClassBuild {
    /// Where the control plane is among the objects.
    var controlPlanePlace: Int? {
        let reference = root.json["spec"]?["controlPlaneRef"]
        return objects.firstIndex {
            $0.kind == reference?["kind"]?.string && $0.name == reference?["name"]?.string
        }
    }

    /// Sets the number and version of the control plane's machines, and names what they are made
    /// from by its content.
    mutating func buildControlPlane() {
        guard !isTopology else { return buildTopologyControlPlane() }
        guard let place = controlPlanePlace else { return }
        if let replicas = wish.controlPlaneReplicas {
            if objects[place].json["spec"]?["replicas"] != nil {
                objects[place].json.set(.integer(replicas), at: ["spec", "replicas"])
            } else {
                noteUnscaled(objects[place].kind)
            }
        }
        checkOdd(objects[place].json["spec"]?["replicas"]?.int, objects[place])
        if definition.mapping.kubernetesVersion.isEmpty,
            !WellKnown.versions.contains(where: request.uses)
        {
            setVersion(request.version, at: ["spec", "version"], of: &objects[place])
            for pool in pools.indices {
                let path = ["spec", "template", "spec", "version"]
                setVersion(request.workersVersion, at: path, of: &pools[pool].owner)
            }
        }
        nameMachines(of: place)
    }

    private mutating func buildTopologyControlPlane() {
        let topology = ["spec", "topology"]
        if let version = request.version {
            root.json.set(.string(version), at: topology + ["version"])
        }
        guard let replicas = wish.controlPlaneReplicas else { return }
        let before = root.json.value(at: topology + ["controlPlane", "replicas"])
        let isScaled =
            before != nil
            || clusterClass?.json.value(at: ["spec", "controlPlane", "machineInfrastructure"])
                != nil
        if isScaled {
            root.json.set(.integer(replicas), at: topology + ["controlPlane", "replicas"])
        } else {
            noteUnscaled("topology")
        }
    }

    private mutating func noteUnscaled(_ kind: String) {
        let message = "the provider runs the control plane (\(kind)); its replicas are not chosen"
        notes.append(ClassFinding(.note, pointer: "/spec/controlPlane/replicas", message))
    }

    /// etcd on the control plane's own machines needs an odd number of them.
    private mutating func checkOdd(_ replicas: Int?, _ object: TemplateObject) {
        guard let replicas, replicas > 0, replicas.isMultiple(of: 2),
            object.kind == "KubeadmControlPlane",
            object.json.value(
                at: ["spec", "kubeadmConfigSpec", "clusterConfiguration", "etcd", "external"]
            ) == nil
        else { return }
        let message = "a control plane with its own etcd has an odd number of machines"
        fault.add(ClassFinding(.notAllowed, pointer: "/spec/controlPlane/replicas", message))
    }

    /// Replaces a version of Kubernetes that the template has fixed.
    private func setVersion(
        _ version: String?,
        at path: [String],
        of object: inout TemplateObject
    ) {
        guard let version, let before = object.json.value(at: path)?.string,
            before.hasPrefix("v1.") || before.hasPrefix("1.")
        else { return }
        let text = before.hasPrefix("v") ? version : String(version.dropFirst())
        object.json.set(.string(text), at: path)
    }

    private mutating func nameMachines(of place: Int) {
        let machines = objects[place].references().filter { $0.kind.hasSuffix("MachineTemplate") }
        for key in machines.sorted(by: { $0.name < $1.name }) {
            guard let machine = objects.firstIndex(where: { $0.key == key }) else { continue }
            objects[machine].nameByContent("\(slug)-control-plane")
            redirect(key, to: objects[machine].name)
            objects[place].json = Self.followingCloudConfig(
                of: key.name,
                to: objects[machine].name,
                in: objects[place].json
            )
        }
    }

    /// Machine templates of a ClusterClass are immutable as well; others of a class may change.
    mutating func nameClassTemplates() {
        let classes = objects.filter { $0.kind == "ClusterClass" }
        let keys = classes.reduce(into: Set<TemplateObject.Key>()) { keys, object in
            keys.formUnion(object.references().filter { $0.kind.hasSuffix("MachineTemplate") })
        }
        for key in keys.sorted(by: { ($0.kind, $0.name) < ($1.kind, $1.name) }) {
            let found = objects.firstIndex { $0.key == key && !$0.isTemplate }
            guard let place = found else { continue }
            objects[place].nameByContent(key.name)
            redirect(key, to: objects[place].name)
        }
    }

    private mutating func redirect(_ key: TemplateObject.Key, to name: String) {
        for place in objects.indices { objects[place].redirect(key, to: name) }
    }

    /// Sets what the root says of the whole cluster.
    mutating func buildRoot() {
        if wish.isPaused { root.json.set(true, at: ["spec", "paused"]) }
    }
}
