package import JSON

/// What is found in a class before anybody orders it: the status of a cluster class.
package struct ClassReport: Sendable, Equatable {
    /// A pool of the template.
    package struct Pool: Sendable, Equatable {
        /// The name, without the cluster's.
        package var name: String
        /// `MachineDeployment` or `MachinePool`.
        package var kind: String
        /// The kind of the machines, such as `AWSMachineTemplate`; empty in a topology whose class
        /// is not part of the template.
        package var machineKind: String
        /// As many nodes as the pool may grow to where nobody orders pools.
        package var nodes: Int
    }

    /// The provider, where it is known.
    package var provider: String?
    /// The version of Cluster API's own objects, such as `v1beta2`.
    package var coreVersion: String?
    /// Whether the cluster is described by a topology (a ClusterClass).
    package var isTopology: Bool
    /// The kind of the control plane; empty in a topology whose class is not in the template.
    package var controlPlaneKind: String
    /// Whether the number of control plane machines can be chosen.
    package var hasControlPlaneReplicas: Bool
    /// The variables of the template.
    package var variables: [TemplateVariable]
    /// Variables that still need a value under `variables`.
    package var missing: [String]
    /// The pools of the template.
    package var pools: [Pool]
    /// The sizes that may be ordered, with what they stand for.
    package var sizes: [String: JSON]
    /// What is wrong or should be known.
    package var findings: [ClassFinding]

    /// Whether clusters can be ordered.
    package var isUsable: Bool { findings.allSatisfy { $0.code == .note } }
}

extension ClassReport {
    /// The report as the API shows it: the status of a class.
    package var json: JSON {
        [
            "provider": provider.map { .string($0) } ?? .null,
            "coreVersion": coreVersion.map { .string($0) } ?? .null,
            "topology": .bool(isTopology),
            "controlPlane": [
                "kind": .string(controlPlaneKind), "scalable": .bool(hasControlPlaneReplicas),
            ],
            "nodePools": .array(
                pools.map { pool in
                    [
                        "name": .string(pool.name), "kind": .string(pool.kind),
                        "machineKind": .string(pool.machineKind),
                        "nodes": .integer(pool.nodes),
                    ]
                }
            ),
            "sizes": .array(
                sizes.sorted { $0.key < $1.key }.map { name, value in
                    ["name": .string(name), "is": value]
                }
            ),
            "variables": .array(
                variables.map { variable in
                    [
                        "name": .string(variable.name),
                        "required": .bool(variable.isRequired),
                        "missing": .bool(missing.contains(variable.name)),
                        "defaults": .array(variable.defaults.map { .string($0) }),
                        "lines": .array(variable.lines.map { .integer($0) }),
                    ]
                }
            ),
            "findings": .array(findings.map(\.json)),
            "usable": .bool(isUsable),
        ]
    }
}

extension ClassFinding {
    /// The finding as the API shows it.
    package var json: JSON {
        var members = JSONObject()
        members["code"] = .string(code.rawValue)
        members["message"] = .string(message)
        members["line"] = line.map { .integer($0) }
        members["variable"] = variable.map { .string($0) }
        members["pointer"] = pointer.map { .string($0) }
        return .object(members)
    }
}
