import Domain
import JSON

/// Plays Flux's helm-controller: `vcluster` becomes a virtual cluster, every other chart one
/// Deployment that shows where it would be.
struct HelmReleasePlayer: ReturningPlayer {
    let name = "helm-controller"
    let kind = SandboxKind.helmRelease
    var others: [SandboxKind] { [.statefulSet, .deployment, .secret] + SourcePlayer.all }

    func keys(for change: SandboxChange) -> [SandboxKey] {
        let object = change.object
        if object.kind == .secret {
            guard change.isDeleted, let name = object.labels["vcluster-name"] else { return [] }
            return [SandboxKey(kind, object.namespace, name)]
        }
        let mark = object.annotations[VirtualClusterChart.installer]
        return VirtualClusterChart.key(mark, of: kind).map { [$0] } ?? []
    }

    func play(
        _ release: SandboxObject,
        in scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        if release.isDeleting { return try await end(release, scene) }
        guard !release.isSuspended else {
            // A control plane that was scaled by hand is still in step with its cluster.
            _ = try await ReleaseWork(release: release, scene: scene).follow()
            return .none
        }
        try await scene.finalizer(SandboxObject.fluxFinalizer, true, on: release)
        if let missing = try await missing(release, scene) {
            try await tell(release, .failed(reason: "DependencyNotReady", message: missing), scene)
            return scene.soon
        }
        let chart = try await ReleaseChart(of: release, in: scene)
        if let fault = chart.fault {
            try await tell(release, .failed(reason: "SourceNotReady", message: fault), scene)
            return scene.soon
        }
        return try await install(ReleaseWork(release: release, scene: scene, chart: chart), scene)
    }

    private func install(
        _ work: ReleaseWork,
        _ scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        let release = work.release
        let isUpgrade = release.status["history"]?[0] != nil
        let verb = isUpgrade ? "upgrade" : "install"
        let place = "\(work.namespace)/\(work.name)"
        let chart = "\(work.chart?.name ?? "")@\(work.chart?.version ?? "")"
        let failing = "Helm \(verb) failed for release \(place) with chart \(chart): "
        let reason = isUpgrade ? "UpgradeFailed" : "InstallFailed"
        let usual = failing + "played by the sandbox"
        if let fault = scene.suffers(.applyFails, release, usual) {
            try await tell(release, .failed(reason: reason, message: fault), scene)
            try await scene.event(release, reason, fault, isWarning: true)
            return scene.soon
        }
        do throws(SandboxStatus) {
            try await work.put()
        } catch {
            guard error.reason != .unavailable, !error.isEnding || work.isRemote else {
                throw error
            }
            let state = FluxState.failed(reason: reason, message: failing + error.message)
            try await tell(release, state, scene)
            return scene.soon
        }
        let rest = scene.rest(SandboxPace.Step.chart, since: release.creationTime, for: release)
        let isUp = try await work.follow()
        guard isUp, rest == nil, scene.suffers(.neverReady, release, "") == nil else {
            let isKnown = release.status["history"]?[0]?["digest"]?.string == work.digest
            if !isKnown || release.isRequested || release.condition("Ready") == nil {
                let message = "Running '\(verb)' action with timeout of 5m0s"
                try await tell(release, .progressing(message), scene)
            }
            return rest.map { .after($0) } ?? scene.soon
        }
        try await succeed(work, verb, scene)
        return .after(scene.pace.of(SandboxPace.Step.watching))
    }

    private func succeed(
        _ work: ReleaseWork,
        _ verb: String,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        let release = work.release
        let before = release.status["history"]?.array ?? []
        let isNew = before.first?["digest"]?.string != work.digest
        let version = (before.first?["version"]?.int ?? 0) + (isNew ? 1 : 0)
        let words = verb == "install" || (!isNew && version == 1) ? "install" : "upgrade"
        let message =
            "Helm \(words) succeeded for release \(work.namespace)/\(work.name).v\(version) with "
            + "chart \(work.chart?.name ?? "")@\(work.chart?.version ?? "")"
        let reason = words == "install" ? "InstallSucceeded" : "UpgradeSucceeded"
        try await scene.report(release) { object in
            if isNew {
                let entry = work.historyEntry(version, before.last, at: scene.now)
                object.status["history"] = .array([entry] + before.prefix(4))
            }
            object.status["lastAttemptedRevision"] = .string(work.chart?.version ?? "")
            object.status["lastAttemptedGeneration"] = .integer(object.generation)
            object.status["lastAttemptedReleaseAction"] = .string(words)
            object.status["lastAttemptedConfigDigest"] = .string(work.digest)
            object.status["storageNamespace"] = .string(work.namespace)
            object.status["failures"] = nil
            object.setCondition(
                "Released",
                true,
                reason: reason,
                message: message,
                at: scene.now
            )
            object.setFlux(.ready(reason: reason, message: message), at: scene.now)
        }
        if isNew { try await scene.event(release, reason, message) }
    }

    /// Suspended releases are let go without being uninstalled.
    private func end(
        _ release: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        if let message = scene.suffers(.deletionStuck, release, "held by a played fault") {
            let state = FluxState.failed(reason: "UninstallFailed", message: message)
            try await tell(release, state, scene)
            return scene.soon
        }
        if !release.isSuspended {
            // What cannot be reached is left: an installation that is gone needs no taking away.
            try? await ReleaseWork(release: release, scene: scene).remove()
            let step = SandboxPace.Step.chart
            if let rest = scene.rest(step, since: release.deletionTime, for: release) {
                return .after(rest)
            }
        }
        try await scene.finalizer(SandboxObject.fluxFinalizer, false, on: release)
        return .none
    }

    private func missing(
        _ release: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> String? {
        for dependency in release.spec["dependsOn"]?.array ?? [] {
            let namespace = dependency["namespace"]?.string ?? release.namespace
            let name = dependency["name"]?.string ?? ""
            let found = try await scene.cluster.get(SandboxKey(kind, namespace, name))
            guard found?.isReadyInFlux == true else {
                let words = found == nil ? "not found" : "is not ready"
                return "dependency '\(namespace ?? "")/\(name)' \(words)"
            }
        }
        return nil
    }

    private func tell(
        _ release: SandboxObject,
        _ state: FluxState,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        try await scene.report(release) { object in
            if case .failed = state {
                object.status["failures"] = .integer(
                    max(1, object.status["failures"]?.int ?? 1)
                )
            }
            object.setFlux(state, at: scene.now)
        }
    }
}
