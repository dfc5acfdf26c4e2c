package import Contract
package import Domain
import Drivers

/// What installs the chart.
package enum VClusterEngine: Sendable {
    case flux, argocd, clusterAPI

    /// What is chosen for the management cluster, else what is found: Flux, Argo CD, Cluster API.
    ///
    /// - Throws: `.refused` where it is not installed, naming what to install.
    package init(of wish: ClusterWish) throws(ProviderFault) {
        try wish.checkFeatures()
        let found = Self.found(in: wish.features)
        guard let chosen = wish.management.virtualClusters.map(Self.init) else {
            guard let first = found.first else {
                throw wish.missing(
                    "Flux, Argo CD and the vcluster provider of Cluster API; install one of them"
                )
            }
            self = first
            return
        }
        guard found.contains(chosen) else {
            throw wish.missing(
                "\(chosen.name), which its 'virtualClusters' asks for; install it, or choose "
                    + "what is there"
            )
        }
        self = chosen
    }

    private init(_ chosen: ManagementClusterSpec.VirtualClusters) {
        switch chosen {
        case .flux: self = .flux
        case .argocd: self = .argocd
        case .clusterAPI: self = .clusterAPI
        }
    }

    private static func found(in features: ManagementFeatures) -> [VClusterEngine] {
        var found: [VClusterEngine] = []
        if features.hasFlux { found.append(.flux) }
        if features.hasArgoCD { found.append(.argocd) }
        if features.clusterAPI != nil, features.infrastructure["VCluster"] != nil {
            found.append(.clusterAPI)
        }
        return found
    }

    private var name: String {
        switch self {
        case .flux: "Flux"
        case .argocd: "Argo CD"
        case .clusterAPI: "the vcluster provider of Cluster API"
        }
    }

    /// Where the kubeconfig is: the chart names it by the release, the provider by the cluster.
    func kubeconfigSecret(slug: String) -> SecretKey {
        switch self {
        case .flux, .argocd: SecretKey(name: "vc-\(slug)", key: "config")
        case .clusterAPI: SecretKey(name: "\(slug)-kubeconfig", key: "value")
        }
    }
}
