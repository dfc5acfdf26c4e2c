import Domain
import JSON
import Secrets

/// One reconciliation of a Kustomization.
struct KustomizationWork {
    /// How often a revision is reported that changes nothing, at the usual speed: every 3 s.
    ///
    /// Several commits in a row then cost one write of a status, not each of them one.
    private static let reporting = 3_000

    let object: SandboxObject
    let scene: Scene
    let builder: FolderBuilder
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

    private var interval: Duration {
        GoDuration.parse(object.spec["interval"]?.string) / scene.pace.speed
    }

    func play() async throws(KustomizationFault) -> SandboxRequeue {
        let source = try await source()
        try await dependencies()
        let revision = source.status["artifact"]?["revision"]?.string ?? ""
        let built = try await build(source, revision)
        let values = try await values(revision)
        let digest = try await digest(built, values, revision)
        let last = memory.applied(object.uid)
        let isApplied =
            last?.digest == digest && last?.generation == object.generation
            && scene.now - (last?.time ?? scene.now) < interval
        let isAsked = object.isRequested || scene.faults.touches(object)
        if isApplied, !isAsked, object.isReadyInFlux { return try await keep(revision) }
        let entries: [AppliedSet.Entry]
        if isApplied, !isAsked, let last {
            entries = last.entries
        } else {
            entries = try await put(built, values, digest, revision)
        }
        try await health(of: entries, revision)
        try await succeed(revision, digest, entries)
        return .after(interval)
    }

    /// Nothing has changed but the revision: it is reported, not too often.
    private func keep(_ revision: String) async throws(KustomizationFault) -> SandboxRequeue {
        guard object.status["lastAppliedRevision"]?.string != revision else {
            return .after(interval)
        }
        let pause = scene.pace.of(Self.reporting)
        guard memory.reports(object.uid, at: scene.now, every: pause) else { return .after(pause) }
        try await asking { () async throws(SandboxStatus) in
            try await scene.report(object) { object in
                object.status["lastAppliedRevision"] = .string(revision)
                object.status["lastAttemptedRevision"] = .string(revision)
                let message = "Applied revision: \(revision)"
                let state = FluxState.ready(reason: "ReconciliationSucceeded", message: message)
                object.setFlux(state, at: scene.now)
            }
        }
        return .after(interval)
    }

    private func source() async throws(KustomizationFault) -> SandboxObject {
        let key = sourceKey
        let found = try await asking { () async throws(SandboxStatus) in
            try await scene.cluster.get(key)
        }
        guard let found else {
            throw .failed(
                reason: "ArtifactFailed",
                message: "\(key.kind) '\(key.namespace ?? "")/\(key.name)' not found"
            )
        }
        guard key.kind == .gitRepository, found.status["artifact"] != nil else {
            let why =
                key.kind == .gitRepository
                ? "Source artifact not found, retrying: "
                    + (found.condition("Ready")?["message"]?.string ?? "not fetched yet")
                : "the sandbox reads GitRepositories only"
            throw .failed(reason: "ArtifactFailed", message: why)
        }
        return found
    }

    private func dependencies() async throws(KustomizationFault) {
        for dependency in object.spec["dependsOn"]?.array ?? [] {
            let namespace = dependency["namespace"]?.string ?? object.namespace
            let name = dependency["name"]?.string ?? ""
            let key = SandboxKey(object.kind, namespace, name)
            let found = try await asking { () async throws(SandboxStatus) in
                try await scene.cluster.get(key)
            }
            guard let found, found.isReadyInFlux else {
                let place = "\(namespace ?? "")/\(name)"
                throw .failed(
                    reason: "DependencyNotReady",
                    message: found == nil
                        ? "dependency '\(place)' not found" : "dependency '\(place)' is not ready"
                )
            }
        }
    }

    private func build(
        _ source: SandboxObject,
        _ revision: String
    ) async throws(KustomizationFault) -> FolderBuilder.Built {
        let url = source.spec["url"]?.string ?? ""
        let commit = revision.split(separator: ":").last.map(String.init) ?? ""
        do throws(BuildFault) {
            return try await builder.build(object.spec["path"]?.string ?? "", of: url, at: commit)
        } catch {
            switch error {
            case .wrong(let message):
                throw .failedAt(
                    revision: revision,
                    reason: "BuildFailed",
                    message: "kustomize build failed: \(message)"
                )
            case .unreadable(let message):
                throw .failedAt(revision: revision, reason: "ArtifactFailed", message: message)
            }
        }
    }

    /// What `postBuild` fills in: from ConfigMaps and Secrets in their order, then its own.
    private func values(
        _ revision: String
    ) async throws(KustomizationFault) -> [String: String] {
        var values: [String: String] = [:]
        let build = object.spec["postBuild"]
        for reference in build?["substituteFrom"]?.array ?? [] {
            let isSecret = reference["kind"]?.string == "Secret"
            let name = reference["name"]?.string ?? ""
            let key = SandboxKey(isSecret ? .secret : .configMap, object.namespace, name)
            let found = try await asking { () async throws(SandboxStatus) in
                try await scene.cluster.get(key)
            }
            guard let found else {
                if reference["optional"]?.bool == true { continue }
                let message = "substitute from '\(key)' error: not found"
                throw .failedAt(revision: revision, reason: "BuildFailed", message: message)
            }
            for member in found.json["data"]?.object ?? JSONObject() {
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

    /// Names what is applied and where: a cluster made anew has another name.
    private func digest(
        _ built: FolderBuilder.Built,
        _ values: [String: String],
        _ revision: String
    ) async throws(KustomizationFault) -> String {
        let home = SandboxKey(.namespace, "kube-system")
        let target = try await target(revision)
        let place = try await asking { () async throws(SandboxStatus) in
            try await target.get(home)?.uid ?? ""
        }
        let sorted = values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let text = "\(built.digest) \(place) \(sorted.joined(separator: "\u{0}"))"
        return "sha256:\(Hex.encode(SHA256.hash(text)))"
    }

    private func target(
        _ revision: String
    ) async throws(KustomizationFault) -> SandboxCluster {
        do throws(SandboxStatus) {
            return try await RemoteCluster.of(object, in: scene)
        } catch {
            if error.reason == .unavailable { throw .outage(error) }
            throw .failedAt(
                revision: revision,
                reason: "ReconciliationFailed",
                message: error.message
            )
        }
    }

    /// Applies what was built, and removes what is no longer in it.
    private func put(
        _ built: FolderBuilder.Built,
        _ values: [String: String],
        _ digest: String,
        _ revision: String
    ) async throws(KustomizationFault) -> [AppliedSet.Entry] {
        memory.forget(object.uid)
        if object.condition("Ready") == nil {
            try await asking { () async throws(SandboxStatus) in
                try await scene.report(object) { object in
                    object.setFlux(.progressing("Reconciliation in progress"), at: scene.now)
                }
            }
        }
        let usual = "dry-run failed: played by the sandbox"
        if let message = scene.suffers(.applyFails, object, usual) {
            throw .failedAt(revision: revision, reason: "ReconciliationFailed", message: message)
        }
        let manifests = try manifests(built, values, revision)
        let target = try await target(revision)
        var set = AppliedSet(target: target, manager: scene.manager)
        set.account = account(in: target)
        var reason = "ReconciliationFailed"
        do throws(SandboxStatus) {
            let entries = try await set.apply(manifests, labels: labels)
            reason = "PruneFailed"
            if object.spec["prune"]?.bool == true {
                let before = Self.inventory(of: object)
                let gone = try await set.prune(before, keeping: entries, of: object)
                for key in gone { try await scene.event(object, "Progressing", "\(key) deleted") }
            }
            try await scene.report(object) { object in
                object.status["inventory"] = ["entries": .array(entries.map(\.json))]
            }
            memory.note(
                FluxMemory.Applied(
                    digest: digest,
                    generation: object.generation,
                    time: scene.now,
                    entries: entries
                ),
                of: object.uid
            )
            return entries
        } catch {
            if error.reason == .unavailable { throw .outage(error) }
            throw .failedAt(revision: revision, reason: reason, message: error.message)
        }
    }

    private var labels: JSON {
        [
            "kustomize.toolkit.fluxcd.io/name": .string(object.name),
            "kustomize.toolkit.fluxcd.io/namespace": .string(object.namespace ?? ""),
        ]
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

    private func manifests(
        _ built: FolderBuilder.Built,
        _ values: [String: String],
        _ revision: String
    ) throws(KustomizationFault) -> [JSONObject] {
        let substitution = PostBuild(values: values)
        let namespace = object.spec["targetNamespace"]?.string
        var manifests: [JSONObject] = []
        do throws(KustomizeBuild.Fault) {
            for manifest in built.manifests {
                var manifest = try substitution.filled(manifest)
                if let namespace { manifest = NamespaceChange(namespace).applied(to: manifest) }
                manifests.append(manifest.object ?? JSONObject())
            }
        } catch {
            guard case .failed(let message) = error else { return [] }
            throw .failedAt(revision: revision, reason: "BuildFailed", message: message)
        }
        return manifests
    }

    private func succeed(
        _ revision: String,
        _ digest: String,
        _ entries: [AppliedSet.Entry]
    ) async throws(KustomizationFault) {
        let message = "Applied revision: \(revision)"
        let time = JSON.string(scene.now.kubernetesText)
        let isNews =
            object.status["lastAppliedRevision"]?.string != revision || !object.isReadyInFlux
        try await asking { () async throws(SandboxStatus) in
            try await scene.report(object) { object in
                object.status["lastAppliedRevision"] = .string(revision)
                object.status["lastAttemptedRevision"] = .string(revision)
                object.status["inventory"] = ["entries": .array(entries.map(\.json))]
                if object.status["history"]?[0]?["digest"]?.string != digest {
                    object.status["history"] = [
                        [
                            "digest": .string(digest), "firstReconciled": time,
                            "lastReconciled": time, "lastReconciledDuration": "1s",
                            "lastReconciledStatus": "ReconciliationSucceeded",
                            "totalReconciliations": 1,
                        ]
                    ]
                }
                let state = FluxState.ready(reason: "ReconciliationSucceeded", message: message)
                object.setFlux(state, at: scene.now)
            }
            if isNews { try await scene.event(object, "ReconciliationSucceeded", message) }
        }
    }

    /// What the sandbox does not answer is tried again as a whole.
    @discardableResult
    func asking<Value>(
        _ body: () async throws(SandboxStatus) -> Value
    ) async throws(KustomizationFault) -> Value {
        do throws(SandboxStatus) {
            return try await body()
        } catch {
            throw .outage(error)
        }
    }
}
