import JSON

/// Which lists are maps or sets, and which objects are changed only as a whole.
///
/// The API server of Kubernetes has schemas for this; here stands what the kinds that people apply
/// say, by the names of the fields. Every other list is one value.
struct ListShape: Sendable {
    /// Whether the kind is one of Kubernetes' own: some names mean another thing elsewhere.
    let isBuiltIn: Bool

    private enum Shape {
        case set
        case map([String])
    }

    /// Of Kubernetes' own kinds.
    private static let maps: [String: [String]] = [
        "containers": ["name"], "initContainers": ["name"], "ephemeralContainers": ["name"],
        "volumes": ["name"], "env": ["name"], "volumeMounts": ["mountPath"],
        "volumeDevices": ["devicePath"], "imagePullSecrets": ["name"], "hostAliases": ["ip"],
        "topologySpreadConstraints": ["topologyKey", "whenUnsatisfiable"],
        "podIPs": ["ip"], "resourceClaims": ["name"], "secrets": ["name"],
    ]

    private static let atomicObjects: Set<String> = [
        "selector", "nodeSelector", "podSelector", "namespaceSelector", "labelSelector",
        "fieldRef", "secretKeyRef", "configMapKeyRef", "resourceFieldRef", "roleRef",
    ]

    /// Whether the object at that place is one value.
    func isAtomic(objectAt path: [String]) -> Bool {
        isBuiltIn && path.last.map { Self.atomicObjects.contains($0) } ?? false
    }

    /// The items of the list at that place with their steps; nil where the list is one value, or
    /// where its items do not have the keys that they should.
    func items(of list: [JSON], at path: [String]) -> [(step: String, value: JSON)]? {
        guard let shape = shape(at: path) else { return nil }
        var items: [(step: String, value: JSON)] = []
        var seen: Set<String> = []
        for value in list {
            guard let step = step(of: value, shape), seen.insert(step).inserted else { return nil }
            items.append((step, value))
        }
        return items
    }

    private func shape(at path: [String]) -> Shape? {
        guard let name = path.last else { return nil }
        let parent = path.dropLast().last
        switch name {
        case "finalizers" where parent == "metadata": return .set
        case "ports" where isBuiltIn && parent == "spec": return .map(["port", "protocol"])
        case "ports" where isBuiltIn && parent == "[]": return .map(["containerPort", "protocol"])
        case "conditions": return .map(["type"])
        case "ownerReferences": return .map(["uid"])
        case "machineDeployments", "machinePools", "variables", "overrides":
            return path.contains("topology") ? .map(["name"]) : nil
        default: return isBuiltIn ? Self.maps[name].map { .map($0) } : nil
        }
    }

    private func step(of value: JSON, _ shape: Shape) -> String? {
        switch shape {
        case .set:
            return value.string == nil ? nil : "v:\(value.text)"
        case .map(let keys):
            guard let object = value.object else { return nil }
            var step = JSONObject()
            for key in keys.sorted() {
                let implied: JSON? = key == "protocol" ? "TCP" : nil
                guard let part = object[key] ?? implied else { return nil }
                step[key] = part
            }
            return "k:\(JSON.object(step).text)"
        }
    }
}

extension ListShape {
    /// The fields that a value sets.
    func fields(of value: JSON, at path: [String] = []) -> FieldTree {
        switch value {
        case .object(let object) where !object.isEmpty && !isAtomic(objectAt: path):
            var tree = FieldTree()
            for member in object {
                tree.children["f:\(member.key)"] = fields(of: member.value, at: path + [member.key])
            }
            return tree
        case .array(let list) where !list.isEmpty:
            guard let items = items(of: list, at: path) else { return .leaf }
            var tree = FieldTree()
            for item in items {
                var child = fields(of: item.value, at: path + ["[]"])
                child.isOwned = true
                tree.children[item.step] = child
            }
            return tree
        default:
            return .leaf
        }
    }

    /// What differs between two states: the fields of the new one that the old one has not or has
    /// otherwise, and the fields that are gone.
    func difference(
        from old: JSON?,
        to new: JSON?,
        at path: [String] = []
    ) -> (changed: FieldTree, removed: FieldTree) {
        guard let old else { return (new.map { fields(of: $0, at: path) } ?? FieldTree(), .init()) }
        guard let new else { return (FieldTree(), fields(of: old, at: path)) }
        switch (old, new) {
        case (.object(let before), .object(let after)) where !isAtomic(objectAt: path):
            if before.isEmpty || after.isEmpty { break }
            return differences(
                before.map { ("f:\($0.key)", $0.value) },
                after.map { ("f:\($0.key)", $0.value) },
                at: path
            )
        case (.array(let before), .array(let after)):
            guard !before.isEmpty, !after.isEmpty,
                let before = items(of: before, at: path), let after = items(of: after, at: path)
            else { break }
            return differences(before, after, at: path)
        default: break
        }
        guard old != new else { return (FieldTree(), FieldTree()) }
        let changed = fields(of: new, at: path)
        return (changed, fields(of: old, at: path).subtracting(changed))
    }

    private func differences(
        _ before: [(step: String, value: JSON)],
        _ after: [(step: String, value: JSON)],
        at path: [String]
    ) -> (changed: FieldTree, removed: FieldTree) {
        let old = Dictionary(before.map { ($0.step, $0.value) }) { first, _ in first }
        let new = Dictionary(after.map { ($0.step, $0.value) }) { first, _ in first }
        var result = (changed: FieldTree(), removed: FieldTree())
        for step in Set(old.keys).union(new.keys) {
            let name = step.hasPrefix("f:") ? String(step.dropFirst(2)) : "[]"
            var parts = difference(from: old[step], to: new[step], at: path + [name])
            if name == "[]", old[step] == nil { parts.changed.isOwned = true }
            if name == "[]", new[step] == nil { parts.removed.isOwned = true }
            if !parts.changed.isEmpty { result.changed.children[step] = parts.changed }
            if !parts.removed.isEmpty { result.removed.children[step] = parts.removed }
        }
        return result
    }
}
