import Domain
import JSON

/// The chart `vcluster` as it stands in a namespace, whoever installed it.
struct VirtualClusterChart {
    /// On the `kube-system` of a virtual cluster: `<namespace>/<release>` of its host.
    static let host = "sandbox.slipway.dev/host"
    /// On what was installed: kind, namespace and name of what installed it.
    static let installer = "sandbox.slipway.dev/installer"
    /// What the API server of a virtual cluster plays while its control plane does not run.
    static let asleep = SandboxKey(.fault, "control-plane-does-not-run")

    let scene: Scene
    /// The release: StatefulSet, Service and virtual cluster are named by it.
    let name: String
    let namespace: String
    let version: String
    let values: JSON
    /// Who installed it.
    let installer: SandboxObject

    private var setKey: SandboxKey { SandboxKey(.statefulSet, namespace, name) }
    private var claimKey: SandboxKey { SandboxKey(.claim, namespace, "data-\(name)-0") }
    private var secretKey: SandboxKey { SandboxKey(.secret, namespace, "vc-\(name)") }
    private var tenant: TenantPlace { TenantPlace(scene: scene, name: name) }

    /// Installs or upgrades it; what was scaled by hand stays so.
    func install() async throws(SandboxStatus) {
        let control = values["controlPlane"]
        if try await scene.cluster.get(setKey) == nil {
            try await scene.make(statefulSet, in: scene.cluster)
        } else {
            let image = self.image
            try await scene.cluster.update(setKey, as: scene.manager) { set in
                let patch: JSON = ["spec": ["containers": [["name": "syncer", "image": image]]]]
                set.spec["template"] = (set.spec["template"] ?? [:]).merging(patch: patch)
            }
        }
        let type = control?["service"]?["spec"]?["type"] ?? "ClusterIP"
        try await apply("v1", "Service", name, ["spec": ["type": type, "ports": Self.ports]])
        let headless: JSON = ["clusterIP": "None", "ports": Self.ports]
        try await apply("v1", "Service", "\(name)-headless", ["spec": headless])
        try await policies()
    }

    /// Keeps the virtual cluster in step with its control plane; whether that runs.
    func follow() async throws(SandboxStatus) -> Bool {
        guard let set = try await scene.cluster.get(setKey) else { return false }
        let isUp = set.wantedReplicas > 0 && (set.status["readyReplicas"]?.int ?? 0) > 0
        let isThere = try await tenant.cluster.get(SandboxKey(.namespace, "kube-system")) != nil
        guard isUp else {
            if isThere { try await silence() }
            return false
        }
        try await tenant.make()
        try await tenant.cluster.update(SandboxKey(.namespace, "kube-system"), as: scene.manager) {
            $0.setAnnotation(Self.host, "\(namespace)/\(name)")
        }
        try await tenant.keep(["sandbox-node": TenantPlace.Node(version: "v1.34.0")])
        if try await tenant.cluster.get(Self.asleep) != nil {
            try await tenant.cluster.delete(Self.asleep)
            for pod in try await tenant.cluster.list(.pod) {
                try await SyncedPod(host: scene.cluster, namespace: namespace, release: name)
                    .put(pod, as: scene.manager)
            }
        }
        try await tenant.secret(
            secretKey,
            entry: "config",
            labels: ["app": "vcluster", "vcluster-name": name]
        )
        return true
    }

    /// While the control plane does not run, its API server does not answer.
    private func silence() async throws(SandboxStatus) {
        guard try await tenant.cluster.get(Self.asleep) == nil else { return }
        try await scene.make(
            [
                "apiVersion": "sandbox.slipway.dev/v1", "kind": "Fault",
                "metadata": ["name": .string(Self.asleep.name)],
                "spec": [
                    "target": "api", "kind": "unavailable",
                    "message": "the control plane of the virtual cluster does not run",
                ],
            ],
            in: tenant.cluster
        )
    }

    /// Takes it away; a retained volume keeps the virtual cluster's objects for the next of the
    /// name.
    func uninstall() async throws(SandboxStatus) {
        let isRetained = retention == "Retain"
        for kind in [
            SandboxKind.statefulSet, .service, .quota, SandboxKind("LimitRange"),
            SandboxKind("networking.k8s.io", "NetworkPolicy"),
        ] {
            for object in try await scene.cluster.list(kind, namespace: namespace)
            where object.annotations[Self.installer] == mark {
                try await scene.cluster.delete(object.key, uid: object.uid)
            }
        }
        for pod in try await scene.cluster.list(.pod, namespace: namespace)
        where pod.labels[SyncedPod.label] == name {
            try await scene.cluster.delete(pod.key, uid: pod.uid)
        }
        try await scene.cluster.delete(secretKey)
        guard !isRetained else { return try await silenceIfThere() }
        try await scene.cluster.delete(claimKey)
        try await tenant.cluster.remove()
    }

    private func silenceIfThere() async throws(SandboxStatus) {
        let key = SandboxKey(.namespace, "kube-system")
        if try await tenant.cluster.get(key) != nil { try await silence() }
    }

    private var retention: String {
        let claim = values["controlPlane"]?["statefulSet"]?["persistence"]?["volumeClaim"]
        return claim?["retentionPolicy"]?.string ?? "Retain"
    }

    private var mark: String { Self.mark(of: installer) }

    /// What names an installer.
    static func mark(of object: SandboxObject) -> String {
        "\(object.kindName ?? "") \(object.namespace ?? "") \(object.name)"
    }

    /// The object that a mark names, if it is of that kind.
    static func key(_ mark: String?, of kind: SandboxKind) -> SandboxKey? {
        let parts = mark?.split(separator: " ", omittingEmptySubsequences: false) ?? []
        guard parts.count == 3, parts[0] == kind.name else { return nil }
        return SandboxKey(kind, String(parts[1]), String(parts[2]))
    }

    private static let ports: JSON = [
        ["name": "https", "port": 443, "targetPort": 8443, "protocol": "TCP"]
    ]

    private var image: JSON { .string("ghcr.io/loft-sh/vcluster-oss:\(version)") }

    private var labels: JSON {
        ["app": "vcluster", "release": .string(name), "heritage": "Helm"]
    }

    private func metadata(_ name: String) -> JSON {
        [
            "name": .string(name), "namespace": .string(namespace), "labels": labels,
            "annotations": [Self.installer: .string(mark)],
        ]
    }

    private func apply(
        _ apiVersion: String,
        _ kind: String,
        _ name: String,
        _ rest: JSON
    ) async throws(SandboxStatus) {
        let object: JSON = [
            "apiVersion": .string(apiVersion), "kind": .string(kind), "metadata": metadata(name),
        ]
        try await scene.cluster.apply(object.merging(patch: rest), as: scene.manager)
    }

    private var statefulSet: JSON {
        let control = values["controlPlane"]?["statefulSet"]
        let selector: JSON = ["app": "vcluster", "release": .string(name)]
        return [
            "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": metadata(name),
            "spec": [
                "replicas": control?["highAvailability"]?["replicas"] ?? 1,
                "serviceName": .string("\(name)-headless"),
                "selector": ["matchLabels": selector],
                "persistentVolumeClaimRetentionPolicy": ["whenDeleted": .string(retention)],
                "template": [
                    "metadata": ["labels": selector],
                    "spec": ["containers": [["name": "syncer", "image": image]]],
                ],
                "volumeClaimTemplates": [
                    [
                        "metadata": ["name": "data"],
                        "spec": [
                            "accessModes": ["ReadWriteOnce"],
                            "resources": [
                                "requests": [
                                    "storage": control?["persistence"]?["volumeClaim"]?["size"]
                                        ?? "5Gi"
                                ]
                            ],
                        ],
                    ]
                ],
            ],
        ]
    }

    /// Quota, limits and network policies of the host namespace, where the values ask for them.
    private func policies() async throws(SandboxStatus) {
        let policies = values["policies"]
        func isOn(_ part: String) -> Bool {
            let enabled = policies?[part]?["enabled"]
            return enabled?.bool == true || enabled?.string == "true"
        }
        if isOn("resourceQuota") {
            let hard = policies?["resourceQuota"]?["quota"] ?? [:]
            try await apply("v1", "ResourceQuota", "vc-\(name)", ["spec": ["hard": hard]])
        }
        if isOn("limitRange") {
            let range = policies?["limitRange"]
            var limit: JSONObject = ["type": "Container"]
            limit["default"] = range?["default"]
            limit["defaultRequest"] = range?["defaultRequest"]
            try await apply(
                "v1",
                "LimitRange",
                "vc-\(name)",
                ["spec": ["limits": [.object(limit)]]]
            )
        }
        if isOn("networkPolicy") {
            let rest: JSON = ["spec": ["podSelector": [:], "policyTypes": ["Egress", "Ingress"]]]
            for part in ["work", "cp"] {
                let policy = "vc-\(part)-\(name)"
                try await apply("networking.k8s.io/v1", "NetworkPolicy", policy, rest)
            }
        }
    }
}
