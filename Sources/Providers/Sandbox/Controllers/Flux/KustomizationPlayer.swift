import JSON

/// Plays Flux's kustomize-controller: really builds what the repository holds, and applies it.
struct KustomizationPlayer: Player {
    let name = "kustomize-controller"
    let kind = SandboxKind.kustomization
    let builder: FolderBuilder
    private let memory = FluxMemory()
    var others: [SandboxKind] { [.gitRepository] }

    init(builder: FolderBuilder) { self.builder = builder }

    /// Those that were seen to read the source, when it has a new revision.
    func keys(for change: SandboxChange) -> [SandboxKey] { memory.users(of: change) }

    func play(_ object: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        if object.isDeleting { return try await end(object, scene) }
        let work = KustomizationWork(object: object, scene: scene, memory: memory)
        memory.note(object.key, reads: work.sourceKey, in: scene.cluster.name)
        guard !object.isSuspended else { return }
        try await scene.finalizer(SandboxObject.fluxFinalizer, true, on: object)
        try await work.play(builder)
    }

    /// What it applied goes too, unless it says otherwise or is suspended.
    private func end(_ object: SandboxObject, _ scene: Scene) async throws(SandboxStatus) {
        if let message = scene.suffers(.deletionStuck, object) {
            return try await scene.report(object, .failed(reason: "PruneFailed", message: message))
        }
        let policy = object.spec["deletionPolicy"]?.string ?? "MirrorPrune"
        let prunes =
            policy == "MirrorPrune" ? object.spec["prune"]?.bool == true : policy != "Orphan"
        if prunes, !object.isSuspended {
            let entries = KustomizationWork.inventory(of: object)
            do throws(SandboxStatus) {
                let target = try await scene.target(of: object)
                let set = AppliedSet(target: target, manager: name)
                try await set.prune(entries, of: object)
                if policy == "WaitForTermination", try await set.isThere(anyOf: entries) {
                    return scene.lookSoon()
                }
            } catch {
                // A cluster that cannot be reached any more holds nothing up.
                let isRemote = object.spec["kubeConfig"] != nil && error.reason == .badRequest
                guard isRemote || error.reason == .unavailable else {
                    let state = FluxState.failed(reason: "PruneFailed", message: error.message)
                    return try await scene.report(object, state)
                }
                if !isRemote { throw error }
            }
        }
        memory.note(nil, of: object.uid)
        try await scene.finalizer(SandboxObject.fluxFinalizer, false, on: object)
    }
}
