import Kubernetes

/// One right that Slipway uses in a management cluster: what `deploy/management-cluster.yaml`
/// grants and the check asks for, one by one.
package struct ManagementRight: Sendable, Hashable {
    /// What a right is needed for.
    package enum Purpose: Sendable, Hashable {
        case everything, clusterAPI, flux, argocd
    }

    /// What it is needed for.
    package let purpose: Purpose
    /// The API group; empty for the core.
    package let group: String
    /// The plural, with a subresource after a slash.
    package let resource: String
    /// What is done to it.
    package let verbs: [String]
    /// The only object that it is done to; nil for any.
    package let name: String?

    private init(
        _ purpose: Purpose,
        _ group: String,
        _ resource: String,
        _ verbs: [String],
        name: String? = nil
    ) {
        self.purpose = purpose
        self.group = group
        self.resource = resource
        self.verbs = verbs
        self.name = name
    }

    /// The questions that tell whether it is granted.
    var questions: [AccessQuestion] {
        let parts = resource.split(separator: "/", maxSplits: 1).map(String.init)
        return verbs.map { verb in
            AccessQuestion(
                verb,
                group: group,
                resource: parts[0],
                subresource: parts.count > 1 ? parts[1] : nil,
                name: name
            )
        }
    }
}

extension ManagementRight {
    private static let owning = ["get", "list", "watch", "create", "patch", "delete"]
    private static let looking = ["get", "list", "watch"]

    /// The roles that can be given in namespaces: to people, and to what installs charts.
    package static let givenRoles = [
        "slipway-tenant-viewer", "slipway-tenant-developer", "slipway-tenant-admin",
        "slipway-release",
    ]

    /// Every right that is used.
    package static let all: [ManagementRight] = base + clusterAPI + flux + argocd

    private static let base: [ManagementRight] =
        ["namespaces", "serviceaccounts", "configmaps", "resourcequotas", "limitranges"].map {
            ManagementRight(.everything, "", $0, owning)
        } + [
            ManagementRight(.everything, "networking.k8s.io", "networkpolicies", owning),
            ManagementRight(
                .everything,
                "",
                "secrets",
                ["get", "list", "create", "patch", "delete"]
            ),
            ManagementRight(.everything, "", "serviceaccounts/token", ["create"]),
            ManagementRight(.everything, "", "pods", looking + ["delete"]),
            ManagementRight(.everything, "", "services", looking + ["delete"]),
            ManagementRight(.everything, "", "persistentvolumeclaims", looking + ["delete"]),
            ManagementRight(.everything, "", "events", ["get", "list"]),
            ManagementRight(.everything, "apps", "statefulsets", looking + ["patch"]),
            ManagementRight(.everything, "apps", "deployments", looking + ["patch"]),
            ManagementRight(.everything, "rbac.authorization.k8s.io", "rolebindings", owning),
            ManagementRight(
                .everything,
                "admissionregistration.k8s.io",
                "validatingadmissionpolicybindings",
                ["get", "list"]
            ),
            ManagementRight(
                .everything,
                "apiextensions.k8s.io",
                "customresourcedefinitions",
                looking
            ),
        ]
        + givenRoles.map {
            ManagementRight(
                .everything,
                "rbac.authorization.k8s.io",
                "clusterroles",
                ["bind"],
                name: $0
            )
        }

    private static let clusterAPI: [ManagementRight] =
        ["clusters", "machinedeployments", "machinepools", "machinehealthchecks", "machines"].map {
            ManagementRight(.clusterAPI, "cluster.x-k8s.io", $0, owning)
        } + [
            ManagementRight(.clusterAPI, "controlplane.cluster.x-k8s.io", "*", owning),
            ManagementRight(.clusterAPI, "bootstrap.cluster.x-k8s.io", "*", owning),
            ManagementRight(.clusterAPI, "infrastructure.cluster.x-k8s.io", "*", owning),
            ManagementRight(.clusterAPI, "addons.cluster.x-k8s.io", "*", owning),
            ManagementRight(
                .clusterAPI,
                "clusterctl.cluster.x-k8s.io",
                "providers",
                ["get", "list"]
            ),
        ]

    private static let flux: [ManagementRight] = [
        ManagementRight(.flux, "source.toolkit.fluxcd.io", "gitrepositories", owning),
        ManagementRight(.flux, "source.toolkit.fluxcd.io", "helmrepositories", owning),
        ManagementRight(.flux, "source.toolkit.fluxcd.io", "ocirepositories", owning),
        ManagementRight(.flux, "kustomize.toolkit.fluxcd.io", "kustomizations", owning),
        ManagementRight(.flux, "helm.toolkit.fluxcd.io", "helmreleases", owning),
    ]

    private static let argocd: [ManagementRight] = [
        ManagementRight(.argocd, "argoproj.io", "applications", owning),
        ManagementRight(.argocd, "argoproj.io", "appprojects", owning),
    ]
}
