import Domain
import JSON

/// A class that is ready for use: its definition and its template together.
package struct ClassRenderer: Sendable {
    /// What the platform says.
    package let definition: ClassDefinition
    /// What the provider published.
    package let template: ClusterTemplate

    /// Puts both together; what they lack is told by `report` and `render`.
    package init(definition: ClassDefinition, template: ClusterTemplate) {
        self.definition = definition
        self.template = template
    }

    /// The objects of one cluster.
    ///
    /// - Throws: everything that keeps the wish from being met, at once.
    package func render(_ wish: ClassWish) throws(ClassFault) -> ClassRendering {
        let request = ClassRequest(definition: definition, template: template, wish: wish)
        let values = try request.values()
        let control = try request.objects(values.controlPlane)
        let workers =
            values.workers == values.controlPlane ? control : try request.objects(values.workers)
        var build = try ClassBuild(request, objects: control, workers: workers)
        build.buildPools()
        build.buildControlPlane()
        build.buildRoot()
        build.buildHealthChecks()
        build.nameClassTemplates()
        guard build.fault.findings.isEmpty else { throw build.fault }
        return try build.finished()
    }
}

extension ClassRenderer {
    /// What the class offers and lacks, as people and the API want to know it.
    package func report() -> ClassReport {
        var report = ClassReport(
            isTopology: false,
            controlPlaneKind: "",
            hasControlPlaneReplicas: false,
            variables: template.variables,
            missing: [],
            pools: [],
            sizes: [:],
            findings: []
        )
        report.findings = strangers()
        do throws(ClassFault) {
            try look(into: &report)
        } catch {
            report.findings += error.findings
        }
        return report
    }

    private func look(into report: inout ClassReport) throws(ClassFault) {
        let wish = ClassWish(
            slug: ClusterSlug(stored: "class-report"),
            tenant: "class",
            cluster: "report",
            clusterID: "",
            kubernetesVersion: definition.defaultVersion ?? "1.0.0"
        )
        let request = ClassRequest(definition: definition, template: template, wish: wish)
        var values = try request.values().controlPlane
        for variable in missing(values) {
            report.missing.append(variable.name)
            report.findings.append(
                ClassFinding(missing: variable.name, line: variable.lines.first)
            )
            // Anything does where only the shape is looked at.
            values[variable.name] = "x"
        }
        let objects = try request.objects(values)
        let build = try ClassBuild(request, objects: objects, workers: objects)
        report.coreVersion = build.coreVersion
        report.isTopology = build.isTopology
        if let finding = build.missingClass { report.findings.append(finding) }
        let kinds = build.describe(&report)
        let told = kinds.lazy.compactMap(MachineShape.provider).first
        report.provider = definition.provider ?? told?.rawValue
        report.sizes = definition.sizes(for: told).mapValues(\.json)
    }

    /// Variables that the definition names and the template does not, most likely by a typo.
    private func strangers() -> [ClassFinding] {
        let names = template.variables.map(\.name)
        let mapping = definition.mapping
        let places =
            definition.variables.keys.sorted().map { ($0, "/variables/\($0)") }
            + [
                (mapping.name, "name"), (mapping.namespace, "namespace"),
                (mapping.kubernetesVersion, "kubernetesVersion"), (mapping.region, "region"),
                (mapping.controlPlaneReplicas, "controlPlane/replicas"),
                (mapping.nodeCount, "nodePools/count"),
            ].flatMap { targets, member in
                targets.compactMap { target in
                    guard case .variable(let name) = target else { return nil }
                    return (name, "/mapping/\(member)")
                }
            }
        return places.filter { !names.contains($0.0) }.map { name, pointer in
            let hint = nearest(to: name, in: names).map { "; did you mean \($0)?" } ?? ""
            let message = "the template has no variable \(name)\(hint)"
            return ClassFinding(.note, pointer: pointer, message)
        }
    }

    /// Variables that neither the class nor a wish gives a value.
    private func missing(_ values: [String: String]) -> [TemplateVariable] {
        let mapped = definition.mapping.region + definition.mapping.controlPlaneReplicas
        return template.variables.filter { variable in
            variable.isRequired && values[variable.name] == nil
                && !mapped.contains(.variable(variable.name))
        }
    }
}

extension ClassBuild {
    /// Fills in what the objects tell, and returns kinds that tell the provider.
    fileprivate func describe(_ report: inout ClassReport) -> [String] {
        guard !isTopology else {
            let control = clusterClass?.json.value(at: ["spec", "controlPlane"])
            let reference = control?["templateRef"] ?? control?["ref"]
            report.controlPlaneKind = reference?["kind"]?.string ?? ""
            report.hasControlPlaneReplicas =
                control?["machineInfrastructure"] != nil
                || root.json.value(at: ["spec", "topology", "controlPlane", "replicas"]) != nil
            report.pools = topologyPools.map { list, entry in
                ClassReport.Pool(
                    name: entry["name"]?.string ?? "",
                    kind: list == "machinePools" ? "MachinePool" : "MachineDeployment",
                    machineKind: topologyMachineKind ?? "",
                    nodes: Self.nodes(
                        entry["replicas"],
                        entry.value(at: ["metadata", "annotations"])
                    )
                )
            }
            return [topologyMachineKind].compactMap(\.self) + objects.map(\.kind)
        }
        if let control = controlPlanePlace.map({ objects[$0] }) {
            report.controlPlaneKind = control.kind
            report.hasControlPlaneReplicas = control.json["spec"]?["replicas"] != nil
        }
        report.pools = groups.map { group in
            ClassReport.Pool(
                name: group.name,
                kind: group.owner.kind,
                machineKind: group.machine?.kind ?? "",
                nodes: Self.nodes(
                    group.owner.json.value(at: ["spec", "replicas"]),
                    group.owner.json.value(at: ["metadata", "annotations"])
                )
            )
        }
        let cluster = root.json["spec"]?["infrastructureRef"]?["kind"]?.string
        return groups.compactMap(\.machine?.kind) + [cluster].compactMap(\.self)
    }

    /// As many as an autoscaler may make of them, else as many as are asked for; Cluster API makes
    /// one where nobody says.
    private static func nodes(_ replicas: JSON?, _ annotations: JSON?) -> Int {
        let most = annotations?[WellKnown.mostNodes]?.string.flatMap { Int($0) }
        return max(0, most ?? replicas?.int ?? 1)
    }
}
