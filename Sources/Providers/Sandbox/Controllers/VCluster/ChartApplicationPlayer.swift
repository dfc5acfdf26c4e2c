import Domain
import JSON
import YAML

/// Plays Argo CD for Applications that install a chart: `vcluster` becomes a virtual cluster, of
/// any other it is only said that it is there.
struct ChartApplicationPlayer: ReturningPlayer {
    static let finalizer = "resources-finalizer.argocd.argoproj.io"
    private static let refresh = "argocd.argoproj.io/refresh"

    let name = "argocd-application-controller"
    let kind = SandboxKind.application
    var others: [SandboxKind] { [.statefulSet] }
    func runs(in cluster: String) -> Bool { cluster == SandboxServer.management }

    func keys(for change: SandboxChange) -> [SandboxKey] {
        let mark = change.object.annotations[VirtualClusterChart.installer]
        return VirtualClusterChart.key(mark, of: kind).map { [$0] } ?? []
    }

    func play(
        _ object: SandboxObject,
        in scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        guard object.spec["source"]?["chart"]?.string != nil else { return .none }
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
            let (revision, isHealthy) = try await chart(object, scene)
            let rest = scene.rest(SandboxPace.Step.chart, since: object.creationTime, for: object)
            let isDone =
                isHealthy && rest == nil && scene.suffers(.neverReady, object, usual) == nil
            let health = isDone ? "Healthy" : "Progressing"
            try await tell(object, sync: "Synced", health: health, revision, nil, scene)
            if !isDone { return scene.soon }
        } catch {
            if error.reason == .unavailable { throw error }
            try await tell(object, sync: "Unknown", health: "Missing", "", error.message, scene)
            return scene.soon
        }
        return .after(scene.pace.of(SandboxPace.Step.watching))
    }

    private func virtualCluster(
        _ object: SandboxObject,
        _ scene: Scene
    ) -> VirtualClusterChart {
        let source = object.spec["source"]
        let text = source?["helm"]?["values"]?.string ?? ""
        // Values that are no YAML are none: the chart's own hold.
        let written = (try? YAML.parse(Array(text.utf8))) ?? [:]
        return VirtualClusterChart(
            scene: scene,
            name: source?["helm"]?["releaseName"]?.string ?? object.name,
            namespace: object.spec["destination"]?["namespace"]?.string ?? "",
            version: source?["targetRevision"]?.string ?? "",
            values: source?["helm"]?["valuesObject"] ?? written,
            installer: object
        )
    }

    private func chart(
        _ object: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> (String, Bool) {
        let version = object.spec["source"]?["targetRevision"]?.string ?? ""
        guard object.spec["source"]?["chart"]?.string == "vcluster" else { return (version, true) }
        let chart = virtualCluster(object, scene)
        let key = SandboxKey(.statefulSet, chart.namespace, chart.name)
        let isThere = try await scene.cluster.get(key) != nil
        let synced = object.status["sync"]?["comparedTo"]?["source"]
        if !isThere || synced != object.spec["source"] { try await chart.install() }
        return (version, try await chart.follow())
    }

    private func end(
        _ object: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        if scene.suffers(.deletionStuck, object, "") != nil { return scene.soon }
        guard object.finalizers.contains(where: { $0.hasPrefix(Self.finalizer) }) else {
            return .none
        }
        if object.spec["source"]?["chart"]?.string == "vcluster" {
            try await virtualCluster(object, scene).uninstall()
        }
        let step = SandboxPace.Step.chart
        if let rest = scene.rest(step, since: object.deletionTime, for: object) {
            return .after(rest)
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
            let isSame = object.status["operationState"]?["phase"]?.string == phase
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
