import JSON
import YAML

/// The chart `vcluster` as it stands in a namespace, whoever installed it.
struct VirtualClusterChart {
    /// On the `kube-system` of a virtual cluster: `<namespace>/<release>` of its host.
    static let host = "sandbox.slipway.dev/host"
    /// On what was installed: kind, namespace and name of what installed it.
    static let installer = "sandbox.slipway.dev/installer"
    /// What the API server of a virtual cluster plays while its control plane does not run.
    static let asleep = SandboxKey(.fault, "control-plane-does-not-run")

    private static let system = SandboxKey(.namespace, "kube-system")
    private static let ports: JSON = [
        ["name": "https", "port": 443, "targetPort": 8443, "protocol": "TCP"]
    ]

    let scene: Scene
    /// The release: StatefulSet, Service and virtual cluster are named by it.
    let name: String
    let namespace: String
    let version: String
    let values: JSON
    /// Who installed it.
    let installer: SandboxObject

    var setKey: SandboxKey { SandboxKey(.statefulSet, namespace, name) }
    private var secretKey: SandboxKey { SandboxKey(.secret, namespace, "vc-\(name)") }
    private var tenant: TenantPlace { TenantPlace(scene: scene, name: name) }

    /// Values as YAML; those that are none leave the chart's own.
    static func values(_ text: JSON?) -> JSON {
        let written = try? YAML.parse(Array((text?.string ?? "").utf8))  // No YAML: no values.
        return written?.object == nil ? [:] : written ?? [:]
    }

    /// Installs or upgrades it; what was scaled by hand stays so.
    func install() async throws(SandboxStatus) {
        let image = JSON.string("ghcr.io/loft-sh/vcluster-oss:\(version)")
        let kubernetes = JSON.string("ghcr.io/loft-sh/kubernetes:\(kubernetesVersion)")
        let pod: JSON = [
            "initContainers": [["name": "kubernetes", "image": kubernetes]],
            "containers": [["name": "syncer", "image": image]],
        ]
        if try await scene.cluster.get(setKey) == nil {
            try await scene.make(statefulSet(pod))
        } else {
            try await scene.cluster.update(setKey, as: scene.manager) { set in
                let patch: JSON = ["spec": pod]
                set.spec["template"] = set.spec["template"]?.merging(patch: patch)
            }
        }
        let type = values["controlPlane"]?["service"]?["spec"]?["type"] ?? "ClusterIP"
        try await apply("v1", "Service", name, ["type": type, "ports": Self.ports])
        let headless: JSON = ["clusterIP": "None", "ports": Self.ports]
        try await apply("v1", "Service", "\(name)-headless", headless)
        try await policies()
    }

    /// Keeps the virtual cluster in step with its control plane; whether that runs.
    func follow() async throws(SandboxStatus) -> Bool {
        guard let set = try await scene.cluster.get(setKey) else { return false }
        guard set.wantedReplicas > 0, set.status["readyReplicas"]?.int ?? 0 > 0 else {
            try await silence()
            return false
        }
        try await tenant.make()
        try await tenant.cluster.update(Self.system, as: scene.manager) {
            $0.setAnnotation(Self.host, "\(namespace)/\(name)")
        }
        try await tenant.keep(["sandbox-node": TenantPlace.Node(version: kubernetesVersion)])
        if try await tenant.cluster.get(Self.asleep) != nil {
            try await tenant.cluster.delete(Self.asleep)
            let synced = SyncedPod(host: scene.cluster, namespace: namespace, release: name)
            for pod in try await tenant.cluster.list(.pod) {
                try await synced.put(pod, scene)
            }
        }
        let labels = ["app": "vcluster", "vcluster-name": name]
        try await tenant.secret(secretKey, entry: "config", labels: labels)
        return true
    }

    /// While the control plane does not run, its API server does not answer.
    private func silence() async throws(SandboxStatus) {
        let cluster = tenant.cluster
        guard try await cluster.get(Self.system) != nil,
            try await cluster.get(Self.asleep) == nil
        else { return }
        let message: JSON = "the control plane of the virtual cluster does not run"
        let spec: JSON = ["target": "api", "kind": "unavailable", "message": message]
        let version = "sandbox.slipway.dev/v1"
        let fault = JSON.manifest(version, "Fault", Self.asleep.name, ["spec": spec])
        try await scene.make(fault, in: cluster)
    }

    /// Takes it away; a retained volume keeps the virtual cluster's objects for the next of the
    /// name.
    func uninstall() async throws(SandboxStatus) {
        for kind in [
            SandboxKind.statefulSet, .service, .quota, SandboxKind("LimitRange"),
            SandboxKind("networking.k8s.io", "NetworkPolicy"),
        ] {
            for object in try await scene.cluster.list(kind, namespace: namespace)
            where object.annotations[Self.installer] == Self.mark(of: installer) {
                try await scene.cluster.delete(object.key, uid: object.uid)
            }
        }
        for pod in try await scene.cluster.list(.pod, namespace: namespace)
        where pod.labels[SyncedPod.label] == name {
            try await scene.cluster.delete(pod.key, uid: pod.uid)
        }
        try await scene.cluster.delete(secretKey)
        if retention == "Retain" { return try await silence() }
        try await scene.cluster.delete(SandboxKey(.claim, namespace, "data-\(name)-0"))
        try await tenant.cluster.remove()
    }

    private var retention: String {
        let claim = values["controlPlane"]?["statefulSet"]?["persistence"]?["volumeClaim"]
        return claim?["retentionPolicy"]?.string ?? "Retain"
    }

    /// What names an installer.
    static func mark(of object: SandboxObject) -> String {
        "\(object.kindName ?? "") \(object.namespace ?? "") \(object.name)"
    }

    /// What installed an object, if it is of that kind.
    static func key(ofInstaller object: SandboxObject, _ kind: SandboxKind) -> SandboxKey? {
        let parts = object.annotations[installer]?
            .split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard let parts, parts.count == 3, parts[0] == kind.name else { return nil }
        return SandboxKey(kind, parts[1], parts[2])
    }

    /// The Kubernetes that its values ask for, or what the chart brings.
    var kubernetesVersion: String {
        values["controlPlane"]?["distro"]?["k8s"]?["image"]?["tag"]?.string ?? "v1.34.0"
    }

    private func manifest(
        _ apiVersion: String,
        _ kind: String,
        _ name: String,
        _ spec: JSON
    ) -> JSON {
        .manifest(
            apiVersion,
            kind,
            name,
            in: namespace,
            labels: ["app": "vcluster", "release": self.name, "heritage": "Helm"],
            annotations: [
                Self.installer: Self.mark(of: installer),
                TenantPlace.address: tenant.cluster.url,
            ],
            ["spec": spec]
        )
    }

    private func apply(
        _ apiVersion: String,
        _ kind: String,
        _ name: String,
        _ spec: JSON
    ) async throws(SandboxStatus) {
        let object = manifest(apiVersion, kind, name, spec)
        try await scene.cluster.apply(object, as: scene.manager)
    }

    private func statefulSet(_ pod: JSON) -> JSON {
        let control = values["controlPlane"]?["statefulSet"]
        let selector: JSON = ["app": "vcluster", "release": .string(name)]
        let size = control?["persistence"]?["volumeClaim"]?["size"] ?? "5Gi"
        let claim: JSON = [
            "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": size]],
        ]
        let spec: JSON = [
            "replicas": control?["highAvailability"]?["replicas"] ?? 1,
            "serviceName": .string("\(name)-headless"), "selector": ["matchLabels": selector],
            "persistentVolumeClaimRetentionPolicy": ["whenDeleted": .string(retention)],
            "template": ["metadata": ["labels": selector], "spec": pod],
            "volumeClaimTemplates": [["metadata": ["name": "data"], "spec": claim]],
        ]
        return manifest("apps/v1", "StatefulSet", name, spec)
    }

    /// Quota, limits and network policies of the host namespace, where the values ask for them.
    private func policies() async throws(SandboxStatus) {
        func policy(_ part: String) -> JSON? {
            let policy = values["policies"]?[part]
            return policy?["enabled"] == true || policy?["enabled"] == "true" ? policy : nil
        }
        if let quota = policy("resourceQuota") {
            let hard = quota["quota"] ?? [:]
            try await apply("v1", "ResourceQuota", "vc-\(name)", ["hard": hard])
        }
        if let range = policy("limitRange") {
            var limit: JSONObject = ["type": "Container"]
            limit["default"] = range["default"]
            limit["defaultRequest"] = range["defaultRequest"]
            try await apply("v1", "LimitRange", "vc-\(name)", ["limits": [.object(limit)]])
        }
        guard policy("networkPolicy") != nil else { return }
        let spec: JSON = ["podSelector": [:], "policyTypes": ["Egress", "Ingress"]]
        for part in ["work", "cp"] {
            try await apply("networking.k8s.io/v1", "NetworkPolicy", "vc-\(part)-\(name)", spec)
        }
    }
}
