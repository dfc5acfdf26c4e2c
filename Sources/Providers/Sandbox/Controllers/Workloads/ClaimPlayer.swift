import JSON

/// Plays storage: every claim gets what it asks for.
struct ClaimPlayer: Player {
    let name = "persistentvolume-binder"
    let kind = SandboxKind.claim
    func keys(for change: SandboxChange) -> [SandboxKey] { [] }

    func play(_ claim: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        guard !claim.isDeleting, claim.status["phase"]?.string != "Bound",
            scene.hasPassed(SandboxPace.Step.binding, since: claim.creationTime, for: claim)
        else { return }
        let unbound = "waiting for a volume to be created"
        if let message = scene.suffers(.neverReady, claim, unbound) {
            return try await scene.event(claim, "ProvisioningFailed", message, isWarning: true)
        }
        try await scene.cluster.update(claim.key, as: name) { claim in
            claim.spec["volumeName"] = .string("pvc-\(claim.uid)")
            if claim.spec["storageClassName"] == nil { claim.spec["storageClassName"] = "sandbox" }
        }
        try await scene.report(claim) { claim in
            claim.status["phase"] = "Bound"
            claim.status["accessModes"] = claim.spec["accessModes"]
            claim.status["capacity"] = claim.spec["resources"]?["requests"]
        }
    }

    /// With the volume of a virtual cluster goes what it held.
    func end(_ key: SandboxKey, in scene: Scene) async throws(SandboxStatus) {
        guard key.name.hasPrefix("data-"), key.name.hasSuffix("-0") else { return }
        let release = String(key.name.dropFirst("data-".count).dropLast("-0".count))
        let set = SandboxKey(.statefulSet, key.namespace, release)
        guard try await scene.cluster.get(set) == nil else { return }
        let tenant = scene.other(release)
        let system = try await tenant.get(SandboxKey(.namespace, "kube-system"))
        let host = "\(key.namespace ?? "")/\(release)"
        if system?.annotations[VirtualClusterChart.host] == host { try await tenant.remove() }
    }
}
