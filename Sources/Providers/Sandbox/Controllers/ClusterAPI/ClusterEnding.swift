import Domain
import JSON

/// Takes a Cluster down in the documented order: workers, control plane, infrastructure, itself.
struct ClusterEnding {
    let scene: Scene

    func play(_ family: ClusterFamily) async throws(SandboxStatus) -> SandboxRequeue {
        let workers =
            family.deployments + family.pools
            + family.machines.filter {
                $0.labels[ClusterMark.controlPlane] == nil
            }
        if !workers.isEmpty {
            try await report(family, "WaitingForWorkersDeletion", workers)
            return try await remove(workers, of: family)
        }
        if let controlPlane = family.controlPlane {
            try await report(family, "WaitingForControlPlaneDeletion", [controlPlane])
            let rest = try await remove(family.masters, of: family)
            if controlPlane.isDeleting, !family.masters.isEmpty { return rest }
            return rest.sooner(try await remove([controlPlane], of: family))
        }
        if !family.masters.isEmpty { return try await remove(family.masters, of: family) }
        if let infrastructure = family.infrastructure {
            try await report(family, "WaitingForInfrastructureDeletion", [infrastructure])
            return try await remove([infrastructure], of: family)
        }
        return try await end(family)
    }

    /// Nothing is left but the Cluster itself.
    private func end(_ family: ClusterFamily) async throws(SandboxStatus) -> SandboxRequeue {
        let cluster = family.cluster
        if let stuck = scene.suffers(.deletionStuck, cluster, "held by a played fault") {
            try await report(family, "InternalError", [], stuck)
            return scene.soon
        }
        for check in family.checks { try await scene.cluster.delete(check.key, uid: check.uid) }
        let secret = SandboxKey(.secret, cluster.namespace, "\(cluster.name)-kubeconfig")
        try await scene.cluster.delete(secret)
        if family.controlPlaneKey?.kind != .virtualCluster {
            try await scene.other(cluster.name).remove()
        }
        try await scene.finalizer(ClusterMark.finalizer, false, on: cluster)
        return .none
    }

    /// Tells the objects to go, and lets those go that had their time.
    private func remove(
        _ objects: [SandboxObject],
        of family: ClusterFamily
    ) async throws(SandboxStatus) -> SandboxRequeue {
        var requeue = SandboxRequeue.none
        for object in objects {
            if !object.isDeleting {
                try await scene.cluster.delete(object.key, uid: object.uid)
                requeue = requeue.sooner(scene.soon)
            } else {
                requeue = requeue.sooner(try await Departure(scene: scene).play(object, family))
            }
        }
        return requeue
    }

    private func report(
        _ family: ClusterFamily,
        _ reason: String,
        _ left: [SandboxObject],
        _ message: String? = nil
    ) async throws(SandboxStatus) {
        let names = left.map { "\($0.kind.name) \($0.name)" }.joined(separator: ", ")
        try await scene.report(family.cluster) { cluster in
            cluster.status["phase"] = "Deleting"
            cluster.status["observedGeneration"] = .integer(cluster.generation)
            cluster.setCondition(
                "Deleting",
                true,
                reason: reason,
                message: message ?? "* \(names) still exist",
                at: scene.now
            )
            cluster.setCondition(
                "Available",
                false,
                reason: "NotAvailable",
                message: "* Deleting: \(names)",
                at: scene.now
            )
        }
    }
}

/// The end of one object of a Cluster: after its time its finalizers are removed.
struct Departure {
    let scene: Scene

    func play(
        _ object: SandboxObject,
        _ family: ClusterFamily
    ) async throws(SandboxStatus) -> SandboxRequeue {
        let finalizer = Self.finalizer(of: object)
        // A virtual cluster is taken away by whoever plays its provider.
        guard object.finalizers.contains(finalizer), object.kind != .virtualCluster else {
            return scene.soon
        }
        if let message = scene.suffers(.deletionStuck, object, "held by a played fault") {
            try await scene.report(object) { object in
                object.setCondition(
                    "Deleting",
                    true,
                    reason: "DeletionFailed",
                    message: message,
                    at: scene.now
                )
            }
            try await scene.event(object, "DeletionFailed", message, isWarning: true)
            return scene.soon
        }
        let step = SandboxPace.Step.deleting
        if let rest = scene.rest(step, since: object.deletionTime, for: object) {
            return .after(rest)
        }
        if object.kind == .machine, family.isInitialized,
            let node = object.status["nodeRef"]?["name"]?.string
        {
            try await scene.other(family.cluster.name).delete(SandboxKey(.node, node))
        }
        try await scene.finalizer(finalizer, false, on: object)
        return .none
    }

    /// What keeps an object of a Cluster until it had its time.
    static func finalizer(of object: SandboxObject) -> String {
        switch object.kind {
        case .machine: ClusterMark.machineFinalizer
        case .machineDeployment: "machinedeployment.cluster.x-k8s.io"
        case .machinePool: "machinepool.cluster.x-k8s.io"
        case .virtualCluster: "vcluster.infrastructure.cluster.x-k8s.io/finalizer"
        default: "\(object.kind.name.lowercased()).\(object.kind.group)"
        }
    }
}
