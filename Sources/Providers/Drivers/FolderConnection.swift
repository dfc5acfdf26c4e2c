package import Contract
package import Domain
package import JSON

/// How one folder of a repository gets into a cluster.
///
/// An object of the engine for each folder, beside the one for the platform and with the same
/// rights: a broken folder never holds up another.
package struct FolderConnection: Sendable {
    /// Where the object of a folder is found in the management cluster.
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

    /// Which repository the folder is in, and whose rights apply it.
    package enum Source: Sendable, Hashable {
        /// The tenant's platform repository, applied to its cluster by that kubeconfig; nil for one
        /// that is a namespace.
        case platform(SecretKey?)
        /// The management repository, applied to the management cluster by that engine.
        case management(GitOpsEngine)
    }

    /// The label that names the environment, on everything that Slipway makes for it.
    package static let environmentLabel = "slipway.dev/environment"

    private let folder: DeliveredFolder
    private let namespace: String
    private let isSuspended: Bool
    private let wish: ClusterWish
    private let source: Source
    private let engine: ManagementClusterSpec.Engine

    /// The connection of a folder with its namespace in that cluster.
    ///
    /// - Throws: `.refused` where nothing can make it.
    package init(
        of folder: DeliveredFolder,
        in namespace: String,
        of wish: ClusterWish,
        from source: Source,
        isSuspended: Bool
    ) throws(ProviderFault) {
        switch source {
        case .management(let engine):
            self.engine = engine.kind
            self.isSuspended = isSuspended
        case .platform:
            guard let platform = wish.platform else {
                throw .refused(
                    reason: "cluster \(wish.cluster.name) does not read its tenant's platform "
                        + "repository; set its spec.platform to true"
                )
            }
            engine = try wish.engine()
            self.isSuspended = isSuspended || platform.isSuspended || wish.cluster.spec.asleep
        }
        self.folder = folder
        self.namespace = namespace
        self.wish = wish
        self.source = source
    }

    /// Where the object of a folder of that cluster's platform repository is found; nil where
    /// nothing applies Git there.
    package static func key(of folder: DeliveredFolder, in wish: ClusterWish) -> Key? {
        switch wish.management.engine(with: wish.features) {
        case .flux: key(.flux, folder.objectName, in: wish.platformNamespace)
        case .argocd:
            key(.argocd, "\(wish.slug)-\(folder.objectName)", in: wish.engineNamespace(.argocd))
        case nil: nil
        }
    }

    /// Where the object of a folder of the management repository is found.
    package static func key(of folder: DeliveredFolder, by engine: GitOpsEngine) -> Key {
        key(engine.kind, folder.objectName, in: engine.namespace)
    }

    private static func key(
        _ engine: ManagementClusterSpec.Engine,
        _ name: String,
        in namespace: String
    ) -> Key {
        switch engine {
        case .flux:
            Key(
                group: "kustomize.toolkit.fluxcd.io",
                kind: "Kustomization",
                namespace: namespace,
                name: name
            )
        case .argocd:
            Key(group: "argoproj.io", kind: "Application", namespace: namespace, name: name)
        }
    }

    /// The object as it is applied.
    package var object: JSON {
        switch engine {
        case .flux: reconciliation
        case .argocd: application
        }
    }

    /// Health is not asked of the engine: Slipway looks at the objects itself, and says why.
    private var reconciliation: JSON {
        var spec: JSONObject = [
            "deletionPolicy": "Delete",
            "interval": "10m0s",
            "path": .string("./\(folder.path)"),
            "prune": true,
            "retryInterval": "1m0s",
            "sourceRef": ["kind": "GitRepository", "name": .string(sourceName)],
            "suspend": .bool(isSuspended),
            "timeout": "5m0s",
            "wait": false,
        ]
        // An offering says of each object where it goes, which may be beside its namespace.
        if folder.subject == .environment { spec["targetNamespace"] = .string(namespace) }
        switch source {
        case .platform(let kubeconfig?):
            spec["kubeConfig"] = [
                "secretRef": ["name": .string(kubeconfig.name), "key": .string(kubeconfig.key)]
            ]
        case .platform(nil): spec["serviceAccountName"] = .string(PlatformConnection.account)
        case .management(let engine):
            let usual = ManagementClusterSpec.Engine.flux.defaultNamespace
            if engine.namespace == usual { spec["serviceAccountName"] = "kustomize-controller" }
        }
        return [
            "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
            "kind": "Kustomization",
            "metadata": metadata(),
            "spec": .object(spec),
        ]
    }

    private var sourceName: String {
        switch source {
        case .platform: PlatformConnection.name
        case .management(let engine): engine.sourceName
        }
    }

    /// With the finalizer that cascades: the cluster stays when the folder goes.
    private var application: JSON {
        [
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "Application",
            "metadata": metadata(finalizers: ["resources-finalizer.argocd.argoproj.io"]),
            "spec": [
                "destination": destination,
                "project": .string(project),
                "source": applicationSource,
                "syncPolicy": ArgoCD.syncPolicy(
                    isAutomatic: !isSuspended,
                    options: ["ServerSideApply=true"]
                ),
            ],
        ]
    }

    private var destination: JSON {
        switch source {
        case .platform(.some): ["name": .string(wish.slug), "namespace": .string(namespace)]
        case .platform(nil), .management:
            [
                "server": .string(PlatformConnection.ownServer), "namespace": .string(namespace),
            ]
        }
    }

    private var project: String {
        switch source {
        case .platform: PlatformConnection.applicationName(slug: wish.slug)
        case .management: "default"
        }
    }

    private var applicationSource: JSON {
        var place: JSONObject = ["path": .string(folder.path)]
        switch source {
        case .platform:
            place["repoURL"] = .string(wish.platform?.url ?? "")
            place["targetRevision"] = .string(wish.platform?.branch ?? "")
        case .management(let engine):
            place["repoURL"] = .string(engine.repositoryURL)
            place["targetRevision"] = "main"
        }
        // Each credential of a service has a folder of its own below it.
        if folder.subject == .service { place["directory"] = ["recurse": true] }
        return .object(place)
    }

    private func metadata(finalizers: JSON? = nil) -> JSON {
        let key =
            switch source {
            case .platform: Self.key(of: folder, in: wish)
            case .management(let engine): Self.key(of: folder, by: engine)
            }
        return wish.metadata(key?.name ?? "", in: key?.namespace, finalizers: finalizers)
            .merging(patch: ["labels": [folder.label: .string(folder.name)]])
    }
}
