package import Domain
package import JSON
package import Kubernetes

/// Who may do what inside a tenant's own cluster: a service account for each role, from which
/// short-lived tokens are made, and the groups that the tenant named.
package struct TenantAccess: Sendable {
    /// The namespace of Slipway's own objects in a tenant's cluster.
    package static let namespace = "slipway-system"

    private let grants: [ClusterGrant]

    /// The access that those grants add up to.
    package init(_ grants: [ClusterGrant]) {
        self.grants = grants
    }

    /// The service account of a role.
    package static func account(of role: ClusterRole) -> String { "slipway-\(role.rawValue)" }

    /// The objects, in the order in which they are applied.
    package var objects: [JSON] {
        let namespace = Self.object("v1", "Namespace", Self.namespace)
        return [namespace, Self.overview] + ClusterRole.allCases.flatMap(objects(of:))
    }

    /// Makes the objects what they are to be; people's own bindings stay.
    package func apply(through client: KubernetesClient) async throws(KubernetesFault) {
        for object in objects {
            guard let object = object.object else { continue }
            _ = try await client.apply(object, force: true)
        }
    }

    private func objects(of role: ClusterRole) -> [JSON] {
        let account = Self.object(
            "v1",
            "ServiceAccount",
            Self.account(of: role),
            in: Self.namespace,
            ["automountServiceAccountToken": false]
        )
        let own: JSON = [
            "kind": "ServiceAccount", "name": .string(Self.account(of: role)),
            "namespace": .string(Self.namespace),
        ]
        let groups: [JSON] = grants.filter { $0.role == role }.map(\.group).sorted().map {
            ["apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": .string($0)]
        }
        let subjects = JSON.array([own] + groups)
        return [
            account,
            Self.binding(Self.account(of: role), to: Self.role(of: role), subjects),
            Self.binding("\(Self.account(of: role))-overview", to: Self.overviewName, subjects),
        ]
    }

    /// The role of Kubernetes that ours stands for; none of the first two reads or grants roles.
    private static func role(of role: ClusterRole) -> String {
        switch role {
        case .viewer: "view"
        case .developer: "edit"
        case .admin: "cluster-admin"
        }
    }

    private static let overviewName = "slipway-overview"

    /// What Kubernetes' own roles for namespaces leave out, and `kubectl` users look at first.
    private static let overview: JSON = {
        var rules: [JSON] = []
        for (group, resources) in [
            ("", ["namespaces", "nodes", "persistentvolumes"]),
            ("storage.k8s.io", ["storageclasses"]),
            ("apiextensions.k8s.io", ["customresourcedefinitions"]),
        ] {
            rules.append([
                "apiGroups": [.string(group)],
                "resources": .array(resources.map { .string($0) }),
                "verbs": ["get", "list", "watch"],
            ])
        }
        return object(rbac, "ClusterRole", overviewName, ["rules": .array(rules)])
    }()

    private static let rbac = "rbac.authorization.k8s.io/v1"

    private static func binding(_ name: String, to role: String, _ subjects: JSON) -> JSON {
        object(
            rbac,
            "ClusterRoleBinding",
            name,
            [
                "roleRef": [
                    "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole",
                    "name": .string(role),
                ],
                "subjects": subjects,
            ]
        )
    }

    private static func object(
        _ version: String,
        _ kind: String,
        _ name: String,
        in namespace: String? = nil,
        _ members: JSON = [:]
    ) -> JSON {
        var metadata = JSONObject()
        metadata["name"] = .string(name)
        if let namespace { metadata["namespace"] = .string(namespace) }
        metadata["labels"] = ["app.kubernetes.io/managed-by": "slipway"]
        var object = JSONObject()
        object["apiVersion"] = .string(version)
        object["kind"] = .string(kind)
        object["metadata"] = .object(metadata)
        for member in members.object ?? JSONObject() { object[member.key] = member.value }
        return .object(object)
    }
}
