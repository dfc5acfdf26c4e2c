import Domain
import JSON

extension PlatformConnection {
    /// What the project and the application of a cluster's platform repository are called.
    package static func applicationName(slug: String) -> String { "\(slug)-platform" }

    private var applicationName: String { Self.applicationName(slug: wish.slug) }
    private var argoNamespace: String { wish.engineNamespace(.argocd) }

    /// A cluster of its own is named by its registration; a namespace is one of this cluster.
    private var destination: JSON {
        switch place {
        case .cluster: ["name": .string(wish.slug), "namespace": "default"]
        case .namespace:
            ["server": .string(Self.ownServer), "namespace": .string(wish.namespace)]
        }
    }

    /// What Argo CD calls the cluster that it runs in.
    package static let ownServer = "https://kubernetes.default.svc"

    /// What may be applied, and where: everything in a cluster of its own, and in a namespace what
    /// tenants may make themselves.
    var project: JSON {
        let whereTo: JSON
        let kinds: [(String, JSON)]
        switch place {
        case .cluster:
            whereTo = ["name": .string(wish.slug), "namespace": "*"]
            kinds = [("clusterResourceWhitelist", [["group": "*", "kind": "*"]])]
        case .namespace:
            whereTo = destination
            kinds = [
                ("clusterResourceWhitelist", []), ("namespaceResourceWhitelist", Self.tenantKinds),
            ]
        }
        var spec: JSONObject = [
            "description": .string("platform repository of \(wish.cluster.tenantName)"),
            "destinations": [whereTo],
            "sourceRepos": [.string(source.url)],
        ]
        for (key, value) in kinds { spec[key] = value }
        return [
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "AppProject",
            "metadata": wish.metadata(applicationName, in: argoNamespace),
            "spec": .object(spec),
        ]
    }

    /// What is applied to a namespace: what its developers may make, by `PeopleRules`.
    ///
    /// Argo CD applies it with its own rights, so neither roles nor bindings are among it: nobody
    /// would ask whether the tenant has what they give.
    private static let tenantKinds: JSON = .array(
        [
            ("", ["ConfigMap", "PersistentVolumeClaim", "Pod", "Secret", "Service"]),
            ("", ["ServiceAccount"]),
            ("apps", ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"]),
            ("autoscaling", ["HorizontalPodAutoscaler"]),
            ("batch", ["CronJob", "Job"]),
            ("coordination.k8s.io", ["Lease"]),
            ("gateway.networking.k8s.io", ["GRPCRoute", "HTTPRoute", "TLSRoute"]),
            ("networking.k8s.io", ["Ingress"]),
            ("policy", ["PodDisruptionBudget"]),
        ].flatMap { group, kinds in
            kinds.map { ["group": .string(group), "kind": .string($0)] }
        }
    )

    /// Without the finalizer that cascades: what it applied goes with the cluster, except where
    /// that stays because it was adopted.
    var application: JSON {
        [
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "Application",
            "metadata": wish.metadata(
                applicationName,
                in: argoNamespace,
                finalizers: wish.cluster.spec.adopt == nil
                    ? nil : ["resources-finalizer.argocd.argoproj.io"]
            ),
            "spec": [
                "destination": destination,
                "project": .string(applicationName),
                "source": [
                    "path": .string(path),
                    "repoURL": .string(source.url),
                    "targetRevision": .string(source.branch),
                ],
                "syncPolicy": ArgoCD.syncPolicy(
                    isAutomatic: !(source.isSuspended || wish.cluster.spec.asleep),
                    options: ["ServerSideApply=true"]
                ),
            ],
        ]
    }

    /// Argo CD takes paths without the dot.
    private var path: String {
        source.path.hasPrefix("./") ? String(source.path.dropFirst(2)) : source.path
    }
}
