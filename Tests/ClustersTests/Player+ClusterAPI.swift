import Domain
import JSON
import Kubernetes
import Secrets

extension Player {
    private static let core = "cluster.x-k8s.io"
    private static let clusterLabel = "cluster.x-k8s.io/cluster-name"
    private static let finalizer = "cluster.cluster.x-k8s.io"

    /// Clusters come up at once, and are what they are wanted to be one turn later.
    func clusterAPI() async throws {
        let kind = GroupKind(group: Self.core, kind: "Cluster")
        for cluster in try await client.list(kind, namespace: namespace).items {
            guard cluster.spec["paused"]?.bool != true else { continue }
            if cluster.isDeleting {
                try await remove(cluster)
            } else {
                try await provision(cluster)
            }
        }
    }

    private func provision(_ cluster: KubernetesObject) async throws {
        if !cluster.finalizers.contains(Self.finalizer) {
            let patch: JSON = ["metadata": ["finalizers": [.string(Self.finalizer)]]]
            _ = try await client.mergePatch(cluster.key, patch)
        }
        try await kubeconfig(of: cluster)
        for object in try await parts(of: cluster) where !object.isDeleting {
            let patch: JSON = ["metadata": ["labels": [Self.clusterLabel: .string(cluster.name)]]]
            _ = try await client.mergePatch(object.key, patch)
            try await follow(object)
        }
        let generation = try await client.get(cluster.key)?.generation ?? 0
        let held = [
            "InfrastructureReady", "ControlPlaneInitialized", "ControlPlaneAvailable",
            "WorkersAvailable", "RemoteConnectionProbe", "Available",
        ]
        let conditions = held.map { Self.condition($0, true, "", at: generation) }
        try await status(
            cluster.key,
            [
                "phase": "Provisioned", "observedGeneration": .integer(generation),
                "initialization": [
                    "infrastructureProvisioned": true, "controlPlaneInitialized": true,
                ],
                "conditions": .array(conditions),
            ]
        )
    }

    /// A control plane or a pool takes over what its spec says.
    private func follow(_ object: KubernetesObject) async throws {
        let object = try await client.get(object.key) ?? object
        switch object.key.kind.kind {
        case "KubeadmControlPlane":
            guard let version = object.spec["version"] else { return }
            let replicas = object.spec["replicas"] ?? 1
            try await status(
                object.key,
                [
                    "observedGeneration": .integer(object.generation), "version": version,
                    "replicas": replicas, "readyReplicas": replicas,
                    "upToDateReplicas": replicas,
                ]
            )
        case "MachineDeployment":
            let replicas = object.spec["replicas"] ?? 1
            try await judge(object)
            try await status(
                object.key,
                [
                    "observedGeneration": .integer(object.generation), "replicas": replicas,
                    "readyReplicas": replicas, "upToDateReplicas": replicas,
                ]
            )
        default: break
        }
    }

    /// Nodes must never be newer than what they report to.
    private func judge(_ pool: KubernetesObject) async throws {
        let kind = GroupKind(group: "controlplane.cluster.x-k8s.io", kind: "KubeadmControlPlane")
        let plane = try await client.list(kind, namespace: namespace).items.first
        guard let now = plane?.status["version"]?.string.map({ $0.dropFirst() }),
            let control = SemanticVersion(now),
            let wanted = pool.value(at: ["spec", "template", "spec", "version"])?.string,
            let nodes = SemanticVersion(wanted.dropFirst())
        else { return }
        if nodes > control { sawNodesBeforeControlPlane() }
    }

    private func remove(_ cluster: KubernetesObject) async throws {
        for object in try await parts(of: cluster) {
            _ = try await client.delete(object.key, uid: object.uid)
        }
        let secret = ObjectKey(
            GroupKind(kind: "Secret"),
            namespace: namespace,
            name: "\(cluster.name)-kubeconfig"
        )
        _ = try await client.delete(secret, uid: nil)
        _ = try await client.mergePatch(cluster.key, ["metadata": ["finalizers": nil]])
    }

    /// What Cluster API makes machines with, and removes.
    private func parts(of cluster: KubernetesObject) async throws -> [KubernetesObject] {
        var found: [KubernetesObject] = []
        for (group, kind) in [
            ("controlplane.\(Self.core)", "KubeadmControlPlane"),
            (Self.core, "MachineDeployment"), ("infrastructure.\(Self.core)", "DevCluster"),
        ] {
            let kind = GroupKind(group: group, kind: kind)
            found += try await client.list(kind, namespace: namespace).items
        }
        return found
    }

    private func kubeconfig(of cluster: KubernetesObject) async throws {
        let secret: JSON = [
            "apiVersion": "v1", "kind": "Secret", "type": "cluster.x-k8s.io/secret",
            "metadata": [
                "name": .string("\(cluster.name)-kubeconfig"),
                "namespace": .string(namespace),
                "labels": [Self.clusterLabel: .string(cluster.name)],
            ],
            "data": ["value": .string(Base64.encode(Array("kind: Config".utf8)))],
        ]
        let object = secret.object ?? JSONObject()
        _ = try await client.apply(object, manager: "capi", force: true)
    }
}
