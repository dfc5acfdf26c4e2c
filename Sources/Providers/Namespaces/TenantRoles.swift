package import Contract
package import Domain
import Drivers
package import JSON

/// What somebody may do in a namespace of the management cluster that belongs to a tenant.
///
/// The roles are shared by all such namespaces and belong to the management cluster, not to a
/// tenant. None of them writes quotas, limits, network policies or the namespace itself, which
/// would move the fence, nor objects that Flux, Argo CD or Cluster API act on with more rights
/// than the tenant has.
package enum TenantRoles {
    /// The name of a role's `ClusterRole`.
    package static func name(_ role: ClusterRole) -> String { "slipway-tenant-\(role.rawValue)" }

    /// The roles, once for each management cluster.
    package static var objects: [JSON] { ClusterRole.allCases.map(object) }

    /// The roles as they are delivered, once for each management cluster.
    package static var manifests: [Manifest] {
        var set = ManifestSet()
        set.add(objects)
        return set.manifests
    }

    private static func object(_ role: ClusterRole) -> JSON {
        [
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRole",
            "metadata": [
                "name": .string(name(role)),
                "labels": ["app.kubernetes.io/managed-by": "slipway"],
            ],
            "rules": .array(rules(role)),
        ]
    }

    private static func rules(_ role: ClusterRole) -> [JSON] {
        switch role {
        case .viewer: [fence] + looking
        case .developer: [fence] + looking + working
        case .admin: [fence] + looking + working + granting
        }
    }

    private static let reading = ["get", "list", "watch"]
    private static let writing = [
        "create", "delete", "deletecollection", "patch", "update",
    ]

    /// What everybody in the namespace sees of its fence.
    private static let fence = rule(
        ["", "networking.k8s.io", "events.k8s.io"],
        [
            "namespaces", "resourcequotas", "limitranges", "networkpolicies", "events", "bindings",
        ],
        reading
    )

    private static let looking: [JSON] = [
        rule(
            [""],
            [
                "configmaps", "endpoints", "persistentvolumeclaims", "pods", "pods/log",
                "pods/status", "replicationcontrollers", "serviceaccounts", "services",
                "services/status",
            ],
            reading
        ),
        rule(["apps"], ["*"], reading),
        rule(["batch"], ["*"], reading),
        rule(["autoscaling"], ["horizontalpodautoscalers"], reading),
        rule(["policy"], ["poddisruptionbudgets"], reading),
        rule(["discovery.k8s.io"], ["endpointslices"], reading),
        rule(["networking.k8s.io"], ["ingresses", "ingresses/status"], reading),
        rule(["gateway.networking.k8s.io"], ["grpcroutes", "httproutes", "tlsroutes"], reading),
        rule(["metrics.k8s.io"], ["pods"], reading),
        rule(["rbac.authorization.k8s.io"], ["rolebindings", "roles"], reading),
    ]

    private static let working: [JSON] = [
        rule([""], ["secrets"], reading + writing),
        rule(
            [""],
            ["configmaps", "persistentvolumeclaims", "pods", "serviceaccounts", "services"],
            writing
        ),
        rule([""], ["pods/attach", "pods/exec", "pods/portforward"], ["create", "get"]),
        rule([""], ["pods/eviction"], ["create"]),
        rule(
            ["apps"],
            [
                "daemonsets", "deployments", "deployments/rollback", "deployments/scale",
                "replicasets", "replicasets/scale", "statefulsets", "statefulsets/scale",
            ],
            writing
        ),
        rule(["batch"], ["cronjobs", "jobs"], writing),
        rule(["autoscaling"], ["horizontalpodautoscalers"], writing),
        rule(["policy"], ["poddisruptionbudgets"], writing),
        rule(["networking.k8s.io"], ["ingresses"], writing),
        rule(["gateway.networking.k8s.io"], ["grpcroutes", "httproutes", "tlsroutes"], writing),
        rule(["coordination.k8s.io"], ["leases"], reading + writing),
    ]

    /// Nobody grants more than they have themselves: the API server sees to that.
    private static let granting: [JSON] = [
        rule(["rbac.authorization.k8s.io"], ["rolebindings", "roles"], writing)
    ]

    private static func rule(_ groups: [String], _ resources: [String], _ verbs: [String]) -> JSON {
        [
            "apiGroups": .array(groups.map(JSON.string)),
            "resources": .array(resources.map(JSON.string)),
            "verbs": .array(verbs.map(JSON.string)),
        ]
    }
}
