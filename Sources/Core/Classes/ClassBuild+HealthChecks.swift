import JSON

extension ClassBuild {
    /// Adds health checks where the template has none.
    mutating func buildHealthChecks() {
        guard definition.healthChecks.isEnabled else { return }
        if isTopology {
            guardTopologyControlPlane()
        } else {
            guardControlPlane()
            guardPools()
        }
    }

    /// Only machines of the management cluster can be looked after, not a provider's own control
    /// plane.
    private mutating func guardTopologyControlPlane() {
        let path = ["spec", "topology", "controlPlane"]
        let control = clusterClass?.json.value(at: ["spec", "controlPlane"])
        var part = root.json.value(at: path) ?? .object(JSONObject())
        guard control?["machineInfrastructure"] != nil, control?["healthCheck"] == nil,
            control?["machineHealthCheck"] == nil, part["healthCheck"] == nil,
            part["machineHealthCheck"] == nil
        else { return }
        setHealthCheck(stops: false, in: &part)
        root.json.set(part, at: path)
    }

    private mutating func guardControlPlane() {
        guard let place = controlPlanePlace, !objects[place].isRoot,
            objects[place].json["spec"]?["replicas"] != nil,
            objects[place].references().contains(where: { $0.kind.hasSuffix("MachineTemplate") })
        else { return }
        let own = objects[place].json.value(at: ["spec", "machineTemplate", "metadata", "labels"])
        var labels = texts(own)
        labels[WellKnown.clusterName] = slug
        labels[WellKnown.controlPlane] = ""
        guard !isGuarded(labels) else { return }
        objects.append(
            HealthCheck.make(
                name: "\(slug)-control-plane-health",
                cluster: slug,
                selector: (WellKnown.controlPlane, ""),
                times: definition.healthChecks,
                // The control plane's controller minds etcd's quorum itself.
                stops: false,
                version: coreVersion
            )
        )
    }

    private mutating func guardPools() {
        for place in pools.indices where pools[place].owner.kind == "MachineDeployment" {
            let owner = pools[place].owner
            let labels = texts(owner.json.value(at: ["spec", "template", "metadata", "labels"]))
            guard !isGuarded(labels) else { continue }
            let replicas = owner.json["spec"]?["replicas"]?.int
            pools[place].checks.append(
                HealthCheck.make(
                    name: "\(owner.name)-health",
                    cluster: slug,
                    selector: (WellKnown.deploymentName, owner.name),
                    times: definition.healthChecks,
                    // Two fifths of one or two machines are none: a check would never act.
                    stops: (replicas ?? 3) > 2,
                    version: coreVersion
                )
            )
        }
    }

    private func isGuarded(_ labels: [String: String]) -> Bool {
        let checks = objects + pools.flatMap(\.checks)
        return checks.contains { HealthCheck.selects($0, labels) }
    }

    private func texts(_ value: JSON?) -> [String: String] {
        var texts: [String: String] = [:]
        for member in value?.object ?? JSONObject() { texts[member.key] = member.value.string }
        return texts
    }
}
