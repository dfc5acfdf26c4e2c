import Kubernetes

/// The namespaces of a tenant's own cluster in which people do not work, as far as names tell:
/// what runs there may do more than they may.
enum SystemNamespaces {
    /// On a namespace: `true` opens it although something powerful runs in it, `false` closes it.
    static let label = "slipway.dev/people"

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

    /// Whether people never work there, whatever a label says.
    static func isClosedForGood(_ name: String) -> Bool {
        prefixes.contains(where: name.hasPrefix)
    }

    /// Whether people do not work there unless a label says so.
    static func isClosed(_ name: String) -> Bool {
        isClosedForGood(name) || name.hasSuffix(suffix) || names.contains(name)
    }
}
