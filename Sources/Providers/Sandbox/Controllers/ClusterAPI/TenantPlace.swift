import JSON
import Secrets

/// The sandbox cluster that a tenant gets, and the way to it.
struct TenantPlace {
    /// How long an admin's kubeconfig is good for, as kubeadm has it: a year.
    private static let validity = Duration.seconds(365 * 24 * 3_600)
    /// Where Flux stands in every tenant cluster.
    private static let flux = "flux-system"
    /// On what stands for a cluster: where its API is served.
    static let address = "sandbox.slipway.dev/address"
    private static let about = "sandbox.slipway.dev/about"

    let scene: Scene
    /// What the sandbox cluster is called.
    let name: String

    var cluster: SandboxCluster { scene.other(name) }

    /// Makes the cluster with what every cluster runs; nothing where it is there.
    func make() async throws(SandboxStatus) {
        try await cluster.make()
        let part = ["app.kubernetes.io/part-of": "flux"]
        try await scene.make(.manifest("v1", "Namespace", Self.flux, labels: part), in: cluster)
        try await scene.make(.manifest("v1", "Namespace", "velero"), in: cluster)
        try await scene.make(Self.credentials, in: cluster)
        try await scene.make(Self.storage, in: cluster)
        try await scene.make(Self.deployment("coredns", in: "kube-system"), in: cluster)
    }

    /// What `flux bootstrap` leaves for the tenant's repository; the sandbox reads it without.
    private static let credentials = JSON.manifest(
        "v1",
        "Secret",
        flux,
        in: flux,
        annotations: [about: "Nobody asks for it: the sandbox reads repositories by itself."],
        ["stringData": ["username": "sandbox", "password": "none"]]
    )

    private static let storage = JSON.manifest(
        "storage.k8s.io/v1",
        "StorageClass",
        "sandbox",
        annotations: ["storageclass.kubernetes.io/is-default-class": "true"],
        ["provisioner": "sandbox.slipway.dev/nothing"]
    )

    /// A Deployment that only shows that there is life.
    static func deployment(
        _ name: String,
        in namespace: String,
        replicas: Int = 1,
        image: String? = nil
    ) -> JSON {
        let labels: JSON = ["app.kubernetes.io/name": .string(name)]
        let image = JSON.string(image ?? "sandbox/\(name)")
        let spec: JSON = ["containers": [["name": .string(name), "image": image]]]
        return .manifest(
            "apps/v1",
            "Deployment",
            name,
            in: namespace,
            annotations: [about: "Played by Slipway's sandbox."],
            [
                "metadata": ["labels": labels],
                "spec": [
                    "replicas": .integer(replicas), "selector": ["matchLabels": labels],
                    "template": ["metadata": ["labels": labels], "spec": spec],
                ],
            ]
        )
    }

    /// The Secret with an admin's kubeconfig is there, and the cluster that it leads to.
    func secret(
        _ key: SandboxKey,
        entry: String,
        type: String = "Opaque",
        labels: [String: String] = [:],
        owner: SandboxObject? = nil
    ) async throws(SandboxStatus) {
        if try await scene.cluster.get(key)?.json["data"]?[entry] != nil { return }
        try await make()
        let token = cluster.adminToken(validFor: Self.validity)
        let kubeconfig = cluster.kubeconfig(token: token, forPeople: false)
        var data: JSONObject = [entry: .string(Base64.encode(kubeconfig))]
        if entry == "config" { data["token"] = .string(Base64.encode(Array(token.utf8))) }
        let secret = JSON.manifest(
            "v1",
            "Secret",
            key.name,
            in: key.namespace,
            labels: labels,
            owner: owner?.reference(),
            ["type": .string(type), "data": .object(data)]
        )
        try await scene.cluster.apply(secret, as: scene.manager)
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
            if let match = missing.removeValue(forKey: node.name) {
                try await report(match, at: node.key)
            } else {
                try await cluster.delete(node.key, uid: node.uid)
            }
        }
        for (name, node) in missing.sorted(by: { $0.key < $1.key }) {
            let usual = [
                "kubernetes.io/hostname": name, "kubernetes.io/os": "linux",
                "kubernetes.io/arch": "amd64",
            ]
            let labels = node.labels.merging(usual) { own, _ in own }
            let id: JSON = ["providerID": .string("sandbox://\(self.name)/\(name)")]
            try await scene.make(
                .manifest("v1", "Node", name, labels: labels, ["spec": id]),
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
            let ready = Fact("Ready", node.isReady, "KubeletReady", or: "KubeletNotReady")
            object.state([ready], at: scene.now)
        }
    }
}
