package import Contract
package import Domain

extension ClusterWish {
    /// What reconciles Git there.
    ///
    /// - Throws: `.refused` where it is not installed, naming what to install.
    package func engine() throws(ProviderFault) -> ManagementClusterSpec.Engine {
        try checkFeatures()
        guard let engine = management.engine(with: features) else {
            throw missing("Flux and Argo CD; install one of them")
        }
        guard features.has(engine) else {
            throw switch engine {
            case .flux:
                missing("Flux, which its 'engine' asks for; install it, or choose 'argocd'")
            case .argocd:
                missing("Argo CD, which its 'engine' asks for; install it, or choose 'flux'")
            }
        }
        return engine
    }

    /// The namespace of the engine's own objects.
    package func engineNamespace(_ engine: ManagementClusterSpec.Engine) -> String {
        management.namespace(of: engine)
    }

    /// That the management cluster has been looked at.
    ///
    /// - Throws: `.transient` before the first look, when nothing can be said of it.
    package func checkFeatures() throws(ProviderFault) {
        guard features.kubernetesVersion == nil, features == ManagementFeatures() else { return }
        throw .transient(reason: "management cluster \(place) has not been checked yet")
    }

    /// A refusal because something is not installed.
    package func missing(_ what: String) -> ProviderFault {
        .refused(reason: "management cluster \(place) lacks \(what)")
    }

    private var place: String { "'\(cluster.spec.managementCluster)'" }
}
