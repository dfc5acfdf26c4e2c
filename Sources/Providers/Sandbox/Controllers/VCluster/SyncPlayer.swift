import JSON

/// Plays the syncer of virtual clusters: their pods run in the host's namespace.
struct SyncPlayer: Player {
    let name = "vcluster-syncer"
    let kind = SandboxKind.pod
    func keys(for change: SandboxChange) -> [SandboxKey] { [] }
    func runs(in cluster: String) -> Bool { cluster != SandboxServer.management }

    func play(_ pod: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        guard !pod.isDeleting, pod.spec["nodeName"] != nil,
            let synced = try await synced(scene)
        else { return }
        if ["Succeeded", "Failed"].contains(pod.status["phase"]?.string ?? "") {
            try await synced.drop(pod.key)
        } else if try await scene.cluster.get(VirtualClusterChart.asleep) == nil {
            try await synced.put(pod, scene)
        }
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

/// The pods of a virtual cluster as they run in the host's namespace.
struct SyncedPod {
    /// Names the release that a host's pod belongs to.
    static let label = "vcluster.loft.sh/managed-by"
    private static let nameLengthMax = 63

    let host: SandboxCluster
    let namespace: String
    let release: String

    private func name(of pod: SandboxKey) -> String {
        let whole = "\(pod.name)-x-\(pod.namespace ?? "")-x-\(release)"
        return whole.utf8.count > Self.nameLengthMax
            ? "\(whole.prefix(52))-\(Draw.suffix(whole, length: 10))" : whole
    }

    /// The host has it.
    func put(_ pod: SandboxObject, _ scene: Scene) async throws(SandboxStatus) {
        let name = name(of: pod.key)
        guard try await host.get(SandboxKey(.pod, namespace, name)) == nil else { return }
        let mark = "vcluster.loft.sh"
        let home = pod.namespace ?? ""
        let manifest = JSON.manifest(
            "v1",
            "Pod",
            name,
            in: namespace,
            labels: pod.labels.merging([Self.label: release, "\(mark)/namespace": home]) { $1 },
            annotations: ["\(mark)/object-name": pod.name, "\(mark)/object-namespace": home],
            ["spec": ["containers": pod.spec["containers"] ?? []]]
        )
        try await scene.make(manifest, in: host)
    }

    /// The host has it no more.
    func drop(_ pod: SandboxKey) async throws(SandboxStatus) {
        try await host.delete(SandboxKey(.pod, namespace, name(of: pod)))
    }
}
