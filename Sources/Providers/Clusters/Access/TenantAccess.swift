package import Domain
import Drivers
package import JSON
package import Kubernetes

/// Who may do what inside a tenant's own cluster: a service account for each role, from which
/// short-lived tokens are made, and the groups that the tenant named.
///
/// Viewers and developers are bound in each namespace that is open to people, and see of the whole
/// cluster what `overview` says. Only admins, who own the cluster, are bound in all of it.
package struct TenantAccess: Sendable {
    /// The namespace of Slipway's own objects in a tenant's cluster.
    package static let namespace = "slipway-system"
    /// On bindings in namespaces: that they come and go with what is open.
    static let label = "slipway.dev/access"
    /// The roles that are bound in each open namespace.
    static let local: [ClusterRole] = [.viewer, .developer]

    private let grants: [ClusterGrant]

    /// The access that those grants add up to.
    package init(_ grants: [ClusterGrant]) {
        self.grants = grants
    }

    /// The service account of a role.
    package static func account(of role: ClusterRole) -> String { "slipway-\(role.rawValue)" }

    /// The objects that do not depend on which namespaces there are, in the order in which they
    /// are applied.
    package var objects: [JSON] {
        let namespace = Self.object("v1", "Namespace", Self.namespace)
        return [namespace, Self.overview] + Self.local.map(Self.localRole)
            + ClusterRole.allCases.flatMap(objects(of:))
    }

    /// Makes the objects what they are to be; people's own bindings stay.
    package func apply(through client: KubernetesClient) async throws(KubernetesFault) {
        for object in objects {
            guard let object = object.object else { continue }
            _ = try await client.apply(object, force: true)
        }
        try await refresh(through: client)
    }

    private func objects(of role: ClusterRole) -> [JSON] {
        let account = Self.object(
            "v1",
            "ServiceAccount",
            Self.account(of: role),
            in: Self.namespace,
            members: ["automountServiceAccountToken": false]
        )
        let name = Self.account(of: role)
        let overview = binding(
            "ClusterRoleBinding",
            "\(name)-overview",
            to: Self.overviewName,
            role
        )
        guard role == .admin else { return [account, overview] }
        return [account, overview, binding("ClusterRoleBinding", name, to: "cluster-admin", role)]
    }

    /// The bindings of one open namespace.
    func bindings(in namespace: String) -> [JSON] {
        Self.local.map { role in
            let name = Self.account(of: role)
            return binding("RoleBinding", name, to: name, role, in: namespace)
        }
    }

    private func binding(
        _ kind: String,
        _ name: String,
        to roleName: String,
        _ role: ClusterRole,
        in namespace: String? = nil
    ) -> JSON {
        let own: JSON = [
            "kind": "ServiceAccount", "name": .string(Self.account(of: role)),
            "namespace": .string(Self.namespace),
        ]
        let groups = Set(grants.filter { $0.role == role }.map(\.group)).sorted()
        let people: [JSON] = groups.map {
            ["apiGroup": .string(Self.group), "kind": "Group", "name": .string($0)]
        }
        return Self.object(
            Self.rbac,
            kind,
            name,
            in: namespace,
            labels: namespace == nil ? [:] : [Self.label: "people"],
            members: [
                "roleRef": [
                    "apiGroup": .string(Self.group), "kind": "ClusterRole",
                    "name": .string(roleName),
                ],
                "subjects": .array([own] + people),
            ]
        )
    }
}

extension TenantAccess {
    static let group = "rbac.authorization.k8s.io"
    private static let rbac = "\(group)/v1"
    private static let overviewName = "slipway-overview"

    /// What everybody sees of the whole cluster, so that `kubectl get pods -A` works: what there is
    /// and how it does, in system namespaces too; no secrets, no configuration, no logs.
    private static let overview: JSON = {
        let rules: [JSON] = [
            (
                "",
                [
                    "namespaces", "nodes", "persistentvolumes", "persistentvolumeclaims", "pods",
                    "services", "events", "resourcequotas", "limitranges",
                ]
            ),
            ("events.k8s.io", ["events"]),
            ("apps", ["daemonsets", "deployments", "replicasets", "statefulsets"]),
            ("batch", ["cronjobs", "jobs"]),
            ("autoscaling", ["horizontalpodautoscalers"]),
            ("networking.k8s.io", ["ingresses", "networkpolicies"]),
            ("storage.k8s.io", ["storageclasses"]),
            ("apiextensions.k8s.io", ["customresourcedefinitions"]),
            ("metrics.k8s.io", ["nodes", "pods"]),
        ]
        .map { group, resources in
            [
                "apiGroups": [.string(group)],
                "resources": .array(resources.map { .string($0) }),
                "verbs": ["get", "list", "watch"],
            ]
        }
        return object(rbac, "ClusterRole", overviewName, members: ["rules": .array(rules)])
    }()

    private static func localRole(_ role: ClusterRole) -> JSON {
        object(
            rbac,
            "ClusterRole",
            account(of: role),
            members: ["rules": .array(PeopleRules.inOwnCluster(role))]
        )
    }

    private static func object(
        _ version: String,
        _ kind: String,
        _ name: String,
        in namespace: String? = nil,
        labels: JSON = [:],
        members: JSON = [:]
    ) -> JSON {
        var metadata = JSONObject()
        metadata["name"] = .string(name)
        if let namespace { metadata["namespace"] = .string(namespace) }
        let all: JSON = ["app.kubernetes.io/managed-by": "slipway"]
        metadata["labels"] = all.merging(patch: labels)
        var object = JSONObject()
        object["apiVersion"] = .string(version)
        object["kind"] = .string(kind)
        object["metadata"] = .object(metadata)
        for member in members.object ?? JSONObject() { object[member.key] = member.value }
        return .object(object)
    }
}
