import JSON

/// The roles that every cluster has for people, as Kubernetes has them; for the kinds of others,
/// `admin`, `edit` and `view` hold the same as for Kubernetes' own.
enum BuiltInRoles {
    static let objects: [JSON] = [
        role("cluster-admin", [rule(["*"], ["*"], ["*"])], paths: true),
        role("admin", [rule(["*"], own + ["roles", "rolebindings"], all)] + foreign(all)),
        role("edit", [rule(["*"], own, all)] + foreign(all)),
        role(
            "view",
            [rule(["*"], own.filter { $0 != "secrets" }, reading)] + foreign(reading)
        ),
        [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
            "metadata": ["name": "cluster-admin"],
            "roleRef": [
                "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole",
                "name": "cluster-admin",
            ],
            "subjects": [
                [
                    "apiGroup": "rbac.authorization.k8s.io", "kind": "Group",
                    "name": "system:masters",
                ]
            ],
        ],
    ]

    private static let reading: [JSON] = ["get", "list", "watch"]
    private static let all: [JSON] =
        reading + ["create", "update", "patch", "delete", "deletecollection"]
    private static let own: [JSON] = [
        "bindings", "configmaps", "controllerrevisions", "cronjobs", "daemonsets", "deployments",
        "deployments/scale", "endpoints", "endpointslices", "events", "horizontalpodautoscalers",
        "ingresses", "jobs", "limitranges", "namespaces", "networkpolicies",
        "persistentvolumeclaims", "poddisruptionbudgets", "pods", "pods/log", "replicasets",
        "replicasets/scale", "replicationcontrollers", "resourcequotas", "secrets",
        "serviceaccounts", "serviceaccounts/token", "services", "statefulsets",
        "statefulsets/scale",
    ]

    private static func foreign(_ verbs: [JSON]) -> [JSON] {
        [
            rule(
                [
                    "source.toolkit.fluxcd.io", "kustomize.toolkit.fluxcd.io",
                    "helm.toolkit.fluxcd.io", "gateway.networking.k8s.io",
                ],
                ["*"],
                verbs
            )
        ]
    }

    private static func rule(_ groups: [JSON], _ resources: [JSON], _ verbs: [JSON]) -> JSON {
        ["apiGroups": .array(groups), "resources": .array(resources), "verbs": .array(verbs)]
    }

    private static func role(_ name: String, _ rules: [JSON], paths: Bool = false) -> JSON {
        let anywhere: JSON = ["nonResourceURLs": ["*"], "verbs": ["*"]]
        return [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
            "metadata": [
                "name": .string(name), "labels": ["kubernetes.io/bootstrapping": "rbac-defaults"],
            ],
            "rules": .array(paths ? rules + [anywhere] : rules),
        ]
    }
}
