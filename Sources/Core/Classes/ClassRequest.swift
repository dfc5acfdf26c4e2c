import Blueprints
import Domain
import JSON
import YAML

/// A wish put to a class, on its way from words to objects.
struct ClassRequest {
    /// The values of the template's variables: nodes may have an older version for a while.
    struct Values {
        var controlPlane: [String: String]
        var workers: [String: String]
    }

    let definition: ClassDefinition
    let template: ClusterTemplate
    let wish: ClassWish

    /// The version of the control plane, with a leading `v`; nil for the template's own.
    var version: String? {
        (wish.kubernetesVersion ?? definition.defaultVersion).map { "v\($0)" }
    }

    /// The version of the nodes, with a leading `v`; nil for the template's own.
    var workersVersion: String? { wish.workersVersion.map { "v\($0)" } ?? version }

    /// Whether the template has the variable.
    func uses(_ variable: String) -> Bool {
        template.variables.contains { $0.name == variable }
    }

    /// What the template's variables stand for.
    ///
    /// - Throws: every value of the definition that cannot be made.
    func values() throws(ClassFault) -> Values {
        var fault = ClassFault()
        let control = values(for: version, fault: &fault)
        var missing = ClassFault()
        let workers = values(for: workersVersion, fault: &missing)
        if let finding = misplacedRegion() { fault.add(finding) }
        guard fault.findings.isEmpty else { throw fault }
        return Values(controlPlane: control, workers: workers)
    }

    private func values(for version: String?, fault: inout ClassFault) -> [String: String] {
        var words = [
            "TENANT": wish.tenant, "CLUSTER": wish.cluster, WellKnown.name: wish.slug.description,
            WellKnown.namespace: wish.slug.namespace,
        ]
        words["KUBERNETES_VERSION"] = version
        words["REGION"] = wish.region
        var values: [String: String] = [:]
        for (name, text) in definition.variables.sorted(by: { $0.key < $1.key }) {
            var found = RenderFault()
            values[name] = Substitution(values: words).expand(text, file: "", fault: &found)
            for finding in found.findings {
                let known = words.keys.sorted().joined(separator: ", ")
                let message =
                    finding.code == .undefinedVariable
                    ? "the value of \(name) uses \(finding.variable ?? ""); known are \(known)"
                    : "the value of \(name) cannot be made: \(finding.message)"
                fault.add(
                    ClassFinding(.badDefinition, pointer: "/variables/\(name)", message)
                )
            }
        }
        let mapping = definition.mapping
        set(mapping.name, or: [WellKnown.name], wish.slug.description, in: &values)
        set(mapping.namespace, or: [WellKnown.namespace], wish.slug.namespace, in: &values)
        set(mapping.kubernetesVersion, or: WellKnown.versions, version, in: &values)
        set(mapping.region, or: regionVariables, wish.region, in: &values)
        setCounts(in: &values)
        return values
    }

    /// Numbers that a template asks for without a default are 1, as `clusterctl` has it.
    private func setCounts(in values: inout [String: String]) {
        let mapping = definition.mapping
        let replicas = wish.controlPlaneReplicas.map(String.init)
        set(
            mapping.controlPlaneReplicas,
            or: [WellKnown.controlPlaneReplicas],
            replicas,
            in: &values
        )
        for name in [WellKnown.controlPlaneReplicas, WellKnown.nodeCount]
        where values[name] == nil && isRequired(name) {
            values[name] = "1"
        }
        for case .variable(let name) in mapping.controlPlaneReplicas + mapping.nodeCount
        where values[name] == nil && isRequired(name) {
            values[name] = "1"
        }
    }

    private func isRequired(_ variable: String) -> Bool {
        template.variables.contains { $0.name == variable && $0.isRequired }
    }

    private func set(
        _ targets: [ClassMapping.Target],
        or wellKnown: [String],
        _ value: String?,
        in values: inout [String: String]
    ) {
        guard let value else { return }
        guard !targets.isEmpty else {
            for name in wellKnown where uses(name) { values[name] = value }
            return
        }
        for case .variable(let name) in targets { values[name] = value }
    }

    private var regionVariables: [String] {
        WellKnown.regions.first(where: uses).map { [$0] } ?? []
    }

    /// A region that is asked for but goes nowhere.
    private func misplacedRegion() -> ClassFinding? {
        guard let region = wish.region else { return nil }
        if !definition.regions.isEmpty, !definition.regions.contains(region) {
            let known = definition.regions.joined(separator: ", ")
            return ClassFinding(
                .notAllowed,
                pointer: "/spec/region",
                "the class is not offered in \(region); it is in \(known)"
            )
        }
        guard definition.mapping.region.isEmpty, regionVariables.isEmpty else { return nil }
        let isSaid = definition.variables.values.contains { $0.contains("${REGION") }
        return isSaid
            ? nil
            : ClassFinding(
                .unsupported,
                pointer: "/spec/region",
                "the class does not say where its region goes; leave it out or add `mapping.region`"
            )
    }
}

extension ClassRequest {
    /// The objects of the template with these values.
    ///
    /// - Throws: every missing value, or else everything that is not a manifest.
    func objects(_ values: [String: String]) throws(ClassFault) -> [TemplateObject] {
        var fault = ClassFault()
        var objects: [TemplateObject] = []
        for manifest in try template.manifests(with: values) {
            let isList = manifest.value["kind"] == "List"
            for value in isList ? manifest.value["items"]?.array ?? [] : [manifest.value] {
                let object = TemplateObject(json: value.withoutNulls(), line: manifest.line)
                if let finding = Self.finding(about: object) {
                    fault.add(finding)
                } else {
                    objects.append(object)
                }
            }
        }
        guard fault.findings.isEmpty else { throw fault }
        return objects
    }

    private static func finding(about object: TemplateObject) -> ClassFinding? {
        guard !object.apiVersion.isEmpty, !object.kind.isEmpty, !object.name.isEmpty else {
            return ClassFinding(
                .badTemplate,
                line: object.line,
                "an object needs `apiVersion`, `kind` and `metadata.name`"
            )
        }
        let isOld = object.group == TemplateObject.coreGroup && object.version.contains("alpha")
        return isOld
            ? ClassFinding(
                .badTemplate,
                line: object.line,
                "\(object.apiVersion) is no longer served; take a newer version of the template"
            ) : nil
    }
}
