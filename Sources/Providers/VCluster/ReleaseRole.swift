package import Contract
import Drivers
import JSON

/// What installing the chart takes in the namespace of a virtual cluster, and no more.
///
/// Whoever makes a role must have what it gives: so it holds what the chart's own role has.
/// Neither the quota nor the limits are among it, nor tokens of accounts.
package enum ReleaseRole {
    /// The account as which Flux installs the chart.
    static let account = "release"
    /// The name of the `ClusterRole`, and of the binding to it in each namespace.
    package static let name = "slipway-release"

    /// The role as it is delivered, once for each management cluster.
    package static var manifests: [Manifest] {
        var set = ManifestSet()
        set.add([
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRole",
            "metadata": [
                "name": .string(name),
                "labels": ["app.kubernetes.io/managed-by": "slipway"],
            ],
            "rules": .array(rules),
        ])
        return set.manifests
    }

    private static let rules: [JSON] = [
        rule(
            [""],
            [
                "configmaps", "endpoints", "events", "persistentvolumeclaims", "pods",
                "pods/attach", "pods/ephemeralcontainers", "pods/exec", "pods/log",
                "pods/portforward", "pods/resize", "pods/status", "secrets", "serviceaccounts",
                "services",
            ]
        ),
        rule(["apps"], ["deployments", "replicasets", "statefulsets"]),
        rule(["batch"], ["jobs"]),
        rule(["coordination.k8s.io"], ["leases"]),
        rule(["discovery.k8s.io"], ["endpointslices"]),
        rule(["events.k8s.io"], ["events"]),
        rule(["gateway.networking.k8s.io"], ["httproutes", "tlsroutes"]),
        rule(["metrics.k8s.io"], ["pods"]),
        rule(["networking.k8s.io"], ["ingresses", "networkpolicies"]),
        rule(["policy"], ["poddisruptionbudgets"]),
        rule(["rbac.authorization.k8s.io"], ["rolebindings", "roles"]),
    ]

    private static func rule(_ groups: [String], _ resources: [String]) -> JSON {
        [
            "apiGroups": .array(groups.map(JSON.string)),
            "resources": .array(resources.map(JSON.string)),
            "verbs": ["get", "list", "watch", "create", "delete", "patch", "update"],
        ]
    }
}
