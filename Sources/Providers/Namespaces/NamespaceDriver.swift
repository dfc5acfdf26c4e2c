package import Contract
package import Domain
import Drivers
import JSON

/// The driver of namespaces: a fenced namespace of the management cluster, and beside it one that
/// nobody is let into, with the accounts that act in the first.
///
/// Whoever runs pods in a namespace can use its accounts and reads what pods may mount.
package struct NamespaceDriver: ClusterDriver {
    /// The account as which the platform repository is applied to the namespace.
    package static let account = PlatformConnection.account
    /// The account whose tokens are handed out for a role.
    package static func account(of role: ClusterRole) -> String { "slipway-\(role.rawValue)" }

    /// How long the namespace and its fence may take.
    package static let deadline = Duration.seconds(5 * 60)

    /// The driver; it has no state.
    package init() {}

    /// Namespaces.
    package var kind: ClusterKind { .namespace }

    /// The namespace with its fence, who may do what in it, and the platform repository.
    package func manifests(for wish: ClusterWish) throws(ProviderFault) -> [Manifest] {
        try set(for: wish).manifests
    }

    /// None: a namespace is used through the management cluster.
    package func kubeconfigSecret(for wish: ClusterWish) -> SecretKey? { nil }

    /// The namespace, its fence, and the platform repository.
    package func watched(in features: ManagementFeatures) -> [WatchedKind] {
        [
            WatchedKind(group: "", kind: "Namespace"),
            WatchedKind(group: "", kind: "ResourceQuota"),
            WatchedKind(group: "", kind: "LimitRange"),
            WatchedKind(group: "networking.k8s.io", kind: "NetworkPolicy"),
            WatchedKind(group: "rbac.authorization.k8s.io", kind: "RoleBinding"),
        ] + PlatformConnection.watched(in: features)
    }

    /// The namespace is the root: what runs in it is gone before its fence is.
    func set(for wish: ClusterWish) throws(ProviderFault) -> ManifestSet {
        var set = ManifestSet()
        let fence = NamespaceFence(wish: wish, security: .restricted)
        set.add(fence.namespace(annotations: wish.rootAnnotations), as: .root)
        set.add(try fence.objects())
        let beside = wish.cluster.slug.accessNamespace
        set.add(NamespaceFence.namespace(beside, of: wish, security: .restricted), as: .namespace)
        set.add(access(for: wish))
        let place = PlatformConnection.Place.namespace(account: Self.account)
        if let platform = try PlatformConnection(wish: wish, place: place) {
            set.add(platform.objects)
        }
        return set
    }

    /// Who may do what: for each role an account, from which short-lived tokens are made, and the
    /// groups of people; and the platform repository.
    private func access(for wish: ClusterWish) -> [JSON] {
        var objects = ClusterRole.allCases.flatMap { role -> [JSON] in
            let name = Self.account(of: role)
            let groups = Set(wish.cluster.spec.access.filter { $0.role == role }.map(\.group))
            let people = groups.sorted().map { group -> JSON in
                [
                    "apiGroup": "rbac.authorization.k8s.io",
                    "kind": "Group",
                    "name": .string(group),
                ]
            }
            return [
                account(name, of: wish),
                binding(name, to: role, subjects: [subject(name, of: wish)] + people, of: wish),
            ]
        }
        guard wish.platform != nil else { return objects }
        objects.append(account(Self.account, of: wish))
        objects.append(
            binding(
                "slipway-platform",
                to: .admin,
                subjects: [subject(Self.account, of: wish)],
                of: wish
            )
        )
        return objects
    }

    private func account(_ name: String, of wish: ClusterWish) -> JSON {
        [
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": wish.metadata(name, in: wish.cluster.slug.accessNamespace),
            "automountServiceAccountToken": false,
        ]
    }

    private func subject(_ account: String, of wish: ClusterWish) -> JSON {
        [
            "kind": "ServiceAccount",
            "name": .string(account),
            "namespace": .string(wish.cluster.slug.accessNamespace),
        ]
    }

    private func binding(
        _ name: String,
        to role: ClusterRole,
        subjects: [JSON],
        of wish: ClusterWish
    ) -> JSON {
        [
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "RoleBinding",
            "metadata": wish.metadata(name),
            "roleRef": [
                "apiGroup": "rbac.authorization.k8s.io",
                "kind": "ClusterRole",
                "name": .string(TenantRoles.name(role)),
            ],
            "subjects": .array(subjects),
        ]
    }
}
