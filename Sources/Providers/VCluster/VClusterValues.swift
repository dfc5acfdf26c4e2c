package import Contract
package import Domain
import Drivers
package import JSON

/// The values of the chart: `vcluster.yaml` as its schema of 0.36 has it.
package struct VClusterValues: Sendable {
    /// The values.
    package let json: JSON

    /// The values of a virtual cluster.
    ///
    /// - Throws: `.refused` where a version or a host name is none.
    package init(of wish: ClusterWish, settings: VClusterSettings) throws(ProviderFault) {
        let spec = wish.cluster.spec
        let host = try Self.host(of: spec.exposure)
        var control = JSONObject()
        if let version = spec.kubernetesVersion {
            guard let semantic = SemanticVersion(version) else {
                throw .refused(
                    reason: "kubernetesVersion '\(version)' is no version such as 1.35.0"
                )
            }
            control["distro"] = [
                "k8s": ["enabled": true, "image": ["tag": .string("v\(semantic)")]]
            ]
        }
        let internalName = "\(wish.slug).\(wish.namespace).svc"
        control["proxy"] = [
            "extraSANs": .array(([internalName] + (host.map { [$0] } ?? [])).map(JSON.string))
        ]
        control["service"] = [
            "spec": ["type": spec.exposure == .loadBalancer ? "LoadBalancer" : "ClusterIP"]
        ]
        control["statefulSet"] = Self.statefulSet(spec.volumes)
        if let host {
            let (key, value) = Self.route(host, through: wish.management.gateway)
            control[key] = value
        }
        json = [
            "controlPlane": .object(control),
            "exportKubeConfig": ["server": .string("https://\(internalName):443")],
            "policies": Self.policies,
            "telemetry": ["enabled": false],
        ]
    }

    /// A volume of its own makes it a StatefulSet, whatever the defaults become; what is left of
    /// the volume afterwards is said and not left to the chart.
    private static func statefulSet(_ volumes: VolumePolicy) -> JSON {
        [
            "highAvailability": ["replicas": 1],
            "persistence": [
                "volumeClaim": [
                    "enabled": true,
                    "retentionPolicy": volumes == .retain ? "Retain" : "Delete",
                    "size": .string(VClusterSettings.volumeSize),
                ]
            ],
        ]
    }

    /// The quota and the limits of the namespace are Slipway's: they are there before the chart is,
    /// and the same under every engine.
    ///
    /// Who talks to whom the chart knows best.
    private static let policies: JSON = [
        "limitRange": ["enabled": false],
        "networkPolicy": [
            "enabled": true,
            "workload": [
                "publicEgress": [
                    "enabled": true,
                    "cidr": "0.0.0.0/0",
                    "except": NamespaceFence.privateRanges,
                ]
            ],
        ],
        "podSecurityStandard": "baseline",
        "resourceQuota": ["enabled": false],
    ]

    private static func route(
        _ host: String,
        through gateway: ManagementClusterSpec.Gateway?
    ) -> (String, JSON) {
        guard let gateway else {
            return ("ingress", ["enabled": true, "host": .string(host)])
        }
        return (
            "tlsRoute",
            [
                "enabled": true,
                "host": .string(host),
                "parentRefs": [
                    ["name": .string(gateway.name), "namespace": .string(gateway.namespace)]
                ],
            ]
        )
    }

    private static func host(of exposure: ClusterExposure) throws(ProviderFault) -> String? {
        guard case .host(let host) = exposure else { return nil }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { label in
            // A label that is no name is all that matters here.
            (try? ClusterName(parsing: String(label))) != nil
        }
        guard isName, labels.count > 1, host.utf8.count <= hostBytesMax else {
            throw .refused(reason: "exposure.host is no host name such as acme.k8s.example.com")
        }
        return host
    }

    /// The most bytes of a host name (RFC 1035 §2.3.4).
    private static let hostBytesMax = 253
}
