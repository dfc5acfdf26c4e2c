import Domain
import JSON
import Secrets

/// One reconciliation of a Kustomization: whichever step cannot go on reports why, and ends it.
struct KustomizationWork {
    /// How often a revision is reported that changes nothing, at the usual speed: every 3 s.
    ///
    /// Several commits in a row then cost one write of a status, not each of them one.
    private static let reporting = 3_000

    let object: SandboxObject
    let scene: Scene
    let memory: FluxMemory

    static func inventory(of object: SandboxObject) -> [AppliedSet.Entry] {
        (object.status["inventory"]?["entries"]?.array ?? []).compactMap { .init($0) }
    }

    /// Where its source is found.
    var sourceKey: SandboxKey {
        let reference = object.spec["sourceRef"]
        return SandboxKey(
            SandboxKind("source.toolkit.fluxcd.io", reference?["kind"]?.string ?? ""),
            reference?["namespace"]?.string ?? object.namespace,
            reference?["name"]?.string ?? ""
        )
    }

    private var interval: Duration { scene.interval(object.spec["interval"]) }

    func play(_ builder: FolderBuilder) async throws(SandboxStatus) {
        guard let source = try await source() else { return }
        let revision = source.status["artifact"]?["revision"]?.string ?? ""
        if let missing = try await scene.missingDependency(of: object) {
            return try await fail("DependencyNotReady", missing)
        }
        guard let built = try await build(builder, source, revision),
            let values = try await values(revision), let target = try await target(revision)
        else { return }
        let digest = try await digest(built, values, target)
        let last = memory.applied(object.uid)
        let isApplied =
            last?.digest == digest && last?.generation == object.generation
            && scene.now - (last?.time ?? scene.now) < interval
            && !object.isRequested && !scene.faults.touches(object)
        if isApplied, object.isReadyInFlux, let last { return try await keep(revision, last) }
        var entries = isApplied ? last?.entries : nil
        if entries == nil {
            guard let manifests = try await fill(built, values, revision) else { return }
            entries = try await put(manifests, into: target, digest, revision)
        }
        guard let entries, try await isHealthy(entries, in: target, revision) else { return }
        try await succeed(revision, digest, entries)
    }

    /// Nothing has changed but the revision: it is reported, not too often.
    private func keep(
        _ revision: String,
        _ applied: FluxMemory.Applied
    ) async throws(SandboxStatus) {
        scene.look(after: interval)
        guard object.status["lastAppliedRevision"]?.string != revision else { return }
        let pause = scene.pace.of(Self.reporting)
        if let before = applied.reportedAt, scene.now - before < pause {
            return scene.look(after: pause)
        }
        var applied = applied
        applied.reportedAt = scene.now
        memory.note(applied, of: object.uid)
        try await scene.report(object, Self.applied(revision)) { object in
            object.status["lastAppliedRevision"] = .string(revision)
            object.status["lastAttemptedRevision"] = .string(revision)
        }
    }

    private static func applied(_ revision: String) -> FluxState {
        .ready(reason: "ReconciliationSucceeded", message: "Applied revision: \(revision)")
    }

    private func source() async throws(SandboxStatus) -> SandboxObject? {
        let key = sourceKey
        let found = try await scene.cluster.get(key)
        if key.kind == .gitRepository, found?.status["artifact"] != nil { return found }
        let fetched = found?.words(of: "Ready") ?? "not fetched yet"
        let why =
            key.kind != .gitRepository
            ? "the sandbox reads GitRepositories only"
            : found == nil
                ? "\(key.kind) '\(key.namespace ?? "")/\(key.name)' not found"
                : "Source artifact not found, retrying: \(fetched)"
        try await fail("ArtifactFailed", why)
        return nil
    }

    private func build(
        _ builder: FolderBuilder,
        _ source: SandboxObject,
        _ revision: String
    ) async throws(SandboxStatus) -> FolderBuilder.Built? {
        let url = source.spec["url"]?.string ?? ""
        let commit = revision.split(separator: ":").last.map(String.init) ?? ""
        do throws(BuildFault) {
            return try await builder.build(object.spec["path"]?.string ?? "", of: url, at: commit)
        } catch {
            switch error {
            case .wrong(let message):
                try await fail("BuildFailed", "kustomize build failed: \(message)", revision)
            case .unreadable(let message):
                try await fail("ArtifactFailed", message, revision)
            }
            return nil
        }
    }

    /// What `postBuild` fills in: from ConfigMaps and Secrets in their order, then its own.
    private func values(_ revision: String) async throws(SandboxStatus) -> [String: String]? {
        var values: [String: String] = [:]
        let build = object.spec["postBuild"]
        for reference in build?["substituteFrom"]?.array ?? [] {
            let isSecret = reference["kind"]?.string == "Secret"
            let name = reference["name"]?.string ?? ""
            let key = SandboxKey(isSecret ? .secret : .configMap, object.namespace, name)
            let found = try await scene.cluster.get(key)
            if found == nil, reference["optional"]?.bool != true {
                try await fail("BuildFailed", "substitute from '\(key)' error: not found", revision)
                return nil
            }
            for member in found?.json["data"]?.object ?? JSONObject() {
                let text = member.value.string ?? ""
                let bytes = isSecret ? Base64.decode(text) ?? [] : Array(text.utf8)
                values[member.key] = String(decoding: bytes, as: UTF8.self)
            }
        }
        for member in build?["substitute"]?.object ?? JSONObject() {
            values[member.key] = member.value.string ?? member.value.text
        }
        return values
    }

    private func target(_ revision: String) async throws(SandboxStatus) -> SandboxCluster? {
        do throws(SandboxStatus) {
            return try await scene.target(of: object)
        } catch {
            try await fail(error, "ReconciliationFailed", revision)
            return nil
        }
    }

    /// Names what is applied and where: a cluster made anew has another name.
    private func digest(
        _ built: FolderBuilder.Built,
        _ values: [String: String],
        _ target: SandboxCluster
    ) async throws(SandboxStatus) -> String {
        let home = try await target.get(SandboxKey(.namespace, "kube-system"))
        let text = "\(built.digest) \(home?.uid ?? "") \(JSON.texts(values).text)"
        return "sha256:\(Hex.encode(SHA256.hash(text)))"
    }

    private func fill(
        _ built: FolderBuilder.Built,
        _ values: [String: String],
        _ revision: String
    ) async throws(SandboxStatus) -> [JSONObject]? {
        let substitution = PostBuild(values: values)
        let change = object.spec["targetNamespace"]?.string.map(NamespaceChange.init)
        do throws(BuildFault) {
            var manifests: [JSONObject] = []
            for manifest in built.manifests {
                let filled = try substitution.filled(manifest)
                manifests.append((change?.applied(to: filled) ?? filled).object ?? JSONObject())
            }
            return manifests
        } catch {
            try await fail("BuildFailed", error.message, revision)
            return nil
        }
    }

    /// Applies what was built, and removes what is no longer in it.
    private func put(
        _ manifests: [JSONObject],
        into target: SandboxCluster,
        _ digest: String,
        _ revision: String
    ) async throws(SandboxStatus) -> [AppliedSet.Entry]? {
        memory.note(nil, of: object.uid)
        if object.condition("Ready") == nil {
            try await scene.report(object, .progressing("Reconciliation in progress"))
        }
        let usual = "dry-run failed: played by the sandbox"
        var reason = "ReconciliationFailed"
        if let message = scene.suffers(.applyFails, object, usual) {
            try await fail(reason, message, revision)
            return nil
        }
        var set = AppliedSet(target: target, manager: scene.manager)
        set.account = account(in: target)
        let mark = "kustomize.toolkit.fluxcd.io"
        let labels = ["\(mark)/name": object.name, "\(mark)/namespace": object.namespace ?? ""]
        do throws(SandboxStatus) {
            let entries = try await set.apply(manifests, labels: labels)
            reason = "PruneFailed"
            if object.spec["prune"]?.bool == true {
                let before = Self.inventory(of: object)
                let gone = try await set.prune(before, keeping: entries, of: object)
                for key in gone { try await scene.event(object, "Progressing", "\(key) deleted") }
            }
            try await scene.report(object) { $0.setInventory(entries) }
            let applied = FluxMemory.Applied(
                digest: digest,
                generation: object.generation,
                time: scene.now,
                entries: entries
            )
            memory.note(applied, of: object.uid)
            return entries
        } catch {
            try await fail(error, reason, revision)
            return nil
        }
    }

    /// With whose rights it applies: those of an account that is named; Flux's own in Flux's own
    /// namespace and in a cluster of one tenant; else the least, as where tenants share a cluster.
    private func account(in target: SandboxCluster) -> SandboxIdentity? {
        let namespace = object.namespace ?? ""
        let named = object.spec["serviceAccountName"]?.string
        let isShared = target.name == SandboxServer.management
        guard named != nil || isShared && namespace != "flux-system" else { return nil }
        return SandboxIdentity(
            user: "system:serviceaccount:\(namespace):\(named ?? "default")",
            groups: [
                "system:serviceaccounts", "system:serviceaccounts:\(namespace)",
                "system:authenticated",
            ]
        )
    }

    private func succeed(
        _ revision: String,
        _ digest: String,
        _ entries: [AppliedSet.Entry]
    ) async throws(SandboxStatus) {
        scene.look(after: interval)
        let time = JSON.string(scene.now.kubernetesText)
        let state = Self.applied(revision)
        try await scene.report(object, state) { object in
            object.status["lastAppliedRevision"] = .string(revision)
            object.status["lastAttemptedRevision"] = .string(revision)
            object.setInventory(entries)
            guard object.status["history"]?[0]?["digest"]?.string != digest else { return }
            object.status["history"] = [
                [
                    "digest": .string(digest), "firstReconciled": time, "lastReconciled": time,
                    "lastReconciledDuration": "1s", "totalReconciliations": 1,
                    "lastReconciledStatus": "ReconciliationSucceeded",
                ]
            ]
        }
        guard object.status["lastAppliedRevision"]?.string != revision || !object.isReadyInFlux
        else { return }
        let message = "Applied revision: \(revision)"
        try await scene.event(object, "ReconciliationSucceeded", message)
    }

    /// Reports why it cannot go on, and at which revision if one was looked at.
    func fail(
        _ reason: String,
        _ message: String,
        _ revision: String? = nil
    ) async throws(SandboxStatus) {
        try await scene.report(object, .failed(reason: reason, message: message)) { object in
            if let revision { object.status["lastAttemptedRevision"] = .string(revision) }
        }
    }

    /// The same for a refusal; what the sandbox does not answer is tried again as a whole.
    private func fail(
        _ status: SandboxStatus,
        _ reason: String,
        _ revision: String
    ) async throws(SandboxStatus) {
        if status.reason == .unavailable { throw status }
        try await fail(reason, status.message, revision)
    }
}

extension SandboxObject {
    fileprivate mutating func setInventory(_ entries: [AppliedSet.Entry]) {
        status["inventory"] = ["entries": .array(entries.map(\.json))]
    }
}
