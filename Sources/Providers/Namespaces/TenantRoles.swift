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

    /// The name of the ClusterRole with the rules that admins have everywhere.
    package static let adminRules = "slipway-aggregate-to-tenant-admin"

    /// The roles, once for each management cluster.
    package static var objects: [JSON] {
        let admin = PeopleRules.inNamespace(.admin)
        let mark: JSONObject = [ClusterRole.aggregateLabel: "true"]
        return [ClusterRole.viewer, .developer].map { role in
            object(name(role), rules: PeopleRules.inNamespace(role))
        } + [object(adminRules, labels: mark, rules: admin), aggregate]
    }

    /// The roles as they are delivered, once for each management cluster.
    package static var manifests: [Manifest] {
        var set = ManifestSet()
        set.add(objects)
        return set.manifests
    }

    /// The role of admins: Kubernetes fills in the rules of every role with the label.
    private static var aggregate: JSON {
        [
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRole",
            "metadata": [
                "name": .string(name(.admin)),
                "labels": ["app.kubernetes.io/managed-by": "slipway"],
            ],
            "aggregationRule": [
                "clusterRoleSelectors": [
                    ["matchLabels": .object([ClusterRole.aggregateLabel: "true"])]
                ]
            ],
        ]
    }

    private static func object(
        _ name: String,
        labels marks: JSONObject = [:],
        rules: [JSON]
    ) -> JSON {
        var labels: JSONObject = ["app.kubernetes.io/managed-by": "slipway"]
        for mark in marks { labels[mark.key] = mark.value }
        return [
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRole",
            "metadata": ["name": .string(name), "labels": .object(labels)],
            "rules": .array(rules),
        ]
    }
}
