import JSON

/// All that the sandbox plays.
package struct SandboxPlay: Sendable {
    /// What shows that the management cluster is one, and what is played in it.
    private static let life = [
        ("flux-system", "source-controller"), ("flux-system", "kustomize-controller"),
        ("flux-system", "helm-controller"),
        ("capi-system", "capi-controller-manager"),
    ]

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
        var players: [any Player] = [
            PodPlayer(), DeploymentPlayer(), ClaimPlayer(), QuotaPlayer(), AccountTokenPlayer(),
            AddressPlayer(kind: .service), AddressPlayer(kind: .ingress),
            GatewayPlayer(kind: .gatewayClass), GatewayPlayer(kind: .gateway), RoutePlayer(),
            ClusterPlayer(), VClusterPlayer(), SyncPlayer(), HelmReleasePlayer(),
            KustomizationPlayer(builder: builder), ApplicationPlayer(builder: builder),
        ]
        players += WorkloadPlayer.all
        players += OperatorPart.all.map(OperatorPlayer.init)
        for kind in SandboxKind.sources {
            players.append(SourcePlayer(kind: kind, repositories: repositories))
        }
        return players.map { stage($0) }
    }

    private func stage(_ part: some Player) -> any SandboxController {
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
        let scene = Scene(management, as: "slipway-sandbox", pace: pace, faults: FaultBook())
        let place = TenantPlace(scene: scene, name: SandboxServer.management)
        try await place.make()
        for namespace in ["argocd", "capi-system", "slipway-classes", Self.services] {
            try await scene.make(.manifest("v1", "Namespace", namespace))
        }
        try await scene.make(Self.registry)
        try await place.keep(["sandbox": TenantPlace.Node(version: "v1.34.0")])
        for (namespace, name) in Self.life {
            try await scene.make(TenantPlace.deployment(name, in: namespace))
        }
        try await management.apply(Self.reconciler, as: scene.manager)
        for manifest in reader?.manifests ?? [] {
            try await management.apply(manifest, as: scene.manager)
        }
    }

    /// Where services stand that are kept beside the tenants.
    private static let services = "slipway-services"

    /// What whoever runs the platform gives to its image registry; nothing listens there.
    private static let registry = JSON.manifest(
        "v1",
        "Secret",
        "harbor",
        in: services,
        [
            "stringData": [
                "host": "harbor.sandbox.invalid", "username": "admin", "password": "none",
            ]
        ]
    )

    /// What Flux's own account may do, wherever Flux is installed.
    private static let reconciler: JSON = [
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
        "metadata": ["name": "cluster-reconciler-flux-system"],
        "roleRef": [
            "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole",
            "name": "cluster-admin",
        ],
        "subjects": [
            ["kind": "ServiceAccount", "name": "kustomize-controller", "namespace": "flux-system"],
            ["kind": "ServiceAccount", "name": "helm-controller", "namespace": "flux-system"],
        ],
    ]
}
