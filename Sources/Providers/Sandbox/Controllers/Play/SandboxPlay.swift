import JSON

/// All that the sandbox plays.
package struct SandboxPlay: Sendable {
    /// What Flux's source of the management repository, and what applies it, are called.
    private static let source = "slipway-management"
    fileprivate static let flux = "flux-system"

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
    /// A node, the namespaces of those that are played, and an engine that reads its folder of the
    /// management repository, where there is one.
    package func furnish(
        _ server: SandboxServer,
        reading reader: SandboxReader?
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
        for object in reader?.objects(named: Self.source) ?? [] {
            try await management.apply(.object(object), as: scene.manager)
        }
    }

    /// What shows that the management cluster is one, and what is played in it.
    private static let life = [
        (flux, "source-controller"), (flux, "kustomize-controller"), (flux, "helm-controller"),
        ("capi-system", "capi-controller-manager"),
    ]
}

/// What reads the management repository in the sandbox.
package struct SandboxReader: Sendable {
    /// The programs that do.
    package enum Engine: Sendable { case flux, argocd }

    private let engine: Engine
    private let url: String
    private let branch: String
    private let folder: String

    /// That engine, reading that folder of the repository of that clone URL.
    package init(_ engine: Engine, of url: String, branch: String = "main", folder: String) {
        self.engine = engine
        self.url = url
        self.branch = branch
        self.folder = folder
    }

    fileprivate func objects(named name: String) -> [JSONObject] {
        switch engine {
        case .flux: [source(name), kustomization(name)]
        case .argocd: [application(name)]
        }
    }

    private func source(_ name: String) -> JSONObject {
        [
            "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository",
            "metadata": ["name": .string(name), "namespace": .string(SandboxPlay.flux)],
            "spec": ["interval": "10s", "url": .string(url), "ref": ["branch": .string(branch)]],
        ]
    }

    private func kustomization(_ name: String) -> JSONObject {
        [
            "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
            "metadata": ["name": .string(name), "namespace": .string(SandboxPlay.flux)],
            "spec": [
                "interval": "1m0s", "retryInterval": "5s", "path": .string("./\(folder)"),
                "prune": true,
                "sourceRef": ["kind": "GitRepository", "name": .string(name)],
            ],
        ]
    }

    private func application(_ name: String) -> JSONObject {
        [
            "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
            "metadata": ["name": .string(name), "namespace": "argocd"],
            "spec": [
                "project": "default",
                "source": [
                    "repoURL": .string(url), "path": .string(folder),
                    "targetRevision": .string(branch),
                ],
                "destination": [
                    "server": "https://kubernetes.default.svc", "namespace": "argocd",
                ],
                "syncPolicy": [
                    "automated": ["prune": true, "selfHeal": true, "allowEmpty": true]
                ],
            ],
        ]
    }
}
