import Kubernetes

/// The namespaces of a tenant's own cluster in which people do not work, as far as names tell:
/// what runs there may do more than they may.
enum SystemNamespaces {
    /// On a namespace: `true` opens it although something powerful runs in it, `false` closes it.
    static let label = "slipway.dev/people"
    /// On what Slipway made for a cluster: where a management cluster is itself a tenant's cluster,
    /// people of that tenant have nothing to do with the others'.
    private static let clusterLabel = "slipway.dev/cluster"

    /// Kubernetes' own, Slipway's, and those of distributions.
    private static let prefixes = ["kube-", "slipway-", "openshift-", "cattle-"]
    /// Controllers' by convention: `flux-system`, `istio-system`, `capi-system`.
    private static let suffix = "-system"
    /// Controllers that are installed under other names.
    private static let names: Set<String> = [
        "argo", "argo-rollouts", "argocd", "calico-apiserver", "cert-manager", "cnpg", "crossplane",
        "external-dns", "external-secrets", "ingress-nginx", "keda", "kyverno", "linkerd",
        "local-path-storage", "metallb", "openebs", "rook-ceph", "tigera-operator", "traefik",
        "vault", "velero",
    ]

    /// Whether people never work there, whatever `slipway.dev/people` says.
    static func isClosedForGood(_ namespace: KubernetesObject) -> Bool {
        namespace.labels[clusterLabel] != nil || prefixes.contains(where: namespace.name.hasPrefix)
    }

    /// Whether people do not work there unless a label says so.
    static func isClosed(_ namespace: KubernetesObject) -> Bool {
        isClosedForGood(namespace) || namespace.name.hasSuffix(suffix)
            || names.contains(namespace.name)
    }
}
