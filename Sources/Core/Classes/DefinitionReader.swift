import Domain
import JSON

/// Reads a class's definition and collects everything that is wrong with it.
struct DefinitionReader {
    private(set) var fault = ClassFault()

    mutating func definition(_ json: JSON) -> ClassDefinition {
        var definition = ClassDefinition()
        for violation in ClassSchema.compiled.validate(json) {
            add(violation.pointer, violation.message)
        }
        guard fault.findings.isEmpty, let root = json.object else { return definition }
        definition.description = root["description"]?.string ?? ""
        definition.provider = root["provider"]?.string
        for member in root["variables"]?.object ?? JSONObject() {
            definition.variables[member.key] = Self.text(member.value)
        }
        definition.mapping = mapping(root["mapping"]?.object ?? JSONObject())
        for member in root["sizes"]?.object ?? JSONObject() {
            definition.sizes[member.key] = member.value
        }
        definition.kubernetesVersions = texts(root["kubernetesVersions"])
        definition.regions = texts(root["regions"])
        definition.allowance = allowance(root["allowance"]?.object ?? JSONObject())
        definition.healthChecks = healthChecks(root["healthChecks"]?.object ?? JSONObject())
        return definition
    }

    private static func text(_ value: JSON) -> String {
        switch value {
        case .string(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .number(let number): number.text
        case .null, .array, .object: ""
        }
    }

    private func texts(_ value: JSON?) -> [String] {
        (value?.array ?? []).compactMap(\.string)
    }

    private mutating func mapping(_ object: JSONObject) -> ClassMapping {
        var mapping = ClassMapping()
        mapping.name = targets(object["name"], at: "/mapping/name")
        mapping.namespace = targets(object["namespace"], at: "/mapping/namespace")
        mapping.kubernetesVersion = targets(
            object["kubernetesVersion"],
            at: "/mapping/kubernetesVersion"
        )
        mapping.region = targets(object["region"], at: "/mapping/region")
        mapping.controlPlaneReplicas = targets(
            object["controlPlane"]?["replicas"],
            at: "/mapping/controlPlane/replicas"
        )
        let pools = object["nodePools"]
        mapping.nodeCount = targets(pools?["count"], at: "/mapping/nodePools/count")
        mapping.nodeSize = targets(pools?["size"], at: "/mapping/nodePools/size")
        mapping.nodePool = pools?["from"]?.string
        return mapping
    }

    private mutating func targets(_ value: JSON?, at pointer: String) -> [ClassMapping.Target] {
        guard let value else { return [] }
        let written = value.array?.compactMap(\.string) ?? [value.string ?? ""]
        var targets: [ClassMapping.Target] = []
        for text in written {
            if let target = ClassMapping.Target(parsing: text) {
                targets.append(target)
            } else {
                let message = "`\(text)` is neither a variable nor `Kind:/path/to/member`"
                fault.add(ClassFinding(.badDefinition, pointer: pointer, message))
            }
        }
        return targets
    }

    private mutating func allowance(_ object: JSONObject) -> ClassAllowance {
        var allowance = ClassAllowance()
        allowance.clusters = object["clusters"]?.int
        allowance.nodes = object["nodes"]?.int
        allowance.sizes = texts(object["sizes"])
        if let text = object["tenants"]?.string {
            do throws(SelectorFault) {
                allowance.tenants = try LabelSelector(parsing: text)
            } catch {
                let message = "the label selector is not usable: \(error)"
                fault.add(
                    ClassFinding(.badDefinition, pointer: "/allowance/tenants", message)
                )
            }
        }
        return allowance
    }

    private func healthChecks(_ object: JSONObject) -> ClassHealthChecks {
        var checks = ClassHealthChecks()
        checks.isEnabled = object["enabled"]?.bool ?? checks.isEnabled
        checks.nodeStartupSeconds = object["nodeStartupSeconds"]?.int ?? checks.nodeStartupSeconds
        checks.unhealthySeconds = object["unhealthySeconds"]?.int ?? checks.unhealthySeconds
        return checks
    }

    private mutating func add(_ pointer: JSONPointer, _ message: String) {
        fault.add(ClassFinding(.badDefinition, pointer: pointer.description, message))
    }
}
