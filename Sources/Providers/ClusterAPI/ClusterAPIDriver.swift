import Classes
package import Contract
package import Domain
import Drivers
import JSON

/// The driver of whole clusters: what a cluster class makes of a wish, for Cluster API.
package struct ClusterAPIDriver: ClusterDriver {
    /// The group of Cluster API's own objects.
    static let coreGroup = "cluster.x-k8s.io"
    /// The group of the objects of infrastructure providers.
    static let infrastructureGroup = "infrastructure.cluster.x-k8s.io"
    /// The label of everything that Cluster API made for a cluster, and adopted for it.
    static let clusterLabel = "cluster.x-k8s.io/cluster-name"

    private let plans = PlanCache()

    /// The driver; all that it remembers is how it rendered what it was asked for last.
    package init() {}

    /// Whole clusters.
    package var kind: ClusterKind { .cluster }

    /// The namespace, what the class makes of the wish, and the platform repository.
    package func manifests(for wish: ClusterWish) throws(ProviderFault) -> [Manifest] {
        try plan(for: wish).set.manifests
    }

    /// Where every control plane provider leaves the kubeconfig.
    package func kubeconfigSecret(for wish: ClusterWish) -> SecretKey? {
        .kubeconfig(of: wish.cluster)
    }

    /// The root, its machines and who makes them, and the platform repository.
    package func watched(in features: ManagementFeatures) -> [WatchedKind] {
        guard features.clusterAPI != nil else { return [] }
        func made(_ group: String, _ kind: String) -> WatchedKind {
            WatchedKind(group: group, kind: kind, labelSelector: Self.clusterLabel)
        }
        let core = ["MachineDeployment", "MachinePool", "Machine", "MachineHealthCheck"]
        let infrastructure = features.infrastructure.keys.filter { $0 != "VCluster" }.sorted()
        return [
            WatchedKind(group: "", kind: "Namespace"),
            WatchedKind(group: Self.coreGroup, kind: "Cluster"),
            made("controlplane.cluster.x-k8s.io", "KubeadmControlPlane"),
        ] + core.map { made(Self.coreGroup, $0) }
            + infrastructure.map { made(Self.infrastructureGroup, $0) }
            + PlatformConnection.watched(in: features)
    }

    /// What is delivered, and which objects hold which pools.
    struct Plan: Sendable {
        var set = ManifestSet()
        /// The names of the pools by those of the objects that hold them.
        var pools: [String: String] = [:]
    }

    func plan(for wish: ClusterWish) throws(ProviderFault) -> Plan {
        try plans.plan(for: wish) { wish throws(ProviderFault) in try make(wish) }
    }

    private func make(_ wish: ClusterWish) throws(ProviderFault) -> Plan {
        try wish.checkFeatures()
        guard wish.features.clusterAPI != nil else {
            throw wish.missing("Cluster API; install it with `clusterctl init`")
        }
        let rendering = try render(wish)
        if let root = rendering.root {
            try checkInfrastructure(of: root, among: rendering.objects, for: wish)
        }
        var plan = Plan()
        plan.set.add(
            NamespaceFence.namespace(wish.namespace, of: wish, security: .restricted),
            as: .namespace
        )
        for object in rendering.objects {
            let json = object.isClusterScoped ? Keeping.kept(object.json) : object.json
            plan.set.add(.object(json), as: object.isRoot ? .root : .part)
        }
        for (pool, object) in rendering.poolObjects { plan.pools[object] = pool }
        let place = PlatformConnection.Place.cluster(.kubeconfig(of: wish.cluster))
        if let platform = try PlatformConnection(wish: wish, place: place) {
            plan.set.add(platform.objects)
        }
        return plan
    }

    private func render(_ wish: ClusterWish) throws(ProviderFault) -> ClassRendering {
        guard let definition = wish.definition, let template = wish.template else {
            throw .refused(reason: "the cluster has no class; name one in spec.class")
        }
        do throws(ClassFault) {
            let renderer = ClassRenderer(
                definition: try ClassDefinition(parsing: definition),
                template: try ClusterTemplate(parsing: Array(template.utf8))
            )
            return try renderer.render(
                ClassWish(wish.cluster, workersVersion: wish.workersVersion)
            )
        } catch {
            throw .refused(reason: error.description)
        }
    }

    /// That somebody in the management cluster makes machines of the class's kind.
    ///
    /// A topology whose class is elsewhere does not say of what kind they are.
    private func checkInfrastructure(
        of root: ClassObject,
        among objects: [ClassObject],
        for wish: ClusterWish
    ) throws(ProviderFault) {
        let ownClass = objects.first { $0.kind == "ClusterClass" }?.json["spec"]?["infrastructure"]
        let template = ownClass?.at("templateRef", "kind") ?? ownClass?.at("ref", "kind")
        let direct = root.json["spec"]?.at("infrastructureRef", "kind")
        guard let kind = direct?.string ?? template?.string.map(Self.withoutTemplate),
            wish.features.infrastructure[kind] == nil
        else { return }
        throw wish.missing(
            "the infrastructure provider that makes a \(kind); install it with `clusterctl init "
                + "--infrastructure …`, or choose another class"
        )
    }

    private static func withoutTemplate(_ kind: String) -> String {
        kind.hasSuffix("Template") ? String(kind.dropLast("Template".count)) : kind
    }
}
