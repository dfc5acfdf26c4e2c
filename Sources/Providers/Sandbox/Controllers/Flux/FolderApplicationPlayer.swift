import Domain
import JSON
import Secrets

/// Plays Argo CD for Applications that apply a folder of a repository of this installation.
struct FolderApplicationPlayer: ReturningPlayer {
    private static let finalizer = "resources-finalizer.argocd.argoproj.io"
    /// How often the repository is asked for a new commit, in milliseconds: Argo CD does so every
    /// three minutes, people who try the sandbox do not wait that long.
    private static let polling = 10_000
    private static let refresh = "argocd.argoproj.io/refresh"

    let name = "argocd-application-controller"
    let kind = SandboxKind.application
    let builder: FolderBuilder
    func runs(in cluster: String) -> Bool { cluster == SandboxServer.management }

    func play(
        _ object: SandboxObject,
        in scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        guard object.spec["source"]?["chart"]?.string == nil else { return .none }
        if object.isDeleting { return try await end(object, scene) }
        let isAutomated =
            object.spec["syncPolicy"]?["automated"] != nil
            && object.spec["syncPolicy"]?["automated"]?["enabled"]?.bool != false
        guard isAutomated || object.json["operation"] != nil else {
            try await tell(object, sync: "OutOfSync", health: "Missing", "", nil, scene)
            return .none
        }
        let usual = "played by the sandbox"
        if let message = scene.suffers(.applyFails, object, usual) {
            try await tell(object, sync: "OutOfSync", health: "Missing", "", message, scene)
            return scene.soon
        }
        do throws(SandboxStatus) {
            let (revision, isHealthy) = try await folder(object, scene)
            let isDone = isHealthy && scene.suffers(.neverReady, object, usual) == nil
            let health = isDone ? "Healthy" : "Progressing"
            try await tell(object, sync: "Synced", health: health, revision, nil, scene)
            if !isDone { return scene.soon }
        } catch {
            if error.reason == .unavailable { throw error }
            try await tell(object, sync: "Unknown", health: "Missing", "", error.message, scene)
            return scene.soon
        }
        return .after(scene.pace.of(Self.polling))
    }

    /// Applies the folder of a repository of this installation.
    private func folder(
        _ object: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> (String, Bool) {
        let source = object.spec["source"]
        let url = source?["repoURL"]?.string ?? ""
        let wanted = source?["targetRevision"]?.string ?? "main"
        let (commit, manifests) = try await read(source?["path"]?.string ?? "", of: url, wanted)
        var set = AppliedSet(target: try await target(of: object, scene), manager: name)
        set.namespace = object.spec["destination"]?["namespace"]?.string
        set.fence = try await ProjectFence(of: object, in: scene)
        let label: JSON = ["argocd.argoproj.io/instance": .string(object.name)]
        let entries = try await set.apply(manifests, labels: label)
        let before = inventory(of: object)
        if object.spec["syncPolicy"]?["automated"]?["prune"]?.bool == true {
            _ = try await set.prune(before, keeping: entries)
        }
        try await scene.report(object) { object in
            object.status["resources"] = .array(
                entries.map { entry in
                    [
                        "group": .string(entry.key.kind.group),
                        "version": .string(entry.version),
                        "kind": .string(entry.key.kind.name),
                        "namespace": .string(entry.key.namespace ?? ""),
                        "name": .string(entry.key.name), "status": "Synced",
                    ]
                }
            )
        }
        return (commit, try await set.health(of: entries) == .healthy)
    }

    private func read(
        _ path: String,
        of url: String,
        _ wanted: String
    ) async throws(SandboxStatus) -> (String, [JSONObject]) {
        let reference = ["HEAD", ""].contains(wanted) ? "main" : wanted
        let commit: String?
        do throws(SandboxRepositoryFault) {
            commit = try await builder.repositories.head(of: url, at: reference)
        } catch {
            throw SandboxStatus(.badRequest, "unable to read '\(url)': \(error.message)")
        }
        guard let commit else {
            throw SandboxStatus(
                .badRequest,
                "unable to resolve '\(reference)' to a commit SHA in '\(url)'"
            )
        }
        do throws(BuildFault) {
            let built = try await builder.build(path, of: url, at: commit)
            return (commit, built.manifests.compactMap(\.object))
        } catch {
            throw SandboxStatus(.badRequest, "failed to generate manifests: \(error.message)")
        }
    }

    private func inventory(of object: SandboxObject) -> [AppliedSet.Entry] {
        (object.status["resources"]?.array ?? []).compactMap { resource in
            func text(_ field: String) -> String { resource[field]?.string ?? "" }
            let id = "\(text("namespace"))_\(text("name"))_\(text("group"))_\(text("kind"))"
            return AppliedSet.Entry(["id": .string(id), "v": .string(text("version"))])
        }
    }

    /// The cluster of the destination, by Argo CD's cluster Secrets.
    private func target(
        of object: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> SandboxCluster {
        let destination = object.spec["destination"]
        let server = destination?["server"]?.string
        if server == "https://kubernetes.default.svc" { return scene.cluster }
        let name = destination?["name"]?.string
        for secret in try await scene.cluster.list(.secret, namespace: object.namespace)
        where secret.labels["argocd.argoproj.io/secret-type"] == "cluster" {
            func text(_ entry: String) -> String? {
                secret.json["data"]?[entry]?.string.flatMap(Base64.decode)
                    .map { String(decoding: $0, as: UTF8.self) }
            }
            if text("server") == server || name != nil && text("name") == name {
                return try await RemoteCluster.cluster(at: text("server") ?? "", scene)
            }
        }
        let words = name ?? server ?? "?"
        throw SandboxStatus(.badRequest, "there are no clusters with this name or server: \(words)")
    }

    private func end(
        _ object: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        if scene.suffers(.deletionStuck, object, "") != nil { return scene.soon }
        guard object.finalizers.contains(where: { $0.hasPrefix(Self.finalizer) }) else {
            return .none
        }
        // What cannot be reached any more is left: there is nothing to take away.
        if let target = try? await target(of: object, scene) {
            let entries = inventory(of: object)
            let set = AppliedSet(target: target, manager: name)
            _ = try await set.prune(entries, keeping: [])
            let isForeground = object.finalizers.contains(Self.finalizer)
            if isForeground, try await set.isThere(anyOf: entries) { return scene.soon }
        }
        for finalizer in object.finalizers where finalizer.hasPrefix(Self.finalizer) {
            try await scene.finalizer(finalizer, false, on: object)
        }
        return .none
    }

    private func tell(
        _ object: SandboxObject,
        sync: String,
        health: String,
        _ revision: String,
        _ fault: String?,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        let time = JSON.string(scene.now.kubernetesText)
        let phase = fault != nil ? "Failed" : health == "Healthy" ? "Succeeded" : "Running"
        try await scene.report(object) { object in
            object.status["sync"] = [
                "status": .string(sync), "revision": .string(revision),
                "comparedTo": [
                    "source": object.spec["source"] ?? .null,
                    "destination": object.spec["destination"] ?? .null,
                ],
            ]
            object.status["health"] = ["status": .string(health)]
            let state = object.status["operationState"]
            let isSame =
                state?["phase"]?.string == phase
                && state?["syncResult"]?["revision"]?.string == revision
                && object.annotations[Self.refresh] == nil
            if sync != "OutOfSync" || fault != nil, !isSame {
                object.status["reconciledAt"] = time
                object.status["operationState"] = [
                    "phase": .string(phase), "message": .string(fault ?? "successfully synced"),
                    "startedAt": object.status["operationState"]?["startedAt"] ?? time,
                    "finishedAt": time, "syncResult": ["revision": .string(revision)],
                ]
            }
            object.status["conditions"] = fault.map { message in
                [
                    [
                        "type": "SyncError", "message": .string(message),
                        "lastTransitionTime": time,
                    ]
                ]
            }
            object.json["operation"] = nil
            object.setAnnotation(Self.refresh, nil)
        }
    }
}
