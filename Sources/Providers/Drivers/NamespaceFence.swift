package import Contract
package import Domain
package import JSON

/// What keeps the pods of one namespace away from those of the others and within their share.
///
/// The order matters: a quota refuses pods that ask for nothing, so the defaults come first.
package struct NamespaceFence: Sendable {
    /// How much pods may ask of the node, in the levels of Pod Security.
    package enum Security: String, Sendable {
        case privileged, baseline, restricted
    }

    /// What the platform itself runs inside the namespace, on top of the tenant's quota.
    package struct Share: Sendable {
        let cpu: Quantity
        let memory: Quantity
        let memoryLimit: Quantity
        let storage: Quantity
        let pods: Int
        let loadBalancers: Int

        /// Nothing.
        package static let none = Share(
            cpu: Quantity(thousandths: 0),
            memory: Quantity(thousandths: 0),
            memoryLimit: Quantity(thousandths: 0),
            storage: Quantity(thousandths: 0),
            pods: 0,
            loadBalancers: 0
        )

        /// A share of these parts.
        package init(
            cpu: Quantity,
            memory: Quantity,
            memoryLimit: Quantity,
            storage: Quantity,
            pods: Int,
            loadBalancers: Int
        ) {
            self.cpu = cpu
            self.memory = memory
            self.memoryLimit = memoryLimit
            self.storage = storage
            self.pods = pods
            self.loadBalancers = loadBalancers
        }
    }

    /// The name of the limits and of the quota.
    package static let name = "slipway"
    /// Bears it: the policies of `deploy/management-cluster.yaml` look where it is.
    package static let label = "slipway.dev/fenced"

    let wish: ClusterWish
    let security: Security
    let share: Share

    /// The fence of the cluster's namespace.
    package init(wish: ClusterWish, security: Security, share: Share = .none) {
        self.wish = wish
        self.security = security
        self.share = share
    }

    /// The namespace, with the level of Pod Security, and marked as one where tenants work.
    package func namespace(annotations: JSON? = nil) -> JSON {
        Self.namespace(
            wish.namespace,
            of: wish,
            security: security,
            labels: [Self.label: "true"],
            annotations: annotations
        )
    }

    /// A namespace of a cluster with a level of Pod Security.
    package static func namespace(
        _ name: String,
        of wish: ClusterWish,
        security: Security,
        labels marks: JSONObject = [:],
        annotations: JSON? = nil
    ) -> JSON {
        var labels = wish.labels.object ?? JSONObject()
        for mark in marks { labels[mark.key] = mark.value }
        for level in ["enforce", "audit", "warn"] {
            let word = level == "enforce" ? security : .restricted
            labels["pod-security.kubernetes.io/\(level)"] = .string(word.rawValue)
            labels["pod-security.kubernetes.io/\(level)-version"] = "latest"
        }
        return [
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": .members([
                "name": .string(name),
                "labels": .object(labels),
                "annotations": annotations,
            ]),
        ]
    }

    /// Everything but the namespace, in the order in which it is applied.
    ///
    /// - Throws: `.refused` where a number of the quota is none.
    package func objects() throws(ProviderFault) -> [JSON] {
        [limits, try quota(), priority] + policies + [account]
    }

    /// What a container gets that asks for nothing; no CPU limit, because that only slows down.
    private var limits: JSON {
        [
            "apiVersion": "v1",
            "kind": "LimitRange",
            "metadata": wish.metadata(Self.name),
            "spec": [
                "limits": [
                    [
                        "type": "Container",
                        "default": ["memory": "512Mi"],
                        "defaultRequest": ["cpu": "100m", "memory": "128Mi"],
                    ]
                ]
            ],
        ]
    }

    /// The account that pods have who name none: without a token.
    private var account: JSON {
        [
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": wish.metadata("default"),
            "automountServiceAccountToken": false,
        ]
    }
}
