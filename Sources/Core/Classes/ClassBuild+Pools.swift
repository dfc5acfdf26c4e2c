import Domain
import JSON

extension ClassBuild {
    /// Makes the pools that are asked for, or those of the template.
    mutating func buildPools() {
        guard !isTopology else { return buildTopologyPools() }
        guard let asked = wish.nodePools else {
            for group in groups { add(group, made: made(group)) }
            return
        }
        if !asked.isEmpty, groups.isEmpty {
            let message = "the class has no node pools; leave `nodePools` out"
            fault.add(ClassFinding(.unsupported, pointer: "/spec/nodePools", message))
            return
        }
        check(asked)
        for (index, pool) in asked.enumerated() {
            guard let group = model(for: pool, among: groups.map(\.name)).map({ groups[$0] })
            else { continue }
            add(group, made: made(group, pool, at: "/spec/nodePools/\(index)"))
        }
    }

    private mutating func add(_ group: PoolGroup, made: PoolGroup) {
        pools.append(made)
        poolNames.append(made.name)
        poolObjects[made.name] = made.owner.name
    }

    /// Which pool of the template another is made after: that of the same name, the one that the
    /// mapping names, or the first.
    func model(for pool: NodePool, among names: [String]) -> Int? {
        names.firstIndex(of: pool.name)
            ?? definition.mapping.nodePool.flatMap { names.firstIndex(of: $0) }
            ?? names.indices.first
    }

    /// What the class says about the pools that are asked for.
    mutating func check(_ pools: [NodePool]) {
        let allowance = definition.allowance
        let nodes = pools.reduce(0) { $0 + $1.count.most }
        if let most = allowance.nodes, nodes > most {
            let message = "the class allows \(most) nodes in a cluster; \(nodes) are asked for"
            fault.add(ClassFinding(.notAllowed, pointer: "/spec/nodePools", message))
        }
        for (index, pool) in pools.enumerated() {
            guard let size = pool.size, !allowance.sizes.isEmpty, !allowance.sizes.contains(size)
            else { continue }
            let known = allowance.sizes.joined(separator: ", ")
            fault.add(
                ClassFinding(
                    .notAllowed,
                    pointer: "/spec/nodePools/\(index)/size",
                    "the class does not allow the size \(size); choose one of \(known)"
                )
            )
        }
    }

    /// A pool of the template as it is.
    private func made(_ group: PoolGroup) -> PoolGroup {
        var made = group
        label(&made.owner)
        name(&made)
        return made
    }

    /// A pool that is asked for, after one of the template.
    private mutating func made(
        _ group: PoolGroup,
        _ pool: NodePool,
        at pointer: String
    ) -> PoolGroup {
        var made = group
        made.name = pool.name
        rename(&made, to: "\(slug)-\(pool.name)")
        count(pool.count, &made)
        size(pool, &made, at: pointer)
        mark(pool, &made, at: pointer)
        shorten(&made)
        label(&made.owner)
        name(&made)
        return made
    }

    /// Renames the pool wherever its objects name it.
    private func rename(_ group: inout PoolGroup, to name: String) {
        let old = group.owner.name
        let change = { (text: String) in text == old ? name : nil }
        group.owner.json = group.owner.json.replacingTexts(change)
        for place in group.checks.indices {
            group.checks[place].json = group.checks[place].json.replacingTexts(change)
            let check = group.checks[place].name
            if check.hasPrefix(old) {
                group.checks[place].name = name + check.dropFirst(old.count)
            } else if check != name {
                group.checks[place].name = "\(name)-\(ShortHash.hex(of: check))"
            }
        }
        let (machine, bootstrap) = (group.machine?.json, group.bootstrap?.json)
        group.machine?.json = machine?.replacingTexts(change) ?? .null
        group.bootstrap?.json = bootstrap?.replacingTexts(change) ?? .null
        // What was called differently from the pool is referred to by its own name still.
        for keyPath in [\PoolGroup.machine, \PoolGroup.bootstrap] {
            guard let object = group[keyPath: keyPath], object.name != name else { continue }
            group.owner.redirect(object.key, to: name)
            group[keyPath: keyPath]?.name = name
        }
    }

    /// Sets how many nodes there are, or between how many an autoscaler may choose.
    private func count(_ count: NodeCount, _ group: inout PoolGroup) {
        let isMachinePool = group.owner.kind == "MachinePool"
        let annotations = ["metadata", "annotations"]
        switch count {
        case .fixed(let nodes):
            group.owner.json.set(.integer(nodes), at: ["spec", "replicas"])
            for key in [WellKnown.leastNodes, WellKnown.mostNodes, WellKnown.replicasManagedBy] {
                group.owner.json.set(nil, at: annotations + [key])
            }
            bound(least: nodes, most: max(nodes, 1), isScaled: false, &group.machine)
        case .scaled(let least, let most):
            // Without a number, nobody who applies the object again sets back the autoscaler.
            group.owner.json.set(
                .present(.integer(least), if: isMachinePool),
                at: ["spec", "replicas"]
            )
            group.owner.json.set(
                .string("\(least)"),
                at: annotations + [WellKnown.leastNodes]
            )
            group.owner.json.set(.string("\(most)"), at: annotations + [WellKnown.mostNodes])
            if isMachinePool {
                group.owner.json.set(
                    "external-autoscaler",
                    at: annotations + [WellKnown.replicasManagedBy]
                )
            }
            bound(least: least, most: most, isScaled: true, &group.machine)
        }
    }

    private func bound(
        least: Int,
        most: Int,
        isScaled: Bool,
        _ machine: inout TemplateObject?
    ) {
        guard
            case .members(let leastPath, let mostPath, let flag, let isAlways)? = machine.flatMap(
                MachineShape.of
            )?.bounds
        else { return }
        let isSaid = isScaled || isAlways
        machine?.json.set(.present(.integer(least), if: isSaid), at: leastPath)
        machine?.json.set(.present(.integer(most), if: isSaid), at: mostPath)
        if let flag { machine?.json.set(.bool(isScaled), at: flag) }
        let parent = Array(leastPath.dropLast())
        if machine?.json.value(at: parent)?.object?.isEmpty == true {
            machine?.json.set(nil, at: parent)
        }
    }

    /// Machines of one pool are told apart from others by its name, in every version of the core.
    private func label(_ owner: inout TemplateObject) {
        guard owner.kind == "MachineDeployment" else { return }
        let pairs = [(WellKnown.clusterName, slug), (WellKnown.deploymentName, owner.name)]
        for (key, value) in pairs {
            owner.json.set(.string(value), at: ["spec", "selector", "matchLabels", key])
            owner.json.set(
                .string(value),
                at: ["spec", "template", "metadata", "labels", key]
            )
        }
    }

    /// Names what machines are made from by its content, so that another content is another
    /// object and machines are replaced.
    private func name(_ group: inout PoolGroup) {
        let base = "\(slug)-\(group.name)"
        if let machine = group.machine, machine.kind.hasSuffix("Template") {
            group.machine?.nameByContent(base)
            let name = group.machine?.name ?? ""
            group.owner.redirect(machine.key, to: name)
            let before = group.bootstrap?.json ?? .null
            group.bootstrap?.json = Self.followingCloudConfig(
                of: machine.name,
                to: name,
                in: before
            )
        }
        if let bootstrap = group.bootstrap, bootstrap.kind.hasSuffix("Template") {
            group.bootstrap?.nameByContent(base)
            group.owner.redirect(bootstrap.key, to: group.bootstrap?.name ?? "")
        }
    }

    /// Azure's provider writes a Secret named after each machine template, which bootstrap
    /// configurations refer to.
    static func followingCloudConfig(of old: String, to new: String, in json: JSON) -> JSON {
        json.replacingTexts { $0 == "\(old)-azure-json" ? "\(new)-azure-json" : nil }
    }

    /// Names the pool with a provider that takes twelve letters and digits.
    private func shorten(_ group: inout PoolGroup) {
        guard let path = group.machine.flatMap(MachineShape.of)?.shortName else {
            return
        }
        let plain = group.name.utf8.filter { $0 != UInt8(ascii: "-") }
        let short = String(decoding: plain, as: UTF8.self)
        let isUsable = plain.count <= 12 && plain.first.map { $0 >= UInt8(ascii: "a") } ?? false
        let name = isUsable ? short : "p\(ShortHash.hex(of: group.name))"
        group.machine?.json.set(.string(name), at: path)
    }
}

extension ClassBuild {
    /// Sets the size of a pool's machines.
    private mutating func size(_ pool: NodePool, _ group: inout PoolGroup, at pointer: String) {
        guard let name = pool.size else { return }
        guard
            let size = size(
                named: name,
                at: pointer,
                of: group.machine.flatMap(MachineShape.provider)
            )
        else {
            return
        }
        let paths = definition.mapping.nodeSize
        guard paths.isEmpty else {
            for case .path(let kind, let path) in paths {
                for keyPath in [\PoolGroup.machine, \PoolGroup.bootstrap]
                where group[keyPath: keyPath]?.kind == kind {
                    group[keyPath: keyPath]?.json.set(size.json, at: path.tokens)
                }
                if group.owner.kind == kind { group.owner.json.set(size.json, at: path.tokens) }
            }
            return
        }
        guard var machine = group.machine,
            MachineShape.of(machine)?.write(size, into: &machine) == true
        else {
            let message =
                "the class does not say where the size of a \(group.machine?.kind ?? "node") goes;"
                + " add `mapping.nodePools.size`"
            fault.add(ClassFinding(.unsupported, pointer: pointer + "/size", message))
            return
        }
        group.machine = machine
    }

    /// What a size stands for; nil, and a finding, for one that the class does not know.
    mutating func size(
        named name: String,
        at pointer: String,
        of provider: ProviderName?
    ) -> NodeSize? {
        let sizes = definition.sizes(for: provider)
        if let size = sizes[name] { return size }
        let known = sizes.keys.sorted().joined(separator: ", ")
        let message =
            known.isEmpty
            ? "the class knows no sizes; add `sizes` to it or leave the size out"
            : "the class does not know the size \(name); choose one of \(known)"
        fault.add(ClassFinding(.notAllowed, pointer: pointer + "/size", message))
        return nil
    }

    /// Marks a pool's nodes with labels and taints.
    private mutating func mark(_ pool: NodePool, _ group: inout PoolGroup, at pointer: String) {
        let marks = NodeMarks(pool)
        guard !marks.isEmpty else { return }
        let shape = group.machine.flatMap(MachineShape.of)
        if let shape, var json = group.machine?.json, marks.write(shape.marks, into: &json) {
            group.machine?.json = json
            return
        }
        if var bootstrap = group.bootstrap, marks.write(intoBootstrap: &bootstrap) {
            group.bootstrap = bootstrap
            return
        }
        let place = group.bootstrap?.kind ?? group.machine?.kind ?? group.owner.kind
        let message = "nodes made from a \(place) cannot be given these labels and taints"
        fault.add(ClassFinding(.unsupported, pointer: pointer, message))
    }
}

extension MachineShape {
    /// Writes a size into a machine; false where there is no place for it.
    func write(_ size: NodeSize, into object: inout TemplateObject) -> Bool {
        switch size {
        case .type(let name):
            guard let type else { return false }
            object.json.set(.string(name), at: base + type)
        case .measure(let cpus, let memory):
            guard let measure else { return false }
            merge(measure(cpus, memory), into: &object)
        case .members(let members):
            merge(.object(members), into: &object)
        }
        return true
    }

    private func merge(_ patch: JSON, into object: inout TemplateObject) {
        guard patch.object?.isEmpty == false else { return }
        let before = object.json.value(at: base) ?? .object(JSONObject())
        object.json.set(before.merging(patch: patch), at: base)
    }
}

extension ClassDefinition {
    /// The sizes that may be ordered: the provider's table, and the class's own over it.
    func sizes(for told: ProviderName?) -> [String: NodeSize] {
        let name = provider.flatMap(ProviderName.init(rawValue:)) ?? told
        var table = name.map(SizeTable.sizes) ?? [:]
        for (name, value) in sizes { table[name] = NodeSize(value) }
        return allowance.sizes.isEmpty ? table : table.filter { allowance.sizes.contains($0.key) }
    }
}
