package import Contract
package import Domain
package import JSON

/// How one environment gets from its tenant's platform repository into its cluster.
///
/// An object of the engine for each environment, beside the one for the platform and with the same
/// rights: a broken environment never holds up another.
package struct EnvironmentConnection: Sendable {
    /// Where the object of an environment is found in the management cluster.
    package struct Key: Sendable, Hashable {
        /// The API group.
        package let group: String
        /// The kind.
        package let kind: String
        /// The namespace.
        package let namespace: String
        /// The name.
        package let name: String
    }

    /// The label that names the environment, on everything that Slipway makes for it.
    package static let label = "slipway.dev/environment"

    private let environment: EnvironmentName
    private let namespace: String
    private let isSuspended: Bool
    private let wish: ClusterWish
    private let source: PlatformSource
    private let engine: ManagementClusterSpec.Engine
    private let kubeconfig: SecretKey?

    /// The connection of an environment with its namespace in that cluster.
    ///
    /// `kubeconfig` is with what the cluster is reached; nil for one that is a namespace.
    ///
    /// - Throws: `.refused` where nothing can make it.
    package init(
        of environment: EnvironmentName,
        in namespace: String,
        of wish: ClusterWish,
        by kubeconfig: SecretKey?,
        isSuspended: Bool
    ) throws(ProviderFault) {
        guard let source = wish.platform else {
            throw .refused(
                reason: "cluster \(wish.cluster.name) does not read its tenant's platform "
                    + "repository; set its spec.platform to true"
            )
        }
        engine = try wish.engine()
        self.environment = environment
        self.namespace = namespace
        self.isSuspended = isSuspended || source.isSuspended || wish.cluster.spec.asleep
        self.wish = wish
        self.source = source
        self.kubeconfig = kubeconfig
    }

    /// Where the object of an environment in that cluster is found; nil where nothing applies Git
    /// there.
    package static func key(of environment: EnvironmentName, in wish: ClusterWish) -> Key? {
        switch wish.management.engine(with: wish.features) {
        case .flux:
            Key(
                group: "kustomize.toolkit.fluxcd.io",
                kind: "Kustomization",
                namespace: wish.platformNamespace,
                name: "env-\(environment)"
            )
        case .argocd:
            Key(
                group: "argoproj.io",
                kind: "Application",
                namespace: wish.engineNamespace(.argocd),
                name: "\(wish.slug)-env-\(environment)"
            )
        case nil: nil
        }
    }

    /// The object as it is applied.
    package var object: JSON {
        switch engine {
        case .flux: reconciliation
        case .argocd: application
        }
    }

    private var path: String { "environments/\(environment)" }

    /// Health is not asked of the engine: Slipway looks at the objects itself, and says why.
    private var reconciliation: JSON {
        var spec: JSONObject = [
            "deletionPolicy": "Delete",
            "interval": "10m0s",
            "path": .string("./\(path)"),
            "prune": true,
            "retryInterval": "1m0s",
            "sourceRef": ["kind": "GitRepository", "name": .string(PlatformConnection.name)],
            "suspend": .bool(isSuspended),
            "targetNamespace": .string(namespace),
            "timeout": "5m0s",
            "wait": false,
        ]
        if let kubeconfig {
            spec["kubeConfig"] = [
                "secretRef": ["name": .string(kubeconfig.name), "key": .string(kubeconfig.key)]
            ]
        } else {
            spec["serviceAccountName"] = .string(PlatformConnection.account)
        }
        return [
            "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
            "kind": "Kustomization",
            "metadata": labelled(wish.metadata("env-\(environment)", in: wish.platformNamespace)),
            "spec": .object(spec),
        ]
    }

    /// With the finalizer that cascades: the cluster stays when the environment goes.
    private var application: JSON {
        let destination: JSON =
            kubeconfig == nil
            ? ["server": .string(PlatformConnection.ownServer), "namespace": .string(namespace)]
            : ["name": .string(wish.slug), "namespace": .string(namespace)]
        return [
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "Application",
            "metadata": labelled(
                wish.metadata(
                    "\(wish.slug)-env-\(environment)",
                    in: wish.engineNamespace(.argocd),
                    finalizers: ["resources-finalizer.argocd.argoproj.io"]
                )
            ),
            "spec": [
                "destination": destination,
                "project": .string(PlatformConnection.applicationName(slug: wish.slug)),
                "source": [
                    "path": .string(path),
                    "repoURL": .string(source.url),
                    "targetRevision": .string(source.branch),
                ],
                "syncPolicy": ArgoCD.syncPolicy(
                    isAutomatic: !isSuspended,
                    options: ["ServerSideApply=true"]
                ),
            ],
        ]
    }

    private func labelled(_ metadata: JSON) -> JSON {
        metadata.merging(patch: ["labels": [Self.label: .string(environment.text)]])
    }
}
