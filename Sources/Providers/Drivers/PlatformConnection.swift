package import Contract
package import Domain
package import JSON

/// How the tenant's platform repository gets into its cluster.
///
/// It is applied with the rights of the tenant's own cluster or namespace and never with those of
/// the management cluster: whoever may push to it must not reach further than that.
package struct PlatformConnection: Sendable {
    /// Where the repository is applied.
    package enum Place: Sendable {
        /// A cluster whose kubeconfig is that entry.
        case cluster(SecretKey)
        /// The cluster's namespace of the management cluster itself, as that account of
        /// `platformNamespace`.
        case namespace(account: String)
    }

    /// What the objects of Flux are called.
    package static let name = "platform"
    /// The Secret that holds the repository's credentials, in `platformNamespace`.
    package static let credentials = "platform-git"
    /// The account as which it is applied to a cluster that is a namespace.
    package static let account = "platform"

    let wish: ClusterWish
    let source: PlatformSource
    let place: Place
    let engine: ManagementClusterSpec.Engine

    /// The connection of a cluster; nil where none is wanted.
    ///
    /// - Throws: `.refused` where nothing can make it.
    package init?(wish: ClusterWish, place: Place) throws(ProviderFault) {
        guard let source = wish.platform else { return nil }
        guard ["http://", "https://", "ssh://"].contains(where: source.url.hasPrefix) else {
            throw .refused(
                reason: "the platform repository's URL is none of http, https and ssh"
            )
        }
        engine = try wish.engine()
        self.wish = wish
        self.source = source
        self.place = place
    }

    /// The objects in the order in which they are applied.
    package var objects: [JSON] {
        switch engine {
        case .flux: [repository, reconciliation]
        case .argocd: [project, application]
        }
    }

    /// Nothing is reconciled into a cluster that sleeps: it would only fail.
    private var isSuspended: Bool { source.isSuspended || wish.cluster.spec.asleep }

    private var repository: JSON {
        [
            "apiVersion": "source.toolkit.fluxcd.io/v1",
            "kind": "GitRepository",
            "metadata": wish.metadata(Self.name, in: wish.platformNamespace),
            "spec": [
                "interval": "1m0s",
                "ref": ["branch": .string(source.branch)],
                "secretRef": ["name": .string(Self.credentials)],
                "suspend": .bool(isSuspended),
                "timeout": "1m0s",
                "url": .string(source.url),
            ],
        ]
    }

    /// Deleting it leaves what it applied.
    ///
    /// That goes with the cluster, and an API server that is gone would hold the deletion up for
    /// ever. An adopted cluster stays, so what was applied to it goes.
    private var reconciliation: JSON {
        var spec: JSONObject = [
            "deletionPolicy": wish.cluster.spec.adopt == nil ? "Orphan" : "MirrorPrune",
            "interval": "10m0s",
            "path": .string(source.path),
            "prune": true,
            "retryInterval": "1m0s",
            "sourceRef": ["kind": "GitRepository", "name": .string(Self.name)],
            "suspend": .bool(isSuspended),
            "timeout": "5m0s",
        ]
        switch place {
        case .cluster(let secret):
            spec["kubeConfig"] = [
                "secretRef": ["name": .string(secret.name), "key": .string(secret.key)]
            ]
        case .namespace(let account):
            spec["serviceAccountName"] = .string(account)
            spec["targetNamespace"] = .string(wish.namespace)
        }
        return [
            "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
            "kind": "Kustomization",
            "metadata": wish.metadata(Self.name, in: wish.platformNamespace),
            "spec": .object(spec),
        ]
    }
}

extension PlatformConnection {
    /// The kinds of objects that tell how the connection does.
    package static func watched(in features: ManagementFeatures) -> [WatchedKind] {
        var kinds: [WatchedKind] = []
        if features.hasFlux {
            kinds += [
                WatchedKind(group: "source.toolkit.fluxcd.io", kind: "GitRepository"),
                WatchedKind(group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization"),
            ]
        }
        if features.hasArgoCD {
            kinds.append(WatchedKind(group: "argoproj.io", kind: "Application"))
        }
        return kinds
    }
}
