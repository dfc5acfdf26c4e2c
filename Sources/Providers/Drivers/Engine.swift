package import Contract
package import Domain

/// What reconciles Git into clusters.
package enum Engine: Sendable {
    case flux, argocd

    /// The namespace of the engine's own objects where none is named.
    package var defaultNamespace: String {
        switch self {
        case .flux: "flux-system"
        case .argocd: "argocd"
        }
    }
}

extension ClusterWish {
    /// What reconciles Git there: what is chosen, else what is found, Flux first.
    ///
    /// - Throws: `.refused` where it is not installed, naming what to install.
    package func engine() throws(ProviderFault) -> Engine {
        try checkFeatures()
        switch (management.engine, features.hasFlux, features.hasArgoCD) {
        case (.flux?, true, _), (nil, true, _): return .flux
        case (.argocd?, _, true), (nil, false, true): return .argocd
        case (.flux?, false, _):
            throw missing("Flux, which its 'engine' asks for; install it, or choose 'argocd'")
        case (.argocd?, _, false):
            throw missing("Argo CD, which its 'engine' asks for; install it, or choose 'flux'")
        case (nil, false, false): throw missing("Flux and Argo CD; install one of them")
        }
    }

    /// The namespace of the engine's own objects.
    package func engineNamespace(_ engine: Engine) -> String {
        management.engineNamespace ?? engine.defaultNamespace
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
