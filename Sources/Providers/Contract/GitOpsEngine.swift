package import Domain

/// What applies the management repository in one management cluster.
package struct GitOpsEngine: Sendable, Hashable {
    /// Which program it is.
    package var kind: ManagementClusterSpec.Engine
    /// The namespace of its own objects.
    package var namespace: String
    /// The name of its source of the management repository; Argo CD has none.
    package var sourceName: String
    /// The URL under which it reaches the management repository.
    package var repositoryURL: String

    /// That program, in that namespace.
    package init(
        kind: ManagementClusterSpec.Engine,
        namespace: String,
        sourceName: String,
        repositoryURL: String
    ) {
        self.kind = kind
        self.namespace = namespace
        self.sourceName = sourceName
        self.repositoryURL = repositoryURL
    }

    /// The engine that a management cluster's spec names, else the one that was found there.
    ///
    /// Flux before Argo CD; nil where there is none.
    package init?(
        of spec: ManagementClusterSpec,
        _ features: ManagementFeatures,
        repositoryURL: String
    ) {
        let found: ManagementClusterSpec.Engine? =
            features.hasFlux ? .flux : features.hasArgoCD ? .argocd : nil
        guard let kind = spec.engine ?? found else { return nil }
        self.init(
            kind: kind,
            namespace: spec.engineNamespace ?? Self.defaultNamespace(of: kind),
            sourceName: spec.sourceName ?? "slipway-management",
            repositoryURL: repositoryURL
        )
    }

    /// Where an engine is usually installed.
    package static func defaultNamespace(of kind: ManagementClusterSpec.Engine) -> String {
        switch kind {
        case .flux: "flux-system"
        case .argocd: "argocd"
        }
    }
}

/// What the delivery through Git must know of management clusters, and tell them.
package protocol GitOpsEngines: Sendable {
    /// What applies the management repository there.
    ///
    /// - Throws: `.refused` where nothing does.
    func engine(
        in cluster: ManagementClusterName,
        repositoryURL: String
    ) async throws(ProviderFault) -> GitOpsEngine

    /// Makes the engine look at the repository now, and at what it holds for the target.
    ///
    /// A hint: where it does not arrive, the engine looks by itself a little later.
    func nudge(_ engine: GitOpsEngine, for target: DeliveryTarget) async
}
