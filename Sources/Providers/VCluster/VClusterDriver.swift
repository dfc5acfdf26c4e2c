package import Contract
package import Domain
import Drivers
import JSON

/// The driver of virtual clusters: one release of the vCluster chart in a fenced namespace,
/// installed by whichever engine the management cluster has.
package struct VClusterDriver: ClusterDriver {
    /// What the platform chooses once for all virtual clusters.
    package let settings: VClusterSettings

    /// A driver with those settings.
    package init(settings: VClusterSettings = VClusterSettings()) {
        self.settings = settings
    }

    /// Virtual clusters.
    package var kind: ClusterKind { .vcluster }

    /// The fenced namespace, the release as its engine wants it, and the platform repository.
    package func manifests(for wish: ClusterWish) throws(ProviderFault) -> [Manifest] {
        try set(for: wish).manifests
    }

    /// Where the engine's chart leaves the kubeconfig.
    package func kubeconfigSecret(for wish: ClusterWish) -> SecretKey? {
        // Without an engine there is no Secret, whatever it would be called.
        let engine = (try? VClusterEngine(of: wish)) ?? .flux
        return engine.kubeconfigSecret(of: wish.cluster)
    }

    /// The release, what the chart makes of it, the fence, and the platform repository.
    package func watched(in features: ManagementFeatures) -> [WatchedKind] {
        var kinds = [
            WatchedKind(group: "", kind: "Namespace"),
            WatchedKind(group: "", kind: "ResourceQuota"),
            WatchedKind(group: "", kind: "LimitRange"),
            WatchedKind(group: "networking.k8s.io", kind: "NetworkPolicy"),
            WatchedKind(group: "apps", kind: "StatefulSet", labelSelector: "app=vcluster"),
            WatchedKind(group: "", kind: "Service", labelSelector: "app=vcluster"),
        ]
        if features.hasFlux {
            kinds.append(WatchedKind(group: "helm.toolkit.fluxcd.io", kind: "HelmRelease"))
        }
        if features.infrastructure["VCluster"] != nil {
            kinds += [
                WatchedKind(group: "cluster.x-k8s.io", kind: "Cluster"),
                WatchedKind(group: "infrastructure.cluster.x-k8s.io", kind: "VCluster"),
            ]
        }
        return kinds + PlatformConnection.watched(in: features)
    }

    /// The objects in the order in which they are applied.
    func set(for wish: ClusterWish) throws(ProviderFault) -> ManifestSet {
        let engine = try VClusterEngine(of: wish)
        let values = try VClusterValues(of: wish, settings: settings)
        let fence = NamespaceFence(wish: wish, security: .baseline, share: settings.share(of: wish))
        var set = ManifestSet()
        let kept: JSON? = wish.keepsNamespace ? Keeping.annotations : .none
        set.add(fence.namespace(annotations: kept), as: .namespace)
        set.add(try fence.objects())
        let release = VClusterRelease(wish: wish, settings: settings, values: values.json)
        switch engine {
        case .flux: release.addFlux(to: &set)
        case .argocd: release.addArgoCD(to: &set)
        case .clusterAPI: try release.addClusterAPI(to: &set)
        }
        let secret = engine.kubeconfigSecret(of: wish.cluster)
        if let platform = try PlatformConnection(wish: wish, place: .cluster(secret)) {
            set.add(platform.objects)
        }
        return set
    }
}
