extension ManagementClusterSpec {
    /// What applies the management repository there: what is chosen, else what is found, Flux
    /// first; nil where there is nothing.
    ///
    /// What is chosen need not be installed; `ManagementFeatures.has` tells.
    package func engine(with features: ManagementFeatures) -> Engine? {
        engine ?? Engine.allCases.first(where: features.has)
    }

    /// The namespace of the engine's own objects.
    package func namespace(of engine: Engine) -> String {
        engineNamespace ?? engine.defaultNamespace
    }

    /// What makes virtual clusters there: what is chosen, else what is found, Flux first; nil where
    /// there is nothing.
    ///
    /// What is chosen need not be installed; `ManagementFeatures.has` tells.
    package func virtualClusters(with features: ManagementFeatures) -> VirtualClusters? {
        virtualClusters ?? VirtualClusters.allCases.first(where: features.has)
    }
}

extension ManagementFeatures {
    /// Whether the engine is installed.
    package func has(_ engine: ManagementClusterSpec.Engine) -> Bool {
        switch engine {
        case .flux: hasFlux
        case .argocd: hasArgoCD
        }
    }

    /// Whether what makes virtual clusters is installed.
    package func has(_ maker: ManagementClusterSpec.VirtualClusters) -> Bool {
        switch maker {
        case .flux: hasFlux
        case .argocd: hasArgoCD
        case .clusterAPI: clusterAPI != nil && infrastructure["VCluster"] != nil
        }
    }
}
