import Domain
import JSON

/// Plays Flux's kustomize-controller: really builds what the repository holds, and applies it.
struct KustomizationPlayer: ReturningPlayer {
    let name = "kustomize-controller"
    let kind = SandboxKind.kustomization
    let builder: FolderBuilder
    private let memory = FluxMemory()
    var others: [SandboxKind] { [.gitRepository] }

    init(builder: FolderBuilder) { self.builder = builder }

    /// Those that were seen to read the source, when it has a new revision.
    func keys(for change: SandboxChange) -> [SandboxKey] { memory.users(of: change) }

    func play(
        _ object: SandboxObject,
        in scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        if object.isDeleting { return try await end(object, scene) }
        let work = KustomizationWork(
            object: object,
            scene: scene,
            builder: builder,
            memory: memory
        )
        memory.note(object.key, reads: work.sourceKey, in: scene.cluster.name)
        guard !object.isSuspended else { return .none }
        try await scene.finalizer(SandboxObject.fluxFinalizer, true, on: object)
        let retry =
            object.spec["retryInterval"]?.string.map(GoDuration.parse)
            ?? GoDuration.parse(object.spec["interval"]?.string)
        let again = min(retry / scene.pace.speed, scene.pace.of(2 * SandboxPace.Step.looking))
        do throws(KustomizationFault) {
            return try await work.play()
        } catch {
            switch error {
            case .outage(let status): throw status
            case .failed(let reason, let message):
                try await tell(object, reason, message, revision: nil, scene)
            case .failedAt(let revision, let reason, let message):
                try await tell(object, reason, message, revision: revision, scene)
            case .waiting(let revision, let message):
                try await scene.report(object) { object in
                    object.status["lastAttemptedRevision"] = .string(revision)
                    object.setFlux(.progressing(message), at: scene.now)
                }
                return scene.soon
            }
            return .after(again)
        }
    }

    private func tell(
        _ object: SandboxObject,
        _ reason: String,
        _ message: String,
        revision: String?,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        try await scene.report(object) { object in
            if let revision { object.status["lastAttemptedRevision"] = .string(revision) }
            if reason == "HealthCheckFailed" {
                object.setCondition(
                    "Healthy",
                    false,
                    reason: reason,
                    message: message,
                    at: scene.now
                )
            }
            object.setFlux(.failed(reason: reason, message: message), at: scene.now)
        }
        try await scene.event(object, reason, message, isWarning: true)
    }

    /// What it applied goes too, unless it says otherwise or is suspended.
    private func end(
        _ object: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        if let message = scene.suffers(.deletionStuck, object, "held by a played fault") {
            try await tell(object, "PruneFailed", message, revision: nil, scene)
            return scene.soon
        }
        let policy = object.spec["deletionPolicy"]?.string ?? "MirrorPrune"
        let isPruning =
            policy == "MirrorPrune" ? object.spec["prune"]?.bool == true : policy != "Orphan"
        if isPruning, !object.isSuspended {
            let entries = KustomizationWork.inventory(of: object)
            do throws(SandboxStatus) {
                let target = try await RemoteCluster.of(object, in: scene)
                let set = AppliedSet(target: target, manager: name)
                _ = try await set.prune(entries, keeping: [], of: object)
                if policy == "WaitForTermination", try await set.isThere(anyOf: entries) {
                    return scene.soon
                }
            } catch {
                if error.reason == .unavailable { throw error }
                // A cluster that cannot be reached any more holds nothing up.
                let isRemote = object.spec["kubeConfig"] != nil
                guard isRemote, error.reason == .badRequest else {
                    try await tell(object, "PruneFailed", error.message, revision: nil, scene)
                    return scene.soon
                }
            }
        }
        memory.forget(object.uid)
        try await scene.finalizer(SandboxObject.fluxFinalizer, false, on: object)
        return .none
    }
}

/// Why a Kustomization is not as it is to be.
enum KustomizationFault: Error {
    /// Nothing is known; to be tried again.
    case outage(SandboxStatus)
    /// For that reason, before a revision was looked at.
    case failed(reason: String, message: String)
    /// For that reason, at that revision.
    case failedAt(revision: String, reason: String, message: String)
    /// Not yet: that is awaited.
    case waiting(revision: String, message: String)
}
