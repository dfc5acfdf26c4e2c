import JSON

/// MachineHealthChecks: which machines one looks after, and those that Slipway adds.
enum HealthCheck {
    static let kind = "MachineHealthCheck"

    /// Whether it is a check that names this pool, and so goes where the pool goes.
    static func isCheck(_ object: TemplateObject, of owner: TemplateObject) -> Bool {
        guard object.kind == kind else { return false }
        let labels = object.json.value(at: ["spec", "selector", "matchLabels"])
        return labels?[WellKnown.deploymentName]?.string == owner.name
            || labels?[WellKnown.poolName]?.string == owner.name
    }

    /// Whether the check looks after machines with these labels.
    static func selects(_ check: TemplateObject, _ labels: [String: String]) -> Bool {
        guard check.kind == kind, let selector = check.json.value(at: ["spec", "selector"]) else {
            return false
        }
        let matches = selector["matchLabels"]?.object ?? JSONObject()
        let holds = matches.allSatisfy { labels[$0.key] == $0.value.string }
        return holds
            && (selector["matchExpressions"]?.array ?? []).allSatisfy { Self.holds($0, labels) }
    }

    private static func holds(_ expression: JSON, _ labels: [String: String]) -> Bool {
        let value = labels[expression["key"]?.string ?? ""]
        let values = (expression["values"]?.array ?? []).compactMap(\.string)
        switch expression["operator"]?.string {
        case "In": return value.map(values.contains) ?? false
        case "NotIn": return !(value.map(values.contains) ?? false)
        case "Exists": return value != nil
        case "DoesNotExist": return value == nil
        default: return false
        }
    }

    /// A check for machines with a label, in the words of a version of Cluster API.
    ///
    /// `stops` keeps it from acting when many machines are ill at once, which is then no fault of
    /// theirs.
    static func make(
        name: String,
        cluster: String,
        selector: (key: String, value: String),
        times: ClassHealthChecks,
        stops: Bool,
        version: String
    ) -> TemplateObject {
        var spec: JSON = [
            "clusterName": .string(cluster), "selector": ["matchLabels": [:]],
        ]
        spec.set(.string(cluster), at: ["selector", "matchLabels", WellKnown.clusterName])
        spec.set(.string(selector.value), at: ["selector", "matchLabels", selector.key])
        for member in rules(times, stops: stops, version: version) {
            spec.set(member.value, at: [member.key])
        }
        return TemplateObject(
            json: [
                "apiVersion": .string("\(TemplateObject.coreGroup)/\(version)"),
                "kind": .string(kind), "metadata": ["name": .string(name)], "spec": spec,
            ],
            line: 0
        )
    }

    /// What makes a machine ill, for a check of its own or for a part of a topology.
    static func rules(_ times: ClassHealthChecks, stops: Bool, version: String) -> JSONObject {
        let conditions: [(String, String)] = [("Ready", "Unknown"), ("Ready", "False")]
        var rules = JSONObject()
        if version == "v1beta1" {
            rules["nodeStartupTimeout"] = .string("\(times.nodeStartupSeconds)s")
            rules["unhealthyConditions"] = .array(
                conditions.map { type, status in
                    [
                        "type": .string(type), "status": .string(status),
                        "timeout": .string("\(times.unhealthySeconds)s"),
                    ]
                }
            )
            if stops { rules["maxUnhealthy"] = "40%" }
        } else {
            rules["checks"] = [
                "nodeStartupTimeoutSeconds": .integer(times.nodeStartupSeconds),
                "unhealthyNodeConditions": .array(
                    conditions.map { type, status in
                        [
                            "type": .string(type), "status": .string(status),
                            "timeoutSeconds": .integer(times.unhealthySeconds),
                        ]
                    }
                ),
            ]
            if stops {
                rules["remediation"] = ["triggerIf": ["unhealthyLessThanOrEqualTo": "40%"]]
            }
        }
        return rules
    }
}
