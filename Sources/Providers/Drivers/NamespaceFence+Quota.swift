import Contract
import Domain
import JSON

extension NamespaceFence {
    func quota() throws(ProviderFault) -> JSON {
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
        for kind in Self.largeObjects { set(kind, Self.largeObjectsMax) }
        for kind in Self.smallObjects { set(kind, Self.smallObjectsMax) }
        set("count/replicasets.apps", Self.largeObjectsMax * Self.replicaSetsOfDeployment)
        return hard
    }

    /// Ports that one load balancer takes of its nodes at most; they count as node ports.
    private static var portsOfLoadBalancer: Int { 8 }
    /// What a deployment keeps: ten to go back to, the one that runs and the one to come.
    private static var replicaSetsOfDeployment: Int { 12 }
    /// The most of each kind that brings others about or is looked at by a controller.
    private static var largeObjectsMax: Int { 100 }
    /// The most of each kind that only weighs on the database of the cluster.
    private static var smallObjectsMax: Int { 200 }

    private static let smallObjects = ["count/configmaps", "count/secrets"]
    /// With the small ones, all that a role of tenants may make.
    ///
    /// Of kinds that the management cluster does not serve nothing is counted.
    private static let largeObjects = [
        "count/cronjobs.batch", "count/daemonsets.apps", "count/deployments.apps",
        "count/grpcroutes.gateway.networking.k8s.io",
        "count/horizontalpodautoscalers.autoscaling",
        "count/httproutes.gateway.networking.k8s.io",
        "count/ingresses.networking.k8s.io", "count/jobs.batch",
        "count/leases.coordination.k8s.io", "count/poddisruptionbudgets.policy",
        "count/rolebindings.rbac.authorization.k8s.io", "count/roles.rbac.authorization.k8s.io",
        "count/serviceaccounts", "count/statefulsets.apps",
        "count/tlsroutes.gateway.networking.k8s.io", "persistentvolumeclaims", "services",
    ]
}

extension NamespaceFence {
    /// No pods of the classes that push away everybody else's, those of the platform too.
    ///
    /// Which other classes tenants may use is for a policy: nobody knows here what they are worth.
    var priority: JSON {
        [
            "apiVersion": "v1",
            "kind": "ResourceQuota",
            "metadata": wish.metadata("\(Self.name)-priority"),
            "spec": [
                "hard": ["pods": "0"],
                "scopeSelector": [
                    "matchExpressions": [
                        [
                            "scopeName": "PriorityClass",
                            "operator": "In",
                            "values": ["system-cluster-critical", "system-node-critical"],
                        ]
                    ]
                ],
            ],
        ]
    }
}
