import JSON
import Secrets

/// Plays the controllers that keep pods: ReplicaSets, StatefulSets, DaemonSets and Jobs differ in
/// which pods they want and in the names of their counters.
struct WorkloadPlayer: Player {
    static let all = counters.keys.map(WorkloadPlayer.init)
    private static let revision = "controller-revision-hash"
    /// On a Job: what it writes into which Secret when it runs, which it does not do here.
    private static let writes = "sandbox.slipway.dev/writes"
    private static let failing = ["FailureTarget", "Failed"]

    /// The counters of each kind: of pods that are wanted, that are there, and that are ready.
    private static let counters:
        [SandboxKind: (wanted: [String], here: [String], ready: [String])] = [
            .replicaSet: (
                [], ["replicas", "fullyLabeledReplicas"], ["readyReplicas", "availableReplicas"]
            ),
            .statefulSet: (
                [], ["replicas", "currentReplicas", "updatedReplicas"],
                ["readyReplicas", "availableReplicas"]
            ),
            .daemonSet: (
                ["desiredNumberScheduled"], ["currentNumberScheduled", "updatedNumberScheduled"],
                ["numberReady", "numberAvailable"]
            ),
            .job: ([], [], ["ready"]),
        ]

    let kind: SandboxKind
    var name: String { "\(kind.name.lowercased())-controller" }
    var others: [SandboxKind] { kind == .daemonSet ? [.pod, .node] : [.pod] }

    func keys(for change: SandboxChange) -> [SandboxKey] {
        if change.object.kind == .node { return [all(in: nil)] }
        return change.object.owners.filter { SandboxObject($0).kind == kind }.compactMap { owner in
            owner["name"]?.string.map { SandboxKey(kind, change.object.namespace, $0) }
        }
    }

    func play(_ set: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        let isIdle = set.holds("Complete") || kind == .job && set.spec["suspend"]?.bool == true
        guard !set.isDeleting, !isIdle else { return }
        let wanted = try await pods(of: set, scene)
        let pods = PodSet(owner: set, scene: scene)
        if kind == .statefulSet {
            try await replaceOutdated(pods)
            for pod in wanted { try await claims(of: set, for: pod.name, scene) }
        }
        let result = try await pods.keep(wanted)
        if result.refusal != nil { scene.lookSoon() }
        if kind == .job { return try await report(result, of: set, wanted.count, scene) }
        try await scene.report(set) { set in
            set.status["observedGeneration"] = .integer(set.generation)
            let fields = Self.counters[kind] ?? ([], [], [])
            for field in fields.wanted { set.count(wanted.count, field) }
            for field in fields.here { set.count(result.pods.count, field) }
            for field in fields.ready { set.count(result.ready, field) }
            finish(&set, result)
        }
    }

    /// What only one of the kinds reports.
    private func finish(_ set: inout SandboxObject, _ result: PodSet.Result) {
        switch kind {
        case .daemonSet: set.status["numberMisscheduled"] = 0
        case .statefulSet:
            set.status["currentRevision"] = .string(Self.revision(of: set))
            set.status["updateRevision"] = set.status["currentRevision"]
            set.status["collisionCount"] = 0
        default: PodSet.tell(result.refusal, in: &set, at: result.time)
        }
    }

    private func report(
        _ result: PodSet.Result,
        of job: SandboxObject,
        _ wanted: Int,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        let done = result.pods.filter { $0.status["phase"]?.string == "Succeeded" }.count
        if let why = scene.suffers(.fails, job, "Job has reached the specified backoff limit") {
            let facts = Self.failing.map { Fact($0, true, "BackoffLimitExceeded", why) }
            return try await scene.report(job, facts) { $0.status["failed"] = 1 }
        }
        let isDone = done == wanted
        if isDone { try await write(for: job, scene) }
        let facts = ["SuccessCriteriaMet", "Complete"].map { Fact($0, true, "CompletionsReached") }
        try await scene.report(job, isDone ? facts : []) { job in
            let time = JSON.string(scene.now.kubernetesText)
            for type in Self.failing { job.removeCondition(type) }
            job.status["failed"] = nil
            job.status["startTime"] = job.status["startTime"] ?? time
            job.status["active"] = isDone ? nil : .integer(result.pods.count - done)
            job.status["ready"] = .integer(result.ready)
            job.status["succeeded"] = done == 0 ? nil : .integer(done)
            if isDone { job.status["completionTime"] = time }
        }
        if isDone { try await scene.event(job, "Completed", "Job completed") }
    }

    /// What a Job that ran would have put into a Secret is there: `<secret>/<key>`.
    private func write(for job: SandboxObject, _ scene: Scene) async throws(SandboxStatus) {
        let place = (job.annotations[Self.writes] ?? "").split(separator: "/").map(String.init)
        guard place.count == 2 else { return }
        let key = SandboxKey(.secret, job.namespace, place[0])
        try await scene.cluster.update(key, as: "sandbox-job") { secret in
            guard secret.json["data"]?[place[1]] == nil else { return }
            var data = secret.json["data"]?.object ?? JSONObject()
            let drawn = OperatorSecret.Word.draw()
            data[place[1]] = .string(Base64.encode(Array(drawn.utf8)))
            secret.json["data"] = .object(data)
        }
    }

    /// The pods that are wanted: numbered, one for each node, or of any name.
    private func pods(
        of set: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> [PodSet.Wanted] {
        func drawn(_ word: String) -> String { "\(set.name)-\(Draw.suffix("\(set.uid) \(word)"))" }
        switch kind {
        case .daemonSet:
            return try await scene.cluster.list(.node).filter { !$0.isDeleting }.map { node in
                PodSet.Wanted(name: drawn(node.name), node: node.name)
            }
        case .statefulSet:
            return (0..<set.wantedReplicas).map { number in
                let pod = "\(set.name)-\(number)"
                let labels = [
                    "statefulset.kubernetes.io/pod-name": pod,
                    "apps.kubernetes.io/pod-index": "\(number)",
                    Self.revision: Self.revision(of: set),
                ]
                return PodSet.Wanted(name: pod, labels: labels)
            }
        case .job:
            let labels = ["batch.kubernetes.io/job-name": set.name, "job-name": set.name]
            return (0..<max(0, set.spec["completions"]?.int ?? 1)).map { number in
                PodSet.Wanted(name: drawn("\(number)"), labels: labels)
            }
        default:
            return (0..<set.wantedReplicas).map { PodSet.Wanted(name: drawn("\($0)")) }
        }
    }

    private static func revision(of set: SandboxObject) -> String {
        "\(set.name)-\(Draw.suffix((set.spec["template"] ?? .null).text, length: 10))"
    }

    /// A pod of an older template goes; its successor has the same name.
    private func replaceOutdated(_ set: PodSet) async throws(SandboxStatus) {
        let revision = Self.revision(of: set.owner)
        func isOld(_ pod: SandboxObject) -> Bool { pod.labels[Self.revision] != revision }
        let pods = try await set.current()
        guard let outdated = pods.last(where: isOld),
            pods.allSatisfy({ $0.name == outdated.name || $0.isReadyPod || isOld($0) })
        else { return }
        try await set.scene.cluster.delete(outdated.key, uid: outdated.uid)
    }

    private func claims(
        of set: SandboxObject,
        for pod: String,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        let policy = set.spec["persistentVolumeClaimRetentionPolicy"]?["whenDeleted"]?.string
        for template in set.spec["volumeClaimTemplates"]?.array ?? [] {
            let name = "\(template["metadata"]?["name"]?.string ?? "data")-\(pod)"
            let key = SandboxKey(.claim, set.namespace, name)
            guard try await scene.cluster.get(key) == nil else { continue }
            var metadata = template["metadata"]?.object ?? JSONObject()
            metadata["name"] = nil
            metadata["labels"] = set.spec["selector"]?["matchLabels"] ?? metadata["labels"]
            let claim = JSON.manifest(
                "v1",
                "PersistentVolumeClaim",
                name,
                in: set.namespace,
                owner: policy == "Delete" ? set.reference() : nil,
                ["metadata": .object(metadata), "spec": template["spec"] ?? [:]]
            )
            try await scene.make(claim)
        }
    }
}
