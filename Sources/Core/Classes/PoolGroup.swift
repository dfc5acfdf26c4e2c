import JSON

/// A pool of nodes as a template has it: the object that holds it, the machines it is made of and
/// how they start.
struct PoolGroup: Sendable {
    /// The name, without the cluster's.
    var name: String
    /// The MachineDeployment or MachinePool.
    var owner: TemplateObject
    /// What machines are like: a template, or the provider's own pool.
    var machine: TemplateObject?
    /// How machines become nodes.
    var bootstrap: TemplateObject?
    /// Health checks of this pool alone.
    var checks: [TemplateObject] = []

    /// The objects, what is referenced first.
    var all: [TemplateObject] {
        [machine, bootstrap].compactMap(\.self) + [owner] + checks
    }

    /// The pools among the objects, in their order.
    static func groups(in objects: [TemplateObject], slug: String) -> [PoolGroup] {
        let byKey = Dictionary(objects.map { ($0.key, $0) }) { first, _ in first }
        return objects.filter(\.isPool).map { owner in
            let spec = owner.json.value(at: ["spec", "template", "spec"])
            var group = PoolGroup(name: name(of: owner, slug: slug), owner: owner)
            group.machine = key(spec?["infrastructureRef"]).flatMap { byKey[$0] }
            group.bootstrap = key(spec?["bootstrap"]?["configRef"]).flatMap { byKey[$0] }
            group.checks = objects.filter { HealthCheck.isCheck($0, of: owner) }
            return group
        }
    }

    /// The objects without those of the groups, but with what others refer to as well.
    static func removing(
        _ groups: [PoolGroup],
        from objects: [TemplateObject]
    ) -> [TemplateObject] {
        let taken = Set(groups.flatMap { $0.all.map(\.key) })
        let others = objects.filter { !taken.contains($0.key) }
        let referenced = others.reduce(into: Set<TemplateObject.Key>()) {
            $0.formUnion($1.references())
        }
        let owners = Set(groups.flatMap { [$0.owner] + $0.checks }.map(\.key))
        return objects.filter { object in
            !taken.contains(object.key)
                || (referenced.contains(object.key) && !owners.contains(object.key))
        }
    }

    private static func name(of owner: TemplateObject, slug: String) -> String {
        let prefix = "\(slug)-"
        return owner.name.hasPrefix(prefix) && owner.name != prefix
            ? String(owner.name.dropFirst(prefix.count)) : owner.name
    }

    private static func key(_ reference: JSON?) -> TemplateObject.Key? {
        guard let kind = reference?["kind"]?.string, let name = reference?["name"]?.string else {
            return nil
        }
        return TemplateObject.Key(kind: kind, name: name)
    }
}
