import JSON

/// The kinds that charts bring along, so that what comes after them can be applied.
enum ChartKinds {
    private struct Group {
        var name: String
        var version = "v1"
        var kinds: [String]
    }

    private static let monitoring = Group(
        name: "monitoring.coreos.com",
        kinds: [
            "Alertmanager", "PodMonitor", "Probe", "Prometheus", "PrometheusRule",
            "ServiceMonitor", "ThanosRuler",
        ]
    )
    private static let byChart = [
        "kube-prometheus-stack": monitoring, "prometheus-operator-crds": monitoring,
        "cert-manager": Group(
            name: "cert-manager.io",
            kinds: ["Certificate", "CertificateRequest", "ClusterIssuer", "Issuer"]
        ),
        "external-secrets": Group(
            name: "external-secrets.io",
            kinds: ["ExternalSecret", "SecretStore", "ClusterSecretStore", "PushSecret"]
        ),
        "cloudnative-pg": Group(
            name: "postgresql.cnpg.io",
            kinds: ["Cluster", "Backup", "Pooler"]
        ),
        "keda": Group(name: "keda.sh", version: "v1alpha1", kinds: ["ScaledObject", "ScaledJob"]),
    ]

    /// The definitions of a chart.
    static func definitions(of chart: String) -> [JSON] {
        byChart[chart].map { group in group.kinds.map { definition(of: $0, in: group) } } ?? []
    }

    private static func definition(of kind: String, in group: Group) -> JSON {
        let plural = kind.lowercased() + (kind.hasSuffix("s") ? "es" : "s")
        let isClusterWide = kind.hasPrefix("Cluster") && kind != "Cluster"
        let schema: JSON = ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
        let version: JSON = [
            "name": .string(group.version), "served": true, "storage": true,
            "subresources": ["status": [:]], "schema": ["openAPIV3Schema": schema],
        ]
        let spec: JSON = [
            "group": .string(group.name), "scope": isClusterWide ? "Cluster" : "Namespaced",
            "names": ["kind": .string(kind), "plural": .string(plural)], "versions": [version],
        ]
        return .manifest(
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            "\(plural).\(group.name)",
            ["spec": spec]
        )
    }
}
