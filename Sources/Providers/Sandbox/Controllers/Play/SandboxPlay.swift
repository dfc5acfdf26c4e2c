import JSON

/// All that the sandbox plays.
package struct SandboxPlay: Sendable {
    /// The folder of the management repository that says which tenants there are.
    private static let folder = "./tenants"
    /// What Flux's source of the management repository, and what applies it, are called.
    private static let source = "slipway-management"
    private static let flux = "flux-system"

    private let repositories: any SandboxRepositories
    private let pace: SandboxPace

    /// What is played with those repositories, at that pace.
    package init(repositories: any SandboxRepositories, pace: SandboxPace = SandboxPace()) {
        self.repositories = repositories
        self.pace = pace
    }

    /// The controllers, for `SandboxControllers`.
    package var controllers: [any SandboxController] {
        let builder = FolderBuilder(repositories)
        var all: [any SandboxController] = [
            stage(PodPlayer()), stage(ReplicaSetPlayer()), stage(DeploymentPlayer()),
            stage(StatefulSetPlayer()), stage(DaemonSetPlayer()), stage(JobPlayer()),
            stage(ClaimPlayer()), stage(ServicePlayer()), stage(QuotaPlayer()),
            stage(ClusterPlayer()), stage(VClusterPlayer()), stage(SyncPlayer()),
            stage(HelmReleasePlayer()), stage(ChartApplicationPlayer()),
            stage(GitRepositoryPlayer(repositories: repositories)),
            stage(KustomizationPlayer(builder: builder)),
            stage(FolderApplicationPlayer(builder: builder)),
        ]
        for kind in SourcePlayer.all where kind != .gitRepository {
            all.append(stage(SourcePlayer(kind: kind)))
        }
        return all
    }

    private func stage<Part: Player>(_ part: Part) -> Stage<Part> {
        Stage(part: part, pace: pace)
    }

    /// Makes the management cluster as it stands from the start; nothing where it is there.
    ///
    /// A node, the namespaces of those that are played, and Flux reading the management
    /// repository by its clone URL, where there is one.
    package func furnish(
        _ server: SandboxServer,
        managementRepository url: String?,
        branch: String = "main"
    ) async throws(SandboxStatus) {
        let management = server.cluster(SandboxServer.management)
        let scene = Scene(
            cluster: management,
            manager: "slipway-sandbox",
            now: management.now,
            pace: pace,
            faults: FaultBook()
        )
        let place = TenantPlace(scene: scene, name: SandboxServer.management)
        try await place.make()
        for namespace in ["argocd", "capi-system", "slipway-classes"] {
            let metadata: JSON = ["name": .string(namespace)]
            try await scene.make(
                ["apiVersion": "v1", "kind": "Namespace", "metadata": metadata],
                in: management
            )
        }
        try await place.keep(["sandbox": TenantPlace.Node(version: "v1.34.0")])
        for (namespace, name) in Self.life {
            try await scene.make(TenantPlace.deployment(name, in: namespace), in: management)
        }
        guard let url else { return }
        let metadata: JSON = ["name": .string(Self.source), "namespace": .string(Self.flux)]
        try await management.apply(
            [
                "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository",
                "metadata": metadata,
                "spec": [
                    "interval": "10s", "url": .string(url), "ref": ["branch": .string(branch)],
                ],
            ],
            as: scene.manager
        )
        try await management.apply(
            [
                "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
                "metadata": metadata,
                "spec": [
                    "interval": "1m0s", "retryInterval": "5s", "path": .string(Self.folder),
                    "prune": true,
                    "sourceRef": ["kind": "GitRepository", "name": .string(Self.source)],
                ],
            ],
            as: scene.manager
        )
    }

    /// What shows that the management cluster is one, and what is played in it.
    private static let life = [
        (flux, "source-controller"), (flux, "kustomize-controller"), (flux, "helm-controller"),
        ("capi-system", "capi-controller-manager"),
    ]
}
