import JSON

/// Plays Flux's helm-controller: `vcluster` becomes a virtual cluster, every other chart one
/// Deployment that shows where it would be.
struct HelmReleasePlayer: Player {
    let name = "helm-controller"
    let kind = SandboxKind.helmRelease
    var others: [SandboxKind] { [.statefulSet, .deployment, .secret] + SandboxKind.sources }

    func keys(for change: SandboxChange) -> [SandboxKey] {
        let object = change.object
        guard object.kind == .secret else {
            return VirtualClusterChart.key(ofInstaller: object, kind).map { [$0] } ?? []
        }
        let name = change.isDeleted ? object.labels["vcluster-name"] : nil
        return name.map { [SandboxKey(kind, object.namespace, $0)] } ?? []
    }

    func play(_ object: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        if object.isDeleting { return try await end(object, scene) }
        guard !object.isSuspended else {
            // A control plane that was scaled by hand is still in step with its cluster.
            _ = try await HelmRelease(object: object, scene: scene).follow()
            return
        }
        try await scene.finalizer(SandboxObject.fluxFinalizer, true, on: object)
        if let missing = try await scene.missingDependency(of: object) {
            return try await fail(object, "DependencyNotReady", missing, scene)
        }
        let chart = try await HelmChart(of: object, in: scene)
        if let fault = chart.fault {
            return try await fail(object, "SourceNotReady", fault, scene)
        }
        try await install(HelmRelease(object: object, scene: scene, chart: chart), chart)
    }

    private func install(
        _ release: HelmRelease,
        _ chart: HelmChart
    ) async throws(SandboxStatus) {
        let (object, scene) = (release.object, release.scene)
        let isUpgrade = object.status["history"]?[0] != nil
        let verb = isUpgrade ? "upgrade" : "install"
        let place = "\(release.namespace)/\(release.name)"
        let failing = "Helm \(verb) failed for release \(place) with chart \(chart.text): "
        let reason = isUpgrade ? "UpgradeFailed" : "InstallFailed"
        if let fault = scene.suffers(.applyFails, object, failing + "played by the sandbox") {
            return try await fail(object, reason, fault, scene)
        }
        do throws(SandboxStatus) {
            try await release.put()
        } catch {
            let isRemote = object.spec["kubeConfig"] != nil
            guard error.reason != .unavailable, !error.isEnding || isRemote else { throw error }
            return try await fail(object, reason, failing + error.message, scene)
        }
        let step = SandboxPace.Step.chart
        let isOver = scene.hasPassed(step, since: object.creationTime, for: object)
        guard try await release.follow(), isOver, scene.suffers(.neverReady, object) == nil else {
            if isOver { scene.lookSoon() }
            if !release.isInstalled || object.isRequested || object.condition("Ready") == nil {
                let message = "Running '\(verb)' action with timeout of 5m0s"
                try await scene.report(object, .progressing(message))
            }
            return
        }
        try await succeed(release, chart)
        scene.look(after: scene.pace.of(SandboxPace.Step.watching))
    }

    private func succeed(
        _ release: HelmRelease,
        _ chart: HelmChart
    ) async throws(SandboxStatus) {
        let (object, scene) = (release.object, release.scene)
        let before = object.status["history"]?.array ?? []
        let isNew = !release.isInstalled
        let version = (before.first?["version"]?.int ?? 0) + (isNew ? 1 : 0)
        let verb = version == 1 ? "install" : "upgrade"
        let place = "\(release.namespace)/\(release.name).v\(version)"
        let message = "Helm \(verb) succeeded for release \(place) with chart \(chart.text)"
        let reason = version == 1 ? "InstallSucceeded" : "UpgradeSucceeded"
        try await scene.report(object, .ready(reason: reason, message: message)) { object in
            if isNew {
                let entry = release.historyEntry(version, before.last)
                object.status["history"] = .array([entry] + before.prefix(4))
            }
            object.status["lastAttemptedRevision"] = .string(chart.version)
            object.status["lastAttemptedGeneration"] = .integer(object.generation)
            object.status["lastAttemptedReleaseAction"] = .string(verb)
            object.status["lastAttemptedConfigDigest"] = .string(release.digest)
            object.status["storageNamespace"] = .string(release.namespace)
            object.status["failures"] = nil
            object.state([Fact("Released", true, reason, message)], at: scene.now)
        }
        if isNew { try await scene.event(object, reason, message) }
    }

    /// Suspended releases are let go without being uninstalled.
    private func end(_ object: SandboxObject, _ scene: Scene) async throws(SandboxStatus) {
        if let message = scene.suffers(.deletionStuck, object) {
            return try await fail(object, "UninstallFailed", message, scene)
        }
        if !object.isSuspended {
            // What cannot be reached is left: an installation that is gone needs no taking away.
            try? await HelmRelease(object: object, scene: scene).remove()
            let step = SandboxPace.Step.chart
            guard scene.hasPassed(step, since: object.deletionTime, for: object) else { return }
        }
        try await scene.finalizer(SandboxObject.fluxFinalizer, false, on: object)
    }

    private func fail(
        _ object: SandboxObject,
        _ reason: String,
        _ message: String,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        try await scene.report(object, .failed(reason: reason, message: message)) { object in
            object.count(max(1, object.status["failures"]?.int ?? 1), "failures")
        }
    }
}
