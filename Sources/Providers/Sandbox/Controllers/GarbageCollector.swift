import JSON

/// Deletes what has lost its owners, and lets owners wait for what they own.
struct GarbageCollector: SandboxController {
    /// Stands for an owner that is gone; its "name" is the uid.
    private static let gone = SandboxKind("sandbox.slipway.dev", "GoneOwner")
    /// How often an owner that waits for its dependents looks at them: every second.
    private static let recheck = Duration.seconds(1)

    let name = "garbage-collector"
    let kinds: [SandboxKind] = []

    func keys(for change: SandboxChange) -> [SandboxKey] {
        let object = change.object
        if change.isDeleted { return [SandboxKey(Self.gone, object.uid)] }
        let waits = object.finalizers.contains { $0 == "foregroundDeletion" || $0 == "orphan" }
        let isOwned = !object.owners.isEmpty && change.isNew
        return object.isDeleting && waits || isOwned ? [object.key] : []
    }

    func reconcile(
        _ key: SandboxKey,
        in cluster: SandboxCluster
    ) async throws(SandboxStatus) -> SandboxRequeue {
        if key.kind == Self.gone {
            for dependent in try await cluster.dependents(of: key.name) {
                try await leave(dependent, without: key.name, in: cluster)
            }
            return .none
        }
        guard let object = try await cluster.get(key) else { return .none }
        if object.isDeleting {
            if object.finalizers.contains(SandboxCluster.orphanFinalizer) {
                return try await orphan(object, in: cluster)
            }
            if object.finalizers.contains(SandboxCluster.foregroundFinalizer) {
                return try await clear(object, in: cluster)
            }
        }
        if !object.owners.isEmpty, try await liveOwners(of: object, in: cluster).isEmpty {
            try await cluster.delete(key, uid: object.uid)
        }
        return .none
    }

    /// A dependent goes with the last of its owners, and else forgets the one that is gone.
    private func leave(
        _ dependent: SandboxObject,
        without uid: String,
        in cluster: SandboxCluster
    ) async throws(SandboxStatus) {
        guard try await liveOwners(of: dependent, in: cluster).isEmpty else {
            return try await release(dependent, from: uid, in: cluster)
        }
        try await cluster.delete(dependent.key, uid: dependent.uid)
    }

    private func release(
        _ dependent: SandboxObject,
        from uid: String,
        in cluster: SandboxCluster
    ) async throws(SandboxStatus) {
        try await cluster.update(dependent.key, as: name) { object in
            let kept = object.owners.filter { $0["uid"]?.string != uid }
            object.metadata["ownerReferences"] =
                kept.isEmpty ? nil : .array(kept.map { .object($0) })
        }
    }

    private func orphan(
        _ owner: SandboxObject,
        in cluster: SandboxCluster
    ) async throws(SandboxStatus) -> SandboxRequeue {
        for dependent in try await cluster.dependents(of: owner) {
            try await release(dependent, from: owner.uid, in: cluster)
        }
        try await drop(SandboxCluster.orphanFinalizer, of: owner, in: cluster)
        return .none
    }

    private func clear(
        _ owner: SandboxObject,
        in cluster: SandboxCluster
    ) async throws(SandboxStatus) -> SandboxRequeue {
        for dependent in try await cluster.dependents(of: owner) where !dependent.isDeleting {
            try await cluster.delete(
                dependent.key,
                uid: dependent.uid,
                propagation: .foreground
            )
        }
        let blocking = try await cluster.dependents(of: owner).filter { dependent in
            dependent.owners.contains {
                $0["uid"]?.string == owner.uid && $0["blockOwnerDeletion"]?.bool == true
            }
        }
        guard blocking.isEmpty else { return .after(Self.recheck) }
        try await drop(SandboxCluster.foregroundFinalizer, of: owner, in: cluster)
        return .none
    }

    private func drop(
        _ finalizer: String,
        of owner: SandboxObject,
        in cluster: SandboxCluster
    ) async throws(SandboxStatus) {
        try await cluster.update(owner.key, as: name) { object in
            object.finalizers.removeAll { $0 == finalizer }
        }
    }

    /// The owners that are there, in the incarnation that is meant.
    private func liveOwners(
        of object: SandboxObject,
        in cluster: SandboxCluster
    ) async throws(SandboxStatus) -> [JSONObject] {
        var live: [JSONObject] = []
        let resources = try await cluster.resources()
        for owner in object.owners {
            let kind = SandboxObject(owner).kind
            let isNamespaced = resources.first { $0.kind == kind }?.isNamespaced
            guard let isNamespaced else { continue }
            let key = SandboxKey(
                kind,
                isNamespaced ? object.namespace : nil,
                owner["name"]?.string ?? ""
            )
            if try await cluster.get(key)?.uid == owner["uid"]?.string { live.append(owner) }
        }
        return live
    }
}

extension SandboxCluster {
    /// The objects that name that incarnation as an owner.
    func dependents(of uid: String) async throws(SandboxStatus) -> [SandboxObject] {
        let records = try await asking { () async throws(SandboxOutage) in
            try await server.records.dependents(of: uid, in: name)
        }
        var objects: [SandboxObject] = []
        for record in records { objects.append(try SandboxObject(record)) }
        return objects
    }
}
