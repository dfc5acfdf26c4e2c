package import Contract
package import Domain
import Drivers

/// What installs the chart.
package typealias VClusterEngine = ManagementClusterSpec.VirtualClusters

extension VClusterEngine {
    /// What makes virtual clusters there.
    ///
    /// - Throws: `.refused` where it is not installed, naming what to install.
    package init(of wish: ClusterWish) throws(ProviderFault) {
        try wish.checkFeatures()
        guard let engine = wish.management.virtualClusters(with: wish.features) else {
            throw wish.missing(
                "Flux, Argo CD and the vcluster provider of Cluster API; install one of them"
            )
        }
        guard wish.features.has(engine) else {
            throw wish.missing(
                "\(engine.name), which its 'virtualClusters' asks for; install it, or choose "
                    + "what is there"
            )
        }
        self = engine
    }

    private var name: String {
        switch self {
        case .flux: "Flux"
        case .argocd: "Argo CD"
        case .clusterAPI: "the vcluster provider of Cluster API"
        }
    }

    /// Where the kubeconfig is: the chart names it by the release, the provider by the cluster.
    func kubeconfigSecret(of cluster: Cluster) -> SecretKey {
        switch self {
        case .flux, .argocd: SecretKey(name: "vc-\(cluster.slug)", key: "config")
        case .clusterAPI: .kubeconfig(of: cluster)
        }
    }
}
