package import JSON

extension NamespaceFence {
    /// How many policies there are.
    package static let policiesCount = 5

    /// What the network lets through: nothing, and then one allowance a policy.
    package var policies: [JSON] {
        [
            policy("slipway-default-deny", ["policyTypes": ["Ingress", "Egress"]]),
            policy("slipway-allow-dns", ["policyTypes": ["Egress"], "egress": Self.dns]),
            policy(
                "slipway-allow-same-namespace",
                [
                    "policyTypes": ["Ingress", "Egress"],
                    "ingress": [["from": [["podSelector": [:]]]]],
                    "egress": [["to": [["podSelector": [:]]]]],
                ]
            ),
            policy(
                "slipway-allow-ingress-controllers",
                ["policyTypes": ["Ingress"], "ingress": Self.controllers]
            ),
            policy("slipway-allow-internet", ["policyTypes": ["Egress"], "egress": Self.internet]),
        ]
    }

    private func policy(_ name: String, _ spec: JSON) -> JSON {
        var whole: JSONObject = ["podSelector": [:]]
        for member in spec.object ?? JSONObject() { whole[member.key] = member.value }
        return [
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": wish.metadata(name),
            "spec": .object(whole),
        ]
    }

    /// The DNS of the cluster, as pods and as the address that NodeLocal DNSCache listens on.
    private static let dns: JSON = [
        [
            "to": [
                [
                    "namespaceSelector": [
                        "matchLabels": ["kubernetes.io/metadata.name": "kube-system"]
                    ],
                    "podSelector": [
                        "matchExpressions": [
                            [
                                "key": "k8s-app",
                                "operator": "In",
                                "values": ["kube-dns", "node-local-dns"],
                            ]
                        ]
                    ],
                ],
                ["ipBlock": ["cidr": "169.254.20.10/32"]],
            ],
            "ports": [
                ["protocol": "UDP", "port": 53],
                ["protocol": "TCP", "port": 53],
            ],
        ]
    ]

    /// Namespaces that ingress controllers and gateways are usually installed in, and those that
    /// say of themselves that they are such.
    private static let controllers: JSON = [
        [
            "from": [
                [
                    "namespaceSelector": [
                        "matchExpressions": [
                            [
                                "key": "kubernetes.io/metadata.name",
                                "operator": "In",
                                "values": [
                                    "contour", "envoy-gateway-system", "gateway-system",
                                    "haproxy-controller", "ingress-nginx", "istio-ingress",
                                    "istio-system", "kong", "nginx-gateway", "projectcontour",
                                    "traefik",
                                ],
                            ]
                        ]
                    ]
                ],
                [
                    "namespaceSelector": [
                        "matchLabels": ["slipway.dev/ingress-controller": "true"]
                    ]
                ],
            ]
        ]
    ]

    /// Addresses that are not the public internet: this network and those behind it, the metadata
    /// services of clouds, and what is routed nowhere (RFC 6890).
    package static let privateRanges: JSON = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32",
        "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "224.0.0.0/4", "240.0.0.0/4",
    ]

    /// The same of IPv6; the translation prefixes lead back to IPv4.
    private static let privateRangesV6: JSON = [
        "::/127", "64:ff9b::/96", "64:ff9b:1::/48", "fc00::/7", "fe80::/10", "ff00::/8",
    ]

    private static let internet: JSON = [
        [
            "to": [
                ["ipBlock": ["cidr": "0.0.0.0/0", "except": privateRanges]],
                ["ipBlock": ["cidr": "::/0", "except": privateRangesV6]],
            ]
        ]
    ]
}
