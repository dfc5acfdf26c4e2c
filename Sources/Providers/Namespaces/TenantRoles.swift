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
            "rules": .array(PeopleRules.inNamespace(role)),
        ]
    }
}
