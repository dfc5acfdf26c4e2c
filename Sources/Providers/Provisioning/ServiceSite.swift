import Contract
import Domain
import Drivers
import Folders
import JSON
import Kubernetes

/// A service where it is, and the ways there.
struct ServiceSite: Sendable {
    let service: ServiceInstance
    let spot: ServiceSpot
    let place: ClusterPlace
    let managementURL: String

    /// Where its files are in Git.
    var files: ServiceFolder { ServiceFolder(service.name, of: service.tenant, at: spot.place) }

    /// Its files as they are delivered.
    var folder: DeliveredFolder {
        spot.place == .platform
            ? .platformService(service.name, of: service.tenantName) : .service(service.name)
    }

    /// Whether the cluster goes, and everything with it that is in it.
    var isLeftBehind: Bool { spot.place == .tenant && place.cluster.status.phase == .deleting }

    /// Speaks to the API server that has its objects.
    func client() async throws(ProviderFault) -> KubernetesClient {
        spot.place == .platform ? place.host : try await place.guest()
    }

    /// What may be applied there; nil in a cluster of the tenant's own, where everything may.
    ///
    /// `anew`: not what is remembered, which somebody may have changed a moment ago.
    func rights(anew: Bool = false) async throws(ProviderFault) -> AccessRules? {
        guard spot.place == .tenant, place.cluster.spec.kind == .namespace else { return nil }
        let client = try await client()
        return try await asking { () async throws(KubernetesFault) in
            try await client.rights(in: spot.namespace, anew: anew)
        }
    }

    /// What applies the management repository; nil for what the tenant's engine applies.
    private func engine() throws(ProviderFault) -> GitOpsEngine? {
        guard spot.place == .platform else { return nil }
        let found = GitOpsEngine(
            of: place.wish.management,
            place.wish.features,
            repositoryURL: managementURL
        )
        guard let found else { throw place.wish.missing("Flux and Argo CD; install one of them") }
        return found
    }

    /// What makes the engine apply it.
    func connection(suspended isSuspended: Bool) throws(ProviderFault) -> FolderConnection {
        let source: FolderConnection.Source =
            if let engine = try engine() { .management(engine) } else {
                .platform(place.kubeconfig)
            }
        return try FolderConnection(
            of: folder,
            in: spot.namespace,
            of: place.wish,
            from: source,
            isSuspended: isSuspended
        )
    }

    /// Where the engine's object is; nil where Slipway applies by itself.
    func key() throws(ProviderFault) -> ObjectKey? {
        guard !place.isDirect else { return nil }
        if let engine = try engine() {
            return ObjectKey(FolderConnection.key(of: folder, by: engine))
        }
        return FolderConnection.key(of: folder, in: place.wish).map { ObjectKey($0) }
    }

    /// What the engine says of it right now.
    func reading() async throws(ProviderFault) -> FolderReading {
        guard !place.isDirect, let engine = try engine() else {
            return try await place.reading(of: folder)
        }
        let key = ObjectKey(FolderConnection.key(of: folder, by: engine))
        let object = try await place.host.found(key)
        let repository =
            engine.kind == .flux ? try await place.host.found(Self.source(of: engine)) : nil
        return FolderReading(
            object.map { SeenObject($0.json) },
            reading: repository.map { SeenObject($0.json) },
            of: folder
        )
    }

    /// Makes the engine look now; a hint, it looks by itself a little later.
    func nudge(at now: Instant) async {
        // Nothing depends on it.
        guard let engine = try? engine() else { return await place.nudge(at: now) }
        guard engine.kind == .flux else { return }
        let mark: JSON = ["reconcile.fluxcd.io/requestedAt": .string("\(now)")]
        // Nothing depends on it.
        _ = try? await place.host.mergePatch(
            Self.source(of: engine),
            ["metadata": ["annotations": mark]]
        )
    }

    private static func source(of engine: GitOpsEngine) -> ObjectKey {
        ObjectKey(
            GroupKind(group: "source.toolkit.fluxcd.io", kind: "GitRepository"),
            namespace: engine.namespace,
            name: engine.sourceName
        )
    }

    /// Its objects, where Slipway applies them by itself.
    func direct(noting inventory: any FolderInventory) -> DirectFolder {
        let host = place.host
        let reach: ClusterPlace.Reach =
            if spot.place == .platform {
                { () async throws(ProviderFault) in host }
            } else {
                place.guest
            }
        return DirectFolder(
            folder,
            of: service.tenant,
            named: service.tenantName,
            in: spot.namespace,
            confined: spot.place == .platform || place.cluster.spec.kind == .namespace,
            through: reach,
            noting: inventory
        )
    }

    /// The namespace that was made for it; nil where it lives in one that stays.
    func namespace() async throws(ProviderFault) -> FolderNamespace? {
        guard spot.place == .tenant, service.spec.environment == nil,
            place.cluster.spec.kind != .namespace, !isLeftBehind
        else { return nil }
        return FolderNamespace(
            spot.namespace,
            for: folder,
            in: place.wish,
            through: try await client()
        )
    }

    /// The labels of Secrets that are made for it.
    var labels: JSONObject {
        [
            "app.kubernetes.io/managed-by": "slipway",
            "slipway.dev/service": .string(service.name.text),
            "slipway.dev/tenant": .string(service.tenantName.text),
        ]
    }
}
