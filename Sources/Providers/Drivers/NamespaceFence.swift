package import Contract
package import Domain
package import JSON

/// What keeps the pods of one namespace away from those of the others and within their share.
///
/// The order matters: a quota refuses pods that ask for nothing, so the defaults come first.
package struct NamespaceFence: Sendable {
    /// How much pods may ask of the node, in the levels of Pod Security.
    package enum Security: String, Sendable {
        case baseline, restricted
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
    /// The most secrets, and the most config maps: each weighs on the database of the cluster.
    static let smallObjectsMax = 200
    /// The most services, claims, jobs and scheduled jobs, each for itself.
    static let largeObjectsMax = 100
    /// Ports that one load balancer takes of its nodes at most; they count as node ports.
    static let portsOfLoadBalancer = 8

    let wish: ClusterWish
    let security: Security
    let share: Share

    /// The fence of the cluster's namespace.
    package init(wish: ClusterWish, security: Security, share: Share = .none) {
        self.wish = wish
        self.security = security
        self.share = share
    }

    /// The namespace, with the level of Pod Security.
    package func namespace(annotations: JSON? = nil) -> JSON {
        Self.namespace(of: wish, security: security, annotations: annotations)
    }

    /// The namespace of a cluster with a level of Pod Security.
    package static func namespace(
        of wish: ClusterWish,
        security: Security,
        annotations: JSON? = nil
    ) -> JSON {
        var labels = wish.labels.object ?? JSONObject()
        for level in ["enforce", "audit", "warn"] {
            let word = level == "enforce" ? security : .restricted
            labels["pod-security.kubernetes.io/\(level)"] = .string(word.rawValue)
            labels["pod-security.kubernetes.io/\(level)-version"] = "latest"
        }
        return [
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": .members([
                "name": .string(wish.namespace),
                "labels": .object(labels),
                "annotations": annotations,
            ]),
        ]
    }

    /// Everything but the namespace, in the order in which it is applied.
    ///
    /// - Throws: `.refused` where a number of the quota is none.
    package func objects() throws(ProviderFault) -> [JSON] {
        [limits, try quota()] + policies + [account]
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

extension NamespaceFence {
    private func quota() throws(ProviderFault) -> JSON {
        let quota = wish.cluster.spec.quota
        var wrong: [String] = []
        func read(_ text: String, _ name: String) -> Quantity {
            if let quantity = Quantity(text) { return quantity }
            wrong.append("\(name) is no quantity of Kubernetes such as 500m or 16Gi")
            return Quantity(thousandths: 0)
        }
        func total(_ sum: Quantity?, _ name: String) -> Quantity {
            if let sum { return sum }
            wrong.append("\(name) is larger than any cluster")
            return Quantity(thousandths: 0)
        }
        let memory = read(quota.memory, "quota.memory")
        let cpu = total(read(quota.cpu, "quota.cpu").adding(share.cpu), "quota.cpu")
        let requests = total(memory.adding(share.memory), "quota.memory")
        // For a while pods may use twice what they asked for.
        let limits = total(memory.times(2)?.adding(share.memoryLimit), "quota.memory")
        let storage = total(
            read(quota.storage, "quota.storage").adding(share.storage),
            "quota.storage"
        )
        guard quota.pods >= 0, quota.loadBalancers >= 0, quota.pods <= Self.countMax,
            quota.loadBalancers <= Self.countMax
        else {
            throw .refused(reason: "quota.pods and quota.loadBalancers are 0 to \(Self.countMax)")
        }
        guard wrong.isEmpty else { throw .refused(reason: wrong.joined(separator: "; ")) }
        let hard: JSON = [
            "requests.cpu": .string(cpu.decimal),
            "requests.memory": .string(requests.binary),
            "limits.memory": .string(limits.binary),
            "requests.storage": .string(storage.binary),
        ]
        return [
            "apiVersion": "v1",
            "kind": "ResourceQuota",
            "metadata": wish.metadata(Self.name),
            "spec": ["hard": .object(counted(hard.object ?? JSONObject()))],
        ]
    }

    /// The most pods, and the most load balancers, of one namespace.
    private static var countMax: Int { 100_000 }

    private func counted(_ amounts: JSONObject) -> JSONObject {
        let quota = wish.cluster.spec.quota
        let loadBalancers = quota.loadBalancers + share.loadBalancers
        var hard = amounts
        func set(_ key: String, _ count: Int) { hard[key] = .string("\(count)") }
        set("pods", quota.pods + share.pods)
        set("services.loadbalancers", loadBalancers)
        set("services.nodeports", loadBalancers * Self.portsOfLoadBalancer)
        set("persistentvolumeclaims", Self.largeObjectsMax)
        set("services", Self.largeObjectsMax)
        set("count/secrets", Self.smallObjectsMax)
        set("count/configmaps", Self.smallObjectsMax)
        set("count/jobs.batch", Self.largeObjectsMax)
        set("count/cronjobs.batch", Self.largeObjectsMax)
        return hard
    }
}
