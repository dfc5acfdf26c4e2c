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

    /// The engine of a management cluster; nil where it has none.
    package init?(
        of spec: ManagementClusterSpec,
        _ features: ManagementFeatures,
        repositoryURL: String
    ) {
        guard let kind = spec.engine(with: features) else { return nil }
        self.init(
            kind: kind,
            namespace: spec.namespace(of: kind),
            sourceName: spec.sourceName ?? "slipway-management",
            repositoryURL: repositoryURL
        )
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
