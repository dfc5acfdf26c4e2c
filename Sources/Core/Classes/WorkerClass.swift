import JSON

/// A class of workers in a ClusterClass that the template brings, with what machines of it are
/// made from: a pool with a size or marks of its own gets a class of its own.
struct WorkerClass {
    private static let list = ["spec", "workers", "machineDeployments"]

    private var entry: JSON
    private let name: String
    var machine: TemplateObject?
    var bootstrap: TemplateObject?
    /// Whether a pool needs it: its machines differ from those of the class.
    var isChanged = false

    /// The class of that name, where the ClusterClass has it.
    init?(named name: String, of clusterClass: TemplateObject, among objects: [TemplateObject]) {
        let entries = clusterClass.json.value(at: Self.list)?.array ?? []
        guard let entry = entries.first(where: { $0["class"]?.string == name }) else { return nil }
        self.entry = entry
        self.name = name
        entry.forEachObject { reference in
            guard let kind = reference["kind"]?.string, let name = reference["name"]?.string else {
                return
            }
            let key = TemplateObject.Key(kind: kind, name: name)
            let object = objects.first { $0.key == key }
            if kind.hasSuffix("MachineTemplate") { machine = object }
            if kind.hasSuffix("ConfigTemplate") { bootstrap = object }
        }
    }

    /// Puts the class of a pool into the ClusterClass, and what its machines are made from beside
    /// it; returns the name of the class.
    mutating func install(
        for pool: String,
        named base: String,
        in clusterClass: inout TemplateObject,
        _ objects: inout [TemplateObject]
    ) -> String {
        let own = "\(name)-\(pool)"
        var holder = TemplateObject(json: entry, line: clusterClass.line)
        for keyPath in [\WorkerClass.machine, \WorkerClass.bootstrap] {
            guard let before = self[keyPath: keyPath] else { continue }
            self[keyPath: keyPath]?.nameByContent(base)
            guard let after = self[keyPath: keyPath] else { continue }
            holder.redirect(before.key, to: after.name)
            if !objects.contains(where: { $0.key == after.key }) { objects.append(after) }
        }
        holder.json.set(.string(own), at: ["class"])
        var entries = clusterClass.json.value(at: Self.list)?.array ?? []
        entries.append(holder.json)
        clusterClass.json.set(.array(entries), at: Self.list)
        select(own, in: &clusterClass)
        return own
    }

    /// Patches that change machines of the class change those of the new one as well.
    private func select(_ own: String, in clusterClass: inout TemplateObject) {
        let patches = clusterClass.json.value(at: ["spec", "patches"])?.replacingObjects { object in
            guard var names = object["machineDeploymentClass"]?["names"]?.array,
                names.contains(.string(name))
            else { return object }
            names.append(.string(own))
            var changed = object
            changed["machineDeploymentClass"] = ["names": .array(names)]
            return changed
        }
        clusterClass.json.set(patches, at: ["spec", "patches"])
    }
}
