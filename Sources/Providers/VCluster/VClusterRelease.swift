import Contract
import Domain
import Drivers
import JSON
import YAML

/// One release of the chart, in the words of the engine that installs it.
struct VClusterRelease {
    let wish: ClusterWish
    let settings: VClusterSettings
    let values: JSON

    private var slug: JSON { .string(wish.slug) }

    /// Whether the engine leaves the release as it is: it would wake what sleeps.
    private var isSuspended: Bool { wish.cluster.spec.asleep || wish.cluster.spec.paused }

    private func rootMetadata(in namespace: String? = nil, finalizers: JSON? = nil) -> JSON {
        wish.metadata(
            wish.slug,
            in: namespace,
            annotations: wish.rootAnnotations,
            finalizers: finalizers
        )
    }

    // MARK: - Flux

    /// The repository is in the namespace itself: Flux may be told not to look into others.
    func addFlux(to set: inout ManifestSet) {
        set.add(account)
        set.add([
            "apiVersion": "source.toolkit.fluxcd.io/v1",
            "kind": "HelmRepository",
            "metadata": wish.metadata(VClusterSettings.chart),
            "spec": [
                "interval": "24h0m0s",
                "timeout": "2m0s",
                "url": .string(settings.chartRepository),
            ],
        ])
        set.add(
            [
                "apiVersion": "helm.toolkit.fluxcd.io/v2",
                "kind": "HelmRelease",
                "metadata": rootMetadata(),
                "spec": fluxSpec,
            ],
            as: .root
        )
    }

    /// As whom the chart is installed: nobody may reach further with it than the namespace, and a
    /// Flux that tenants share installs nothing without an account that is named.
    private var account: [JSON] {
        [
            [
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": wish.metadata(ReleaseRole.account),
                "automountServiceAccountToken": false,
            ],
            [
                "apiVersion": "rbac.authorization.k8s.io/v1",
                "kind": "RoleBinding",
                "metadata": wish.metadata(ReleaseRole.name),
                "roleRef": [
                    "apiGroup": "rbac.authorization.k8s.io",
                    "kind": "ClusterRole",
                    "name": .string(ReleaseRole.name),
                ],
                "subjects": [
                    [
                        "kind": "ServiceAccount", "name": .string(ReleaseRole.account),
                        "namespace": .string(wish.namespace),
                    ]
                ],
            ],
        ]
    }

    /// The release is called by its slug whatever Flux would call it.
    ///
    /// Service, StatefulSet and kubeconfig are named after it. A failed attempt is repeated, never
    /// uninstalled: the state is in a volume that would go with it.
    private var fluxSpec: JSON {
        let again: JSON = ["name": "RetryOnFailure", "retryInterval": "1m0s"]
        return [
            "chart": [
                "spec": [
                    "chart": .string(VClusterSettings.chart),
                    "interval": "24h0m0s",
                    "sourceRef": [
                        "kind": "HelmRepository",
                        "name": .string(VClusterSettings.chart),
                    ],
                    "version": .string(settings.chartVersion),
                ]
            ],
            "install": ["strategy": again],
            "interval": "10m0s",
            "releaseName": slug,
            "serviceAccountName": .string(ReleaseRole.account),
            "suspend": .bool(isSuspended),
            "timeout": "10m0s",
            "uninstall": ["deletionPropagation": "foreground"],
            "upgrade": ["strategy": again],
            "values": values,
        ]
    }

    // MARK: - Argo CD

    /// With the finalizer: what the application made goes when it goes.
    func addArgoCD(to set: inout ManifestSet) {
        let namespace = wish.engineNamespace(.argocd)
        let destination: JSON = [
            "namespace": .string(wish.namespace),
            "server": .string(PlatformConnection.ownServer),
        ]
        set.add([
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "AppProject",
            "metadata": wish.metadata(wish.slug, in: namespace),
            "spec": [
                "clusterResourceWhitelist": [
                    ["group": "rbac.authorization.k8s.io", "kind": "ClusterRole"],
                    ["group": "rbac.authorization.k8s.io", "kind": "ClusterRoleBinding"],
                ],
                "description": .string("virtual cluster of \(wish.cluster.tenantName)"),
                "destinations": [destination],
                "sourceRepos": [.string(settings.chartRepository)],
            ],
        ])
        set.add(
            [
                "apiVersion": "argoproj.io/v1alpha1",
                "kind": "Application",
                "metadata": rootMetadata(
                    in: namespace,
                    finalizers: ["resources-finalizer.argocd.argoproj.io"]
                ),
                "spec": [
                    "destination": destination,
                    "project": slug,
                    "source": [
                        "chart": .string(VClusterSettings.chart),
                        "helm": ["releaseName": slug, "valuesObject": values],
                        "repoURL": .string(settings.chartRepository),
                        "targetRevision": .string(settings.chartVersion),
                    ],
                    "syncPolicy": ArgoCD.syncPolicy(
                        isAutomatic: !isSuspended,
                        options: ["ServerSideApply=true"]
                    ),
                ],
            ],
            as: .root
        )
    }

    // MARK: - Cluster API

    /// Both references are needed: the provider waits for its owner.
    ///
    /// The endpoint is the provider's to set, so it is left out.
    func addClusterAPI(to set: inout ManifestSet) throws(ProviderFault) {
        guard let version = wish.features.clusterAPI else {
            throw wish.missing("Cluster API; install it with clusterctl")
        }
        let group = "infrastructure.cluster.x-k8s.io"
        let apiVersion = "\(group)/\(wish.features.infrastructure["VCluster"] ?? "v1alpha1")"
        let isOld = version == "v1beta1"
        let reference: JSON = [
            isOld ? "apiVersion" : "apiGroup": .string(isOld ? apiVersion : group),
            "kind": "VCluster",
            "name": slug,
        ]
        set.add([
            "apiVersion": .string(apiVersion),
            "kind": "VCluster",
            "metadata": wish.metadata(wish.slug),
            "spec": [
                "helmRelease": [
                    "chart": [
                        "name": .string(VClusterSettings.chart),
                        "repo": .string(settings.chartRepository),
                        "version": .string(settings.chartVersion),
                    ],
                    "values": .string(String(decoding: YAML.text(values), as: UTF8.self)),
                ]
            ],
        ])
        set.add(
            [
                "apiVersion": .string("cluster.x-k8s.io/\(version)"),
                "kind": "Cluster",
                "metadata": rootMetadata(),
                "spec": .members([
                    "controlPlaneRef": reference,
                    "infrastructureRef": reference,
                    "paused": isSuspended ? .some(true) : .none,
                ]),
            ],
            as: .root
        )
    }
}
