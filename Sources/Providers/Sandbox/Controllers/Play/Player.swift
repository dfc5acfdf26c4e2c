import JSON

/// Plays a controller for one kind of object, without caring for where faults come from.
protocol Player: Sendable {
    /// Its name: the field manager of what it writes, and the source of its events.
    var name: String { get }
    /// The kind that it plays.
    var kind: SandboxKind { get }
    /// Other kinds whose changes concern it.
    var others: [SandboxKind] { get }
    /// The objects of its kind that a change of another kind concerns.
    func keys(for change: SandboxChange) -> [SandboxKey]
    /// Whether there is work for it in that cluster.
    func runs(in cluster: String) -> Bool
    /// Brings one object nearer to what it is to be.
    func play(_ object: SandboxObject, in scene: Scene) async throws(SandboxStatus)
    /// The object is gone.
    func end(_ key: SandboxKey, in scene: Scene) async throws(SandboxStatus)
}

extension Player {
    var others: [SandboxKind] { [] }
    func runs(in cluster: String) -> Bool { true }
    func end(_ key: SandboxKey, in scene: Scene) async throws(SandboxStatus) {}

    /// The controlling owner where it is of the player's kind.
    func keys(for change: SandboxChange) -> [SandboxKey] {
        let owner = change.object.owners.first { owner in
            SandboxObject(owner).kind == kind && owner["controller"]?.bool == true
        }
        guard let name = owner?["name"]?.string else { return [] }
        return [SandboxKey(kind, change.object.namespace, name)]
    }

    /// All objects of the kind, of a namespace if one is named, where a change does not tell which
    /// of them it concerns; no object has such a name.
    func all(in namespace: String?) -> SandboxKey { SandboxKey(kind, namespace, "*") }
}

/// A player as the runner knows it.
struct Stage<Part: Player>: SandboxController {
    let part: Part
    let pace: SandboxPace

    var name: String { part.name }
    var kinds: [SandboxKind] { [part.kind, .fault] + part.others.filter { $0 != part.kind } }

    func runs(in cluster: String) -> Bool { part.runs(in: cluster) }

    func keys(for change: SandboxChange) -> [SandboxKey] {
        if change.object.kind == part.kind { return [change.object.key] }
        guard change.object.kind == .fault else { return part.keys(for: change) }
        guard let entry = FaultBook.Entry(change.object), concerns(entry.kind) else { return [] }
        if entry.kind == part.kind.name, let name = entry.name, !name.hasSuffix("*"),
            let namespace = entry.namespace
        {
            return [SandboxKey(part.kind, namespace, name)]
        }
        return [part.all(in: entry.namespace)]
    }

    /// What an object of one kind suffers may show in another.
    private func concerns(_ kind: String) -> Bool {
        kind == part.kind.name || part.kind.name == "Cluster" || part.kind.name == "VCluster"
    }

    func reconcile(
        _ key: SandboxKey,
        in cluster: SandboxCluster
    ) async throws(SandboxStatus) -> SandboxRequeue {
        let faults = try await faults(in: cluster)
        let scene = Scene(cluster, as: part.name, pace: pace, faults: faults)
        if key == part.all(in: key.namespace) {
            for object in try await cluster.list(part.kind, namespace: key.namespace) {
                try await play(object, in: scene)
            }
        } else if let object = try await cluster.get(key) {
            try await play(object, in: scene)
        } else {
            try await part.end(key, in: scene)
        }
        return scene.requeue
    }

    private func faults(in cluster: SandboxCluster) async throws(SandboxStatus) -> FaultBook {
        guard try await cluster.hadFaults() else { return FaultBook() }
        return FaultBook(try await cluster.list(.fault), at: cluster.now)
    }

    /// While something suffers it is looked at again, so that it heals.
    private func play(_ object: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        do throws(SandboxStatus) {
            try await part.play(object, in: scene)
            if scene.faults.touches(object) { scene.lookSoon() }
        } catch {
            // Nothing can be made any more where all is going.
            guard error.isEnding else { throw error }
        }
    }
}
