import Domain
import JSON
import Secrets

/// The sandbox cluster that a tenant gets, and the way to it.
struct TenantPlace {
    /// How long an admin's kubeconfig is good for, as kubeadm has it: a year.
    private static let validity = Duration.seconds(365 * 24 * 3_600)
    /// Where Flux stands in every tenant cluster.
    private static let fluxNamespace = "flux-system"

    let scene: Scene
    /// What the sandbox cluster is called.
    let name: String

    var cluster: SandboxCluster { scene.other(name) }

    /// Makes the cluster with what every cluster runs; nothing where it is there.
    func make() async throws(SandboxStatus) {
        try await cluster.make()
        try await scene.make(
            [
                "apiVersion": "v1", "kind": "Namespace",
                "metadata": [
                    "name": .string(Self.fluxNamespace),
                    "labels": ["app.kubernetes.io/part-of": "flux"],
                ],
            ],
            in: cluster
        )
        try await scene.make(Self.credentials, in: cluster)
        try await scene.make(
            [
                "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
                "metadata": [
                    "name": "sandbox",
                    "annotations": ["storageclass.kubernetes.io/is-default-class": "true"],
                ],
                "provisioner": "sandbox.slipway.dev/nothing",
            ],
            in: cluster
        )
        try await scene.make(Self.deployment("coredns", in: "kube-system"), in: cluster)
    }

    /// What `flux bootstrap` leaves for the tenant's repository; the sandbox reads it without.
    private static var credentials: JSON {
        [
            "apiVersion": "v1", "kind": "Secret",
            "metadata": [
                "name": .string(fluxNamespace), "namespace": .string(fluxNamespace),
                "annotations": [
                    "sandbox.slipway.dev/about":
                        "Nobody asks for it: the sandbox reads the repositories by itself."
                ],
            ],
            "stringData": ["username": "sandbox", "password": "none"],
        ]
    }

    /// A Deployment that only shows that there is life.
    static func deployment(
        _ name: String,
        in namespace: String,
        replicas: Int = 1,
        image: String? = nil,
        labels: [String: String] = [:]
    ) -> JSON {
        var all: JSONObject = ["app.kubernetes.io/name": .string(name)]
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) { all[key] = .string(value) }
        return [
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": [
                "name": .string(name), "namespace": .string(namespace), "labels": .object(all),
                "annotations": ["sandbox.slipway.dev/about": "Played by Slipway's sandbox."],
            ],
            "spec": [
                "replicas": .integer(replicas),
                "selector": ["matchLabels": ["app.kubernetes.io/name": .string(name)]],
                "template": [
                    "metadata": ["labels": .object(all)],
                    "spec": [
                        "containers": [
                            ["name": .string(name), "image": .string(image ?? "sandbox/\(name)")]
                        ]
                    ],
                ],
            ],
        ]
    }

    /// The Secret with an admin's kubeconfig is there, and the cluster that it leads to.
    func secret(
        _ key: SandboxKey,
        entry: String,
        type: String = "Opaque",
        labels: [String: String] = [:],
        owner: SandboxObject? = nil
    ) async throws(SandboxStatus) {
        if let secret = try await scene.cluster.get(key), secret.json["data"]?[entry] != nil {
            return
        }
        try await make()
        let token = cluster.adminToken(validFor: Self.validity)
        let kubeconfig = cluster.kubeconfig(token: token, forPeople: false)
        var metadata: JSONObject = [
            "name": .string(key.name), "namespace": .string(key.namespace ?? ""),
        ]
        var all = JSONObject()
        for (label, value) in labels.sorted(by: { $0.key < $1.key }) { all[label] = .string(value) }
        metadata["labels"] = all.isEmpty ? nil : .object(all)
        metadata["ownerReferences"] = owner.map { [$0.reference()] }
        var data: JSONObject = [entry: .string(Base64.encode(kubeconfig))]
        if entry == "config" { data["token"] = .string(Base64.encode(Array(token.utf8))) }
        try await scene.cluster.apply(
            [
                "apiVersion": "v1", "kind": "Secret", "metadata": .object(metadata),
                "type": .string(type), "data": .object(data),
            ],
            as: scene.manager
        )
    }

    /// A node for every machine that has become one, and for every one of a pool.
    func nodes(of family: ClusterFamily) async throws(SandboxStatus) {
        var wanted: [String: Node] = [:]
        for machine in family.machines where machine.status["nodeRef"] != nil {
            var node = Node(version: machine.version ?? "v1.34.0")
            node.isReady = machine.isRunningMachine
            node.labels = machine.labels.filter { label in
                ["node-role.kubernetes.io/", "node.cluster.x-k8s.io/", "node-restriction"]
                    .contains { label.key.hasPrefix($0) }
            }
            if machine.labels[ClusterMark.controlPlane] != nil {
                node.labels["node-role.kubernetes.io/control-plane"] = ""
            }
            wanted[machine.name] = node
        }
        for pool in family.pools {
            let version = pool.spec["template"]?["spec"]?["version"]?.string
            for reference in pool.status["nodeRefs"]?.array ?? [] {
                guard let name = reference["name"]?.string else { continue }
                let usual = family.controlPlane?.version ?? "v1.34.0"
                wanted[name] = Node(version: version ?? usual)
            }
        }
        try await keep(wanted)
    }

    /// One node of a cluster.
    struct Node {
        var version: String
        var isReady = true
        var labels: [String: String] = [:]
    }

    /// Those nodes are there, no others.
    func keep(_ wanted: [String: Node]) async throws(SandboxStatus) {
        var missing = wanted
        for node in try await cluster.list(.node) {
            guard let match = missing.removeValue(forKey: node.name) else {
                try await cluster.delete(node.key, uid: node.uid)
                continue
            }
            try await report(match, at: node.key)
        }
        for (name, node) in missing.sorted(by: { $0.key < $1.key }) {
            var labels: JSONObject = [
                "kubernetes.io/hostname": .string(name), "kubernetes.io/os": "linux",
                "kubernetes.io/arch": "amd64",
            ]
            for (key, value) in node.labels.sorted(by: { $0.key < $1.key }) {
                labels[key] = .string(value)
            }
            try await scene.make(
                [
                    "apiVersion": "v1", "kind": "Node",
                    "metadata": ["name": .string(name), "labels": .object(labels)],
                    "spec": ["providerID": .string("sandbox://\(self.name)/\(name)")],
                ],
                in: cluster
            )
            try await report(node, at: SandboxKey(.node, name))
        }
    }

    private func report(_ node: Node, at key: SandboxKey) async throws(SandboxStatus) {
        try await cluster.updateStatus(key, as: "kubelet") { object in
            object.status["nodeInfo"] = [
                "kubeletVersion": .string(node.version), "osImage": "Slipway sandbox",
                "kernelVersion": "none", "containerRuntimeVersion": "sandbox://1",
                "architecture": "amd64", "operatingSystem": "linux",
            ]
            object.status["capacity"] = ["cpu": "8", "memory": "32Gi", "pods": "110"]
            object.status["allocatable"] = object.status["capacity"]
            object.status["addresses"] = [["type": "InternalIP", "address": "192.168.0.10"]]
            object.setCondition(
                "Ready",
                node.isReady,
                reason: node.isReady ? "KubeletReady" : "KubeletNotReady",
                at: scene.now
            )
        }
    }
}
