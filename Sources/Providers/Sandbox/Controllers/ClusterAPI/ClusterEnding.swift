import Domain
import JSON

/// Takes a Cluster down in the documented order: workers, control plane, infrastructure, itself.
struct ClusterEnding {
    let scene: Scene

    func play(_ family: ClusterFamily) async throws(SandboxStatus) {
        let workers = family.deployments + family.pools + family.workers
        if !workers.isEmpty {
            try await report(family, "WaitingForWorkersDeletion", workers)
            try await remove(workers, of: family)
        } else if let controlPlane = family.controlPlane {
            try await report(family, "WaitingForControlPlaneDeletion", [controlPlane])
            try await remove(family.masters, of: family)
            if controlPlane.isDeleting, !family.masters.isEmpty { return }
            try await remove([controlPlane], of: family)
        } else if !family.masters.isEmpty {
            try await remove(family.masters, of: family)
        } else if let infrastructure = family.infrastructure {
            try await report(family, "WaitingForInfrastructureDeletion", [infrastructure])
            try await remove([infrastructure], of: family)
        } else {
            try await end(family)
        }
    }

    /// Nothing is left but the Cluster itself.
    private func end(_ family: ClusterFamily) async throws(SandboxStatus) {
        let cluster = family.cluster
        if let stuck = scene.suffers(.deletionStuck, cluster) {
            return try await report(family, "InternalError", [], stuck)
        }
        for check in family.checks { try await scene.cluster.delete(check.key, uid: check.uid) }
        let secret = SandboxKey(.secret, cluster.namespace, "\(cluster.name)-kubeconfig")
        try await scene.cluster.delete(secret)
        if family.controlPlaneKey?.kind != .virtualCluster {
            try await scene.other(cluster.name).remove()
        }
        try await scene.finalizer(cluster.kind.clusterFinalizer, false, on: cluster)
    }

    /// Tells the objects to go, and lets those go that had their time.
    private func remove(
        _ objects: [SandboxObject],
        of family: ClusterFamily
    ) async throws(SandboxStatus) {
        for object in objects {
            if object.isDeleting {
                try await scene.depart(object, of: family)
            } else {
                try await scene.cluster.delete(object.key, uid: object.uid)
                scene.lookSoon()
            }
        }
    }

    private func report(
        _ family: ClusterFamily,
        _ reason: String,
        _ left: [SandboxObject],
        _ message: String? = nil
    ) async throws(SandboxStatus) {
        let names = left.map { "\($0.kind.name) \($0.name)" }.joined(separator: ", ")
        let facts = [
            Fact("Deleting", true, reason, message ?? "* \(names) still exist"),
            Fact("Available", false, "NotAvailable", "* Deleting: \(names)"),
        ]
        try await scene.report(family.cluster, facts) { cluster in
            cluster.status["phase"] = "Deleting"
            cluster.count(cluster.generation, "observedGeneration")
        }
    }
}

extension Scene {
    /// The object becomes part of a Cluster: label, owner, finalizer.
    func adopt(_ object: SandboxObject, by cluster: SandboxObject) async throws(SandboxStatus) {
        let finalizer = object.kind.clusterFinalizer
        let isOwned = object.owners.contains { $0["uid"]?.string == cluster.uid }
        guard !object.isDeleting, !isOwned || !object.finalizers.contains(finalizer) else {
            return
        }
        try await self.cluster.update(object.key, as: manager) { object in
            object.setLabel(ClusterMark.cluster, cluster.name)
            if !object.finalizers.contains(finalizer) { object.finalizers.append(finalizer) }
            guard !isOwned else { return }
            let owners = object.metadata["ownerReferences"]?.array ?? []
            let owner = cluster.reference(isController: false)
            object.metadata["ownerReferences"] = .array(owners + [owner])
        }
    }

    /// The end of one object of a Cluster: after its time its finalizer is removed.
    func depart(_ object: SandboxObject, of family: ClusterFamily) async throws(SandboxStatus) {
        let finalizer = object.kind.clusterFinalizer
        // A virtual cluster is taken away by whoever plays its provider.
        guard object.finalizers.contains(finalizer), object.kind != .virtualCluster else {
            return lookSoon()
        }
        if let message = suffers(.deletionStuck, object) {
            try await report(object, [Fact("Deleting", true, "DeletionFailed", message)])
            return try await event(object, "DeletionFailed", message, isWarning: true)
        }
        let step = SandboxPace.Step.deleting
        guard hasPassed(step, since: object.deletionTime, for: object) else { return }
        let node = object.status["nodeRef"]?["name"]?.string
        if object.kind == .machine, family.isInitialized, let node {
            try await other(family.cluster.name).delete(SandboxKey(.node, node))
        }
        try await self.finalizer(finalizer, false, on: object)
    }
}
