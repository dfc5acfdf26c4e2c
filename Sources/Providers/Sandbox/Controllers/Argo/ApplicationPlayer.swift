import Domain
import JSON
import YAML

/// Plays Argo CD: an Application applies a folder of a repository of this installation, or installs
/// a chart; `vcluster` becomes a virtual cluster, of any other it is only said that it is there.
struct ApplicationPlayer: Player {
    private static let finalizer = "resources-finalizer.argocd.argoproj.io"
    private static let refresh = "argocd.argoproj.io/refresh"
    /// How often the repository is asked for a new commit, in milliseconds: Argo CD does so every
    /// three minutes, people who try the sandbox do not wait that long.
    private static let polling = 10_000

    let name = "argocd-application-controller"
    let kind = SandboxKind.application
    let builder: FolderBuilder
    var others: [SandboxKind] { [.statefulSet] }
    func runs(in cluster: String) -> Bool { cluster == SandboxServer.management }

    func keys(for change: SandboxChange) -> [SandboxKey] {
        VirtualClusterChart.key(ofInstaller: change.object, kind).map { [$0] } ?? []
    }

    /// How an Application does.
    private struct State {
        var sync: String
        var health = "Missing"
        var revision = ""
        var fault: String?

        var phase: String {
            fault != nil ? "Failed" : health == "Healthy" ? "Succeeded" : "Running"
        }
    }

    func play(_ object: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        if object.isDeleting { return try await end(object, scene) }
        let automated = object.spec["syncPolicy"]?["automated"]
        let isAutomated = automated != nil && automated?["enabled"]?.bool != false
        guard isAutomated || object.json["operation"] != nil else {
            return try await tell(object, State(sync: "OutOfSync"), scene)
        }
        let usual = "played by the sandbox"
        if let message = scene.suffers(.applyFails, object, usual) {
            let state = State(sync: "OutOfSync", fault: message)
            return try await tell(object, state, scene)
        }
        do throws(SandboxStatus) {
            let isChart = object.spec["source"]?["chart"] != nil
            let (revision, isUp) =
                isChart ? try await chart(object, scene) : try await folder(object, scene)
            let isDone = isUp && scene.suffers(.neverReady, object, usual) == nil
            let health = isDone ? "Healthy" : "Progressing"
            let state = State(sync: "Synced", health: health, revision: revision)
            try await tell(object, state, scene)
            if !isDone { scene.lookSoon() }
            scene.look(after: scene.pace.of(isChart ? SandboxPace.Step.watching : Self.polling))
        } catch {
            if error.reason == .unavailable { throw error }
            try await tell(object, State(sync: "Unknown", fault: error.message), scene)
            scene.lookSoon()
        }
    }

    /// Installs a chart; its version, and whether it runs.
    private func chart(
        _ object: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> (String, Bool) {
        let version = object.spec["source"]?["targetRevision"]?.string ?? ""
        let step = SandboxPace.Step.chart
        let isOver = scene.hasPassed(step, since: object.creationTime, for: object)
        guard let chart = virtualCluster(object, scene) else { return (version, isOver) }
        let synced = object.status["sync"]?["comparedTo"]?["source"]
        let isThere = try await scene.cluster.get(chart.setKey) != nil
        if !isThere || synced != object.spec["source"] { try await chart.install() }
        return (version, try await chart.follow() && isOver)
    }

    /// The virtual cluster that an Application installs; nil where that is another chart.
    private func virtualCluster(
        _ object: SandboxObject,
        _ scene: Scene
    ) -> VirtualClusterChart? {
        let source = object.spec["source"]
        guard source?["chart"] == "vcluster" else { return nil }
        return VirtualClusterChart(
            scene: scene,
            name: source?["helm"]?["releaseName"]?.string ?? object.name,
            namespace: object.spec["destination"]?["namespace"]?.string ?? "",
            version: source?["targetRevision"]?.string ?? "",
            values: source?["helm"]?["valuesObject"]
                ?? VirtualClusterChart.values(source?["helm"]?["values"]),
            installer: object
        )
    }

    /// Applies the folder of a repository; its commit, and whether all that is there does well.
    private func folder(
        _ object: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> (String, Bool) {
        let (commit, manifests) = try await read(object.spec["source"])
        var set = AppliedSet(target: try await target(of: object, scene), manager: name)
        set.namespace = object.spec["destination"]?["namespace"]?.string
        set.fence = try await ProjectFence(of: object, in: scene)
        let label = ["argocd.argoproj.io/instance": object.name]
        let entries = try await set.apply(manifests, labels: label)
        if object.spec["syncPolicy"]?["automated"]?["prune"]?.bool == true {
            try await set.prune(inventory(of: object), keeping: entries)
        }
        try await scene.report(object) { object in
            object.status["resources"] = .array(
                entries.map { entry in
                    [
                        "group": .string(entry.key.kind.group), "version": .string(entry.version),
                        "kind": .string(entry.key.kind.name), "name": .string(entry.key.name),
                        "namespace": .string(entry.key.namespace ?? ""), "status": "Synced",
                    ]
                }
            )
        }
        return (commit, try await set.health(of: entries) == .healthy)
    }

    private func read(_ source: JSON?) async throws(SandboxStatus) -> (String, [JSONObject]) {
        let url = source?["repoURL"]?.string ?? ""
        let wanted = source?["targetRevision"]?.string ?? ""
        let reference = ["HEAD", ""].contains(wanted) ? "main" : wanted
        let commit: String?
        do throws(SandboxRepositoryFault) {
            commit = try await builder.repositories.head(of: url, at: reference)
        } catch {
            throw SandboxStatus(.badRequest, "unable to read '\(url)': \(error.message)")
        }
        guard let commit else {
            let message = "unable to resolve '\(reference)' to a commit SHA in '\(url)'"
            throw SandboxStatus(.badRequest, message)
        }
        do throws(BuildFault) {
            let path = source?["path"]?.string ?? ""
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
            let there = secret.secretText("server")
            if there == server || name != nil && secret.secretText("name") == name {
                return try await scene.cluster(at: there ?? "")
            }
        }
        let words = name ?? server ?? "?"
        throw SandboxStatus(.badRequest, "there are no clusters with this name or server: \(words)")
    }

    private func end(_ object: SandboxObject, _ scene: Scene) async throws(SandboxStatus) {
        let finalizers = object.finalizers.filter { $0.hasPrefix(Self.finalizer) }
        guard scene.suffers(.deletionStuck, object) == nil, !finalizers.isEmpty else { return }
        if let chart = virtualCluster(object, scene) {
            try await chart.uninstall()
            let step = SandboxPace.Step.chart
            guard scene.hasPassed(step, since: object.deletionTime, for: object) else { return }
            // What cannot be reached any more is left: there is nothing to take away.
        } else if let target = try? await target(of: object, scene) {
            let entries = inventory(of: object)
            let set = AppliedSet(target: target, manager: name)
            try await set.prune(entries)
            let isForeground = finalizers.contains(Self.finalizer)
            if isForeground, try await set.isThere(anyOf: entries) { return scene.lookSoon() }
        }
        for finalizer in finalizers { try await scene.finalizer(finalizer, false, on: object) }
    }

    private func tell(
        _ object: SandboxObject,
        _ state: State,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        let time = JSON.string(scene.now.kubernetesText)
        try await scene.report(object) { object in
            object.status["sync"] = [
                "status": .string(state.sync), "revision": .string(state.revision),
                "comparedTo": [
                    "source": object.spec["source"] ?? .null,
                    "destination": object.spec["destination"] ?? .null,
                ],
            ]
            object.status["health"] = ["status": .string(state.health)]
            let last = object.status["operationState"]
            let isSame =
                last?["phase"]?.string == state.phase
                && last?["syncResult"]?["revision"]?.string == state.revision
                && object.annotations[Self.refresh] == nil
            if state.sync != "OutOfSync" || state.fault != nil, !isSame {
                object.status["reconciledAt"] = time
                object.status["operationState"] = [
                    "phase": .string(state.phase),
                    "message": .string(state.fault ?? "successfully synced"),
                    "startedAt": last?["startedAt"] ?? time, "finishedAt": time,
                    "syncResult": ["revision": .string(state.revision)],
                ]
            }
            let type: JSON = "SyncError"
            object.status["conditions"] = state.fault.map { message in
                [["type": type, "message": .string(message), "lastTransitionTime": time]]
            }
            object.json["operation"] = nil
            object.setAnnotation(Self.refresh, nil)
        }
    }
}
