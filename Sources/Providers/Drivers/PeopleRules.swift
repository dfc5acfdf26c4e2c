package import Domain
package import JSON

/// What people may do in a namespace, rule by rule.
///
/// The lists are explicit: Kubernetes' own `edit` and `view` grow with whatever is installed, and
/// bring tokens of service accounts and impersonation, with which one becomes somebody else.
package enum PeopleRules {
    /// What a role may do in a namespace that has a fence of the platform around it.
    package static func inNamespace(_ role: ClusterRole) -> [JSON] {
        switch role {
        case .viewer: [fence] + looking
        case .developer: [fence] + looking + working
        case .admin: [fence] + looking + working + granting
        }
    }

    /// What a role may do in a namespace of the tenant's own cluster: there network policies are
    /// the tenant's; whoever administers it is held by nothing.
    package static func inOwnCluster(_ role: ClusterRole) -> [JSON] {
        switch role {
        case .viewer, .admin: inNamespace(role)
        case .developer:
            inNamespace(role) + [rule(["networking.k8s.io"], ["networkpolicies"], writing)]
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
