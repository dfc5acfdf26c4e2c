package import Contract
package import Domain
package import Drivers
import JSON
package import Kubernetes

/// The ways into the clusters that folders are delivered to.
package protocol ClusterPlaces: Sendable {
    /// The ways into a cluster as it stands now.
    func place(of cluster: Cluster) async throws(ProviderFault) -> ClusterPlace
}

/// One cluster, and the ways into it.
package struct ClusterPlace: Sendable {
    /// Reaches the API server that objects of the cluster are applied to.
    package typealias Reach = @Sendable () async throws(ProviderFault) -> KubernetesClient
    /// Looks up what was applied without an engine.
    package typealias Inventory =
        @Sendable (DeliveredFolder) async throws(ProviderFault) -> [FolderReading.Applied]

    /// What is wanted of the cluster.
    package let wish: ClusterWish
    /// Speaks to its management cluster.
    package let host: KubernetesClient
    /// With what the cluster is reached; nil for one that is a namespace.
    package let kubeconfig: SecretKey?
    /// Reaches the cluster itself; for one that is a namespace the management cluster, with no
    /// more rights than the admins of the namespace.
    package let guest: Reach
    /// What Slipway itself has applied of a folder.
    package let applied: Inventory
    /// What stands before the host names that are served in the cluster, without a slash at the
    /// end; nil where they are found by their names.
    package let ingressURL: String?

    /// That cluster, reached so.
    package init(
        wish: ClusterWish,
        host: KubernetesClient,
        kubeconfig: SecretKey?,
        guest: @escaping Reach,
        applied: @escaping Inventory,
        ingressURL: String?
    ) {
        self.wish = wish
        self.host = host
        self.kubeconfig = kubeconfig
        self.guest = guest
        self.applied = applied
        self.ingressURL = ingressURL
    }

    /// The cluster.
    package var cluster: Cluster { wish.cluster }
    /// Whether Slipway applies by itself what engines read from Git elsewhere.
    package var isDirect: Bool { wish.management.delivery == .direct }
}

extension ClusterPlace {
    /// What the engine says of a folder right now.
    package func reading(of folder: DeliveredFolder) async throws(ProviderFault) -> FolderReading {
        if isDirect { return FolderReading(applied: try await applied(folder)) }
        guard let key = FolderConnection.key(of: folder, in: wish) else {
            return FolderReading(nil, reading: nil, of: folder)
        }
        let object = try await asking { () async throws(KubernetesFault) in
            try await host.get(ObjectKey(key))
        }
        var repository: KubernetesObject?
        if key.kind == "Kustomization" {
            repository = try await asking { () async throws(KubernetesFault) in
                try await host.get(.platformRepository(of: wish))
            }
        }
        return FolderReading(
            object.map { SeenObject($0.json) },
            reading: repository.map { SeenObject($0.json) },
            of: folder
        )
    }

    /// Makes Flux read the platform repository now; a hint, it looks by itself a little later.
    package func nudge(at now: Instant) async {
        let mark: JSON = ["reconcile.fluxcd.io/requestedAt": .string("\(now)")]
        // Nothing depends on it, and other engines have no such object.
        _ = try? await host.mergePatch(
            .platformRepository(of: wish),
            ["metadata": ["annotations": mark]]
        )
    }
}

extension ObjectKey {
    /// Where a connection is found.
    package init(_ key: FolderConnection.Key) {
        self.init(
            GroupKind(group: key.group, kind: key.kind),
            namespace: key.namespace,
            name: key.name
        )
    }

    /// Where something that was applied is found.
    package init(_ applied: FolderReading.Applied) {
        self.init(
            GroupKind(group: applied.group, kind: applied.kind),
            namespace: applied.namespace,
            name: applied.name
        )
    }

    /// What Flux reads a tenant's platform repository by.
    package static func platformRepository(of wish: ClusterWish) -> ObjectKey {
        ObjectKey(
            GroupKind(group: "source.toolkit.fluxcd.io", kind: "GitRepository"),
            namespace: wish.platformNamespace,
            name: PlatformConnection.name
        )
    }

    /// A namespace.
    package static func namespace(_ name: String) -> ObjectKey {
        ObjectKey(GroupKind(kind: "Namespace"), name: name)
    }
}

/// Asks an API server and says who acts next when it fails.
package func asking<Value>(
    _ body: () async throws(KubernetesFault) -> Value
) async throws(ProviderFault) -> Value {
    do throws(KubernetesFault) {
        return try await body()
    } catch {
        throw error.providerFault
    }
}
