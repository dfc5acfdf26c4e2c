import JSON

/// What a Helm release is made from.
struct ReleaseChart {
    var name: String
    var version: String
    /// Why the chart cannot be had; nil where it can.
    var fault: String?

    /// The chart of a HelmRelease.
    init(of release: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        let chart = release.spec["chart"]?["spec"]
        name = chart?["chart"]?.string ?? ""
        version = chart?["version"]?.string ?? "*"
        let reference = chart?["sourceRef"] ?? release.spec["chartRef"]
        let kind = reference?["kind"]?.string ?? ""
        let namespace = reference?["namespace"]?.string ?? release.namespace
        let source = reference?["name"]?.string ?? ""
        let key = SandboxKey(SandboxKind("source.toolkit.fluxcd.io", kind), namespace, source)
        let place = "\(kind)/\(namespace ?? "")/\(source)"
        guard let found = try await scene.cluster.get(key) else {
            fault =
                "HelmChart '\(release.namespace ?? "")/\(release.name)' is not ready: "
                + "\(place) not found"
            return
        }
        if release.spec["chartRef"] != nil {
            let url = found.spec["url"]?.string ?? source
            name = url.split(separator: "/").last.map(String.init) ?? source
            version =
                found.spec["ref"]?["tag"]?.string ?? found.spec["ref"]?["semver"]?.string ?? "1.0.0"
        }
        version = Self.plain(version)
        if found.condition("Ready")?["status"]?.string != "True" {
            fault = "\(place) is not ready"
        }
    }

    /// One version for a range of them: `3.13.x` → `3.13.0`.
    static func plain(_ version: String) -> String {
        let text = version.filter { $0.isNumber || $0 == "." || $0 == "x" || $0 == "*" }
            .replacing("x", with: "0").replacing("*", with: "0")
        if version.allSatisfy({ $0.isNumber || $0 == "." }) { return version }
        if version.contains("-") { return version }
        var parts = text.split(separator: ".").prefix(3).map(String.init)
        while parts.count < 3 { parts.append("0") }
        return parts.joined(separator: ".")
    }
}

/// The kinds that charts bring along, so that what comes after them can be applied.
enum ChartKinds {
    private static let monitoring = (
        "monitoring.coreos.com", "v1",
        [
            "Alertmanager", "PodMonitor", "Probe", "Prometheus", "PrometheusRule",
            "ServiceMonitor", "ThanosRuler",
        ]
    )
    private static let byChart: [String: (String, String, [String])] = [
        "kube-prometheus-stack": monitoring, "prometheus-operator-crds": monitoring,
        "cert-manager": (
            "cert-manager.io", "v1",
            ["Certificate", "CertificateRequest", "ClusterIssuer", "Issuer"]
        ),
        "external-secrets": (
            "external-secrets.io", "v1",
            ["ExternalSecret", "SecretStore", "ClusterSecretStore", "PushSecret"]
        ),
        "cloudnative-pg": ("postgresql.cnpg.io", "v1", ["Cluster", "Backup", "Pooler"]),
        "keda": ("keda.sh", "v1alpha1", ["ScaledObject", "ScaledJob"]),
    ]

    private static let clusterWide: Set<String> = ["ClusterIssuer", "ClusterSecretStore"]

    /// The definitions of a chart.
    static func definitions(of chart: String) -> [JSON] {
        guard let (group, version, kinds) = byChart[chart] else { return [] }
        return kinds.map { kind in
            let plural = kind.lowercased() + (kind.hasSuffix("s") ? "es" : "s")
            return [
                "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                "metadata": ["name": .string("\(plural).\(group)")],
                "spec": [
                    "group": .string(group),
                    "scope": clusterWide.contains(kind) ? "Cluster" : "Namespaced",
                    "names": ["kind": .string(kind), "plural": .string(plural)],
                    "versions": [
                        [
                            "name": .string(version), "served": true, "storage": true,
                            "subresources": ["status": [:]],
                            "schema": [
                                "openAPIV3Schema": [
                                    "type": "object",
                                    "x-kubernetes-preserve-unknown-fields": true,
                                ]
                            ],
                        ]
                    ],
                ],
            ]
        }
    }
}
