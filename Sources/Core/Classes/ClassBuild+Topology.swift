import Domain
import JSON

extension ClassBuild {
    private static let workers = ["spec", "topology", "workers"]
    private static let lists = ["machineDeployments", "machinePools"]

    /// The pools of the topology, with the list that each is in.
    var topologyPools: [(list: String, entry: JSON)] {
        Self.lists.flatMap { list in
            (root.json.value(at: Self.workers + [list])?.array ?? []).map { (list, $0) }
        }
    }

    /// The ClusterClass, where the template has it.
    var clusterClass: TemplateObject? {
        let topology = root.json["spec"]?["topology"]
        let name = topology?["classRef"]?["name"]?.string ?? topology?["class"]?.string
        return objects.first { $0.isClusterClass && $0.name == name }
    }

    /// That the template names a ClusterClass and does not bring it; nil where it does.
    ///
    /// The cluster's own namespace holds nothing but what the template brings.
    var missingClass: ClassFinding? {
        guard isTopology, clusterClass == nil else { return nil }
        let topology = root.json["spec"]?["topology"]
        let reference = topology?["classRef"]
        let name = (reference?["name"] ?? topology?["class"])?.string ?? ""
        let place = (reference?["namespace"] ?? topology?["classNamespace"])?.string
        let lack = "the template does not bring the ClusterClass \(name) that it names"
        guard let place, place != wish.slug.namespace else {
            let message =
                "\(lack); add its file, or name the namespace where it is in the topology's "
                + "`classRef.namespace`"
            return ClassFinding(.badTemplate, line: root.line, message)
        }
        let message = "\(lack); it must be in namespace \(place) of the management cluster"
        return ClassFinding(.note, line: root.line, message)
    }

    /// The class of a pool's machines, where the template has it and it can be cloned.
    private func workerClass(of entry: JSON, in list: String) -> WorkerClass? {
        guard list == "machineDeployments", let clusterClass else { return nil }
        let name = entry["class"]?.string ?? ""
        return WorkerClass(named: name, of: clusterClass, among: objects)
    }

    /// Puts the pools that are asked for into the topology, or leaves those of the template.
    mutating func buildTopologyPools() {
        let models = topologyPools
        guard let asked = wish.nodePools else {
            setTopologyPools(models.map { ($0.list, guarded($0.entry, in: $0.list)) })
            return
        }
        if !asked.isEmpty, models.isEmpty {
            let message = "the class has no node pools; leave `nodePools` out"
            fault.add(ClassFinding(.unsupported, pointer: "/spec/nodePools", message))
            return
        }
        check(asked)
        let names = models.map { $0.entry["name"]?.string ?? "" }
        var made: [(list: String, entry: JSON)] = []
        for (index, pool) in asked.enumerated() {
            guard let model = model(for: pool, among: names).map({ models[$0] }) else { continue }
            let entry = entry(
                pool,
                after: model.entry,
                in: model.list,
                at: "/spec/nodePools/\(index)"
            )
            made.append((model.list, guarded(entry, in: model.list)))
        }
        setTopologyPools(made)
    }

    private mutating func setTopologyPools(_ pools: [(list: String, entry: JSON)]) {
        for list in Self.lists {
            let entries = pools.filter { $0.list == list }.map(\.entry)
            let path = Self.workers + [list]
            root.json.set(.present(.array(entries), if: !entries.isEmpty), at: path)
        }
        if root.json.value(at: Self.workers)?.object?.isEmpty == true {
            root.json.set(nil, at: Self.workers)
        }
        for (_, entry) in pools {
            let name = entry["name"]?.string ?? ""
            poolNames.append(name)
            poolObjects[name] = name
        }
    }

    private mutating func entry(
        _ pool: NodePool,
        after model: JSON,
        in list: String,
        at pointer: String
    ) -> JSON {
        var entry = model
        entry.set(.string(pool.name), at: ["name"])
        let annotations = ["metadata", "annotations"]
        switch pool.count {
        case .fixed(let nodes):
            entry.set(.integer(nodes), at: ["replicas"])
            for key in [WellKnown.leastNodes, WellKnown.mostNodes] {
                entry.set(nil, at: annotations + [key])
            }
        case .scaled(let least, let most):
            entry.set(nil, at: ["replicas"])
            entry.set(.string("\(least)"), at: annotations + [WellKnown.leastNodes])
            entry.set(.string("\(most)"), at: annotations + [WellKnown.mostNodes])
        }
        var worker = workerClass(of: model, in: list)
        mark(pool, &entry, &worker, at: pointer)
        if let size = pool.size { set(size, in: &entry, &worker, at: pointer) }
        install(worker, for: pool.name, in: &entry)
        return entry
    }

    private mutating func install(_ worker: WorkerClass?, for pool: String, in entry: inout JSON) {
        guard var worker, worker.isChanged, let name = clusterClass?.name,
            let place = objects.firstIndex(where: { $0.isClusterClass && $0.name == name })
        else { return }
        var changed = objects[place]
        let own = worker.install(for: pool, named: "\(slug)-\(pool)", in: &changed, &objects)
        objects[place] = changed
        entry.set(.string(own), at: ["class"])
    }

    /// Nodes are marked as they join where the template brings their bootstrap configuration.
    ///
    /// Otherwise labels of the entry reach nodes when their prefix says so; the API server of the
    /// management cluster decides on others.
    private mutating func mark(
        _ pool: NodePool,
        _ entry: inout JSON,
        _ worker: inout WorkerClass?,
        at pointer: String
    ) {
        let marks = NodeMarks(pool)
        if !marks.isEmpty, var bootstrap = worker?.bootstrap,
            marks.write(intoBootstrap: &bootstrap)
        {
            worker?.bootstrap = bootstrap
            worker?.isChanged = true
            return
        }
        for label in marks.labels {
            entry.set(.string(label.value), at: ["metadata", "labels", label.key])
        }
        let isSynced = marks.labels.allSatisfy { label in
            label.key.hasPrefix("node-role.kubernetes.io/")
                || label.key.contains("node-restriction.kubernetes.io/")
                || label.key.contains("node.cluster.x-k8s.io/")
        }
        if !isSynced {
            let message =
                "labels of pool \(pool.name) reach its machines; Cluster API copies them to nodes"
                + " when they start with node.cluster.x-k8s.io/, or as its core controller is told"
            notes.append(ClassFinding(.note, pointer: pointer + "/labels", message))
        }
        guard !marks.taints.isEmpty else { return }
        let taints = marks.taints.map { taint -> JSON in
            var json: JSON = ["key": .string(taint.key)]
            if !taint.value.isEmpty { json.set(.string(taint.value), at: ["value"]) }
            json.set(.string(taint.effect.rawValue), at: ["effect"])
            json.set("Always", at: ["propagation"])
            return json
        }
        entry.set(.array((entry["taints"]?.array ?? []) + taints), at: ["taints"])
    }

    /// Sets the variable by which the topology's class takes the size.
    private mutating func set(
        _ name: String,
        in entry: inout JSON,
        _ worker: inout WorkerClass?,
        at pointer: String
    ) {
        guard
            let size = size(
                named: name,
                at: pointer,
                of: topologyMachineKind.flatMap(MachineShape.provider)
            )
        else {
            return
        }
        // Containers have no size to be set.
        if case .measure = size, topologyMachineKind.map(Self.isContainer) ?? false { return }
        if sizeVariable == nil, var machine = worker?.machine,
            MachineShape.of(machine)?.write(size, into: &machine) == true
        {
            worker?.machine = machine
            worker?.isChanged = true
            return
        }
        guard let variable = sizeVariable else {
            let message =
                "the class does not say which variable of its ClusterClass takes the size; add"
                + " `mapping.nodePools.size`"
            fault.add(ClassFinding(.unsupported, pointer: pointer + "/size", message))
            return
        }
        var overrides = entry.value(at: ["variables", "overrides"])?.array ?? []
        overrides.removeAll { $0["name"]?.string == variable }
        overrides.append(["name": .string(variable), "value": size.json])
        entry.set(.array(overrides), at: ["variables", "overrides"])
    }

    private static func isContainer(_ kind: String) -> Bool {
        MachineShape.provider(of: kind) == .docker
    }

    private var sizeVariable: String? {
        for case .variable(let name) in definition.mapping.nodeSize { return name }
        let declared =
            (clusterClass?.json["spec"]?["variables"]?.array ?? [])
            + (root.json.value(at: ["spec", "topology", "variables"])?.array ?? [])
        let names = Set(declared.compactMap { $0["name"]?.string })
        return WellKnown.classSizes.first(where: names.contains)
    }

    /// The kind of the machines of the class's first pool, or of any machine of the provider.
    var topologyMachineKind: String? {
        guard let spec = clusterClass?.json["spec"] else { return nil }
        for list in Self.lists {
            for entry in spec["workers"]?[list]?.array ?? [] {
                let reference =
                    entry["infrastructure"]?["templateRef"]
                    ?? entry["template"]?["infrastructure"]?["ref"]
                if let kind = reference?["kind"]?.string { return kind }
            }
        }
        let cluster = spec["infrastructure"]
        return (cluster?["templateRef"] ?? cluster?["ref"])?["kind"]?.string
    }

    /// A pool's entry with what ill machines are found by, and held back while the control plane
    /// goes first.
    private func guarded(_ entry: JSON, in list: String) -> JSON {
        var entry = entry
        if let workers = request.workersVersion, workers != request.version {
            entry.set("", at: ["metadata", "annotations", WellKnown.deferUpgrade])
        }
        guard list == "machineDeployments", definition.healthChecks.isEnabled else { return entry }
        let isGuarded =
            entry["healthCheck"] != nil || entry["machineHealthCheck"] != nil
            || classGuards(entry["class"]?.string)
        guard !isGuarded else { return entry }
        let stops = (entry["replicas"]?.int ?? 3) > 2
        setHealthCheck(stops: stops, in: &entry)
        return entry
    }

    /// Whether the class finds ill machines of these pools by itself.
    private func classGuards(_ name: String?) -> Bool {
        let entries = clusterClass?.json.value(at: ["spec", "workers", "machineDeployments"])?.array
        return (entries ?? []).contains {
            $0["class"]?.string == name
                && ($0["healthCheck"] != nil || $0["machineHealthCheck"] != nil)
        }
    }

    func setHealthCheck(stops: Bool, in part: inout JSON) {
        let times = definition.healthChecks
        var check = HealthCheck.rules(times, stops: stops, version: coreVersion)
        if coreVersion == "v1beta1" {
            check["enable"] = true
            part.set(.object(check), at: ["machineHealthCheck"])
        } else {
            check["enabled"] = true
            part.set(.object(check), at: ["healthCheck"])
        }
    }
}
