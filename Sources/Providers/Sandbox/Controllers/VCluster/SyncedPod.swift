import JSON

/// The pod of a virtual cluster as it runs in the host's namespace.
struct SyncedPod {
    /// Names the release that a host's pod belongs to.
    static let label = "vcluster.loft.sh/managed-by"
    private static let nameLengthMax = 63

    let host: SandboxCluster
    let namespace: String
    let release: String

    private func key(of pod: SandboxKey) -> SandboxKey {
        let whole = "\(pod.name)-x-\(pod.namespace ?? "")-x-\(release)"
        guard whole.utf8.count > Self.nameLengthMax else {
            return SandboxKey(.pod, namespace, whole)
        }
        return SandboxKey(.pod, namespace, "\(whole.prefix(52))-\(Draw.suffix(whole, length: 10))")
    }

    /// The host has it.
    func put(_ pod: SandboxObject, as manager: String) async throws(SandboxStatus) {
        let key = key(of: pod.key)
        guard try await host.get(key) == nil else { return }
        var labels: JSONObject = [:]
        for (label, value) in pod.labels.sorted(by: { $0.key < $1.key }) {
            labels[label] = .string(value)
        }
        labels[Self.label] = .string(release)
        labels["vcluster.loft.sh/namespace"] = pod.namespace.map { .string($0) }
        do throws(SandboxStatus) {
            try await host.create(
                [
                    "apiVersion": "v1", "kind": "Pod",
                    "metadata": [
                        "name": .string(key.name), "namespace": .string(namespace),
                        "labels": .object(labels),
                        "annotations": [
                            "vcluster.loft.sh/object-name": .string(pod.name),
                            "vcluster.loft.sh/object-namespace": .string(pod.namespace ?? ""),
                        ],
                    ],
                    "spec": ["containers": pod.spec["containers"] ?? []],
                ],
                as: manager
            )
        } catch {
            guard error.reason == .alreadyExists || error.isEnding else { throw error }
        }
    }

    /// The host has it no more.
    func drop(_ pod: SandboxKey) async throws(SandboxStatus) {
        try await host.delete(key(of: pod))
    }
}

/// Plays the syncer of virtual clusters: their pods run in the host's namespace.
struct SyncPlayer: ReturningPlayer {
    let name = "vcluster-syncer"
    let kind = SandboxKind.pod
    func keys(for change: SandboxChange) -> [SandboxKey] { [] }
    func runs(in cluster: String) -> Bool { cluster != SandboxServer.management }

    func play(
        _ pod: SandboxObject,
        in scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        guard !pod.isDeleting, pod.spec["nodeName"] != nil else { return .none }
        guard let synced = try await synced(scene) else { return .none }
        if ["Succeeded", "Failed"].contains(pod.status["phase"]?.string ?? "") {
            try await synced.drop(pod.key)
        } else if try await scene.cluster.get(VirtualClusterChart.asleep) == nil {
            try await synced.put(pod, as: name)
        }
        return .none
    }

    func end(_ key: SandboxKey, in scene: Scene) async throws(SandboxStatus) {
        try await synced(scene)?.drop(key)
    }

    /// Where the pods of this cluster run; nil where it is no virtual one.
    private func synced(_ scene: Scene) async throws(SandboxStatus) -> SyncedPod? {
        let system = try await scene.cluster.get(SandboxKey(.namespace, "kube-system"))
        let parts = system?.annotations[VirtualClusterChart.host]?.split(separator: "/") ?? []
        guard parts.count == 2 else { return nil }
        return SyncedPod(
            host: scene.other(SandboxServer.management),
            namespace: String(parts[0]),
            release: String(parts[1])
        )
    }
}
