import Domain
import Drivers
import JSON

/// The machines of a cluster, and who makes them.
struct MachineReading {
    let wish: ClusterWish
    let seen: SeenObjects
    let root: SeenObject?
    /// The names of the pools by those of the objects that hold them.
    let poolNames: [String: String]

    private var machines: [SeenObject] {
        seen.every("Machine", in: ClusterAPIDriver.coreGroup)
    }
    private var owners: [SeenObject] {
        seen.every("MachineDeployment", "MachinePool", in: ClusterAPIDriver.coreGroup)
    }

    /// The pools by name; those that go are among them until they are gone.
    var pools: [PoolFigures] {
        owners.filter { $0.deletedAt == nil }.map { owner in
            PoolFigures(
                name: poolName(owner),
                nodes: NodeFigures(desired: desired(owner), ready: ready(owner)),
                version: version(of: owner)
            )
        }
        .sorted { $0.name < $1.name }
    }

    /// Nodes beside those of the control plane.
    var nodes: NodeFigures {
        let pools = pools
        if pools.isEmpty, let workers = root?.status("workers") {
            return NodeFigures(
                desired: count(workers["desiredReplicas"]),
                ready: count(workers["readyReplicas"])
            )
        }
        return NodeFigures(
            desired: pools.reduce(0) { $0 + $1.nodes.desired },
            ready: pools.reduce(0) { $0 + $1.nodes.ready }
        )
    }

    /// The version of the control plane: of its oldest machine, so that an upgrade is done when
    /// it is.
    var controlPlaneVersion: String? {
        let plane = seen.every("KubeadmControlPlane").first
        let own = machines.filter { $0.label("cluster.x-k8s.io/control-plane") != nil }
        let told = [
            Self.oldest(plane?.status("versions")),
            Self.oldest(root?.status("controlPlane")?["versions"]),
            Self.oldest(own), plane?.status("version")?.string.map(Self.plain),
        ]
        return told.lazy.compactMap(\.self).first
    }

    /// The oldest version among the nodes.
    var workersVersion: String? {
        let versions = pools.compactMap(\.version)
        return Self.oldest(versions) ?? Self.oldest(root?.status("workers")?["versions"])
    }

    /// What the pools still lack, in words; nil where they are as they are wanted.
    var lack: String? {
        let pools = pools
        for wanted in wish.cluster.spec.nodePools ?? [] {
            guard let pool = pools.first(where: { $0.name == wanted.name }) else {
                return "Pool \(wanted.name) is not there yet."
            }
            if case .fixed(let count) = wanted.count, pool.nodes.desired != count {
                return "Pool \(wanted.name) is going from \(pool.nodes.desired) to \(count) nodes."
            }
        }
        let asked = Set((wish.cluster.spec.nodePools ?? []).map(\.name))
        if wish.cluster.spec.nodePools != nil,
            let extra = pools.first(where: { !asked.contains($0.name) })
        {
            return "Pool \(extra.name) is still there."
        }
        let short = pools.first { $0.nodes.ready < $0.nodes.desired }
        return short.map { pool in
            "Pool \(pool.name) has \(pool.nodes.ready) of \(pool.nodes.desired) nodes ready."
        }
    }

    /// What machine health checks found, and whether they may act on it.
    var health: SeenCondition {
        let type = "MachinesHealthy"
        let checks = seen.every("MachineHealthCheck", in: ClusterAPIDriver.coreGroup)
        guard !checks.isEmpty else {
            return .unknown(type, "NotChecked", "No health checks look at the machines.")
        }
        var ill: [String] = []
        var isBlocked = false
        for check in checks {
            let expected = count(check.status("expectedMachines"))
            let healthy = count(check.status("currentHealthy"))
            guard healthy < expected else { continue }
            ill.append("\(expected - healthy) of \(expected) machines of \(check.name)")
            if check.condition("RemediationAllowed")?.isFalse == true { isBlocked = true }
        }
        guard !ill.isEmpty else { return .holds(type, "Healthy", "All machines are healthy.") }
        let what = "Unhealthy: \(ill.joined(separator: ", "))."
        // Machines that are coming up or going are not healthy, and nobody replaces them.
        let isFound = machines.contains { $0.condition("HealthCheckSucceeded")?.isFalse == true }
        guard isFound || isBlocked else {
            return .unknown(type, "NotYetHealthy", "\(what) No check has failed.")
        }
        return isBlocked
            ? .fails(
                type,
                "RemediationStopped",
                "\(what) Too many at once to replace them unasked."
            )
            : .fails(type, "Remediating", "\(what) They are being replaced.")
    }

    /// The message of the worst machine, to say why nodes do not come.
    var complaint: String? {
        for machine in machines where machine.deletedAt == nil {
            for type in ["InfrastructureReady", "BootstrapConfigReady", "NodeReady", "Ready"] {
                guard let condition = machine.condition(type), condition.isFalse,
                    !condition.message.isEmpty
                else { continue }
                return "\(machine.title): \(condition.message)"
            }
        }
        return nil
    }
}

extension MachineReading {
    private func poolName(_ owner: SeenObject) -> String {
        let topology = "topology.cluster.x-k8s.io/"
        let label = owner.label(topology + "deployment-name") ?? owner.label(topology + "pool-name")
        if let name = label ?? poolNames[owner.name] { return name }
        let prefix = "\(wish.slug)-"
        return owner.name.hasPrefix(prefix)
            ? String(owner.name.dropFirst(prefix.count)) : owner.name
    }

    private func desired(_ owner: SeenObject) -> Int {
        count(owner.spec("replicas") ?? owner.status("replicas"))
    }

    /// Nodes that work: of the newest spec only where the controller has seen it.
    private func ready(_ owner: SeenObject) -> Int {
        count(owner.status("readyReplicas") ?? owner.status("availableReplicas"))
    }

    /// A number of machines that is believed.
    private func count(_ value: JSON?) -> Int {
        min(max(0, value?.int ?? 0), Self.machinesMax)
    }

    private func version(of owner: SeenObject) -> String? {
        if let told = Self.oldest(owner.status("versions")) { return told }
        let own = machines.filter { machine in
            machine.label("cluster.x-k8s.io/deployment-name") == owner.name
                || machine.label("cluster.x-k8s.io/pool-name") == owner.name
        }
        if let seen = Self.oldest(own) { return seen }
        let replicas = owner.status("replicas")?.int ?? 0
        let current = owner.status("upToDateReplicas")?.int ?? owner.status("updatedReplicas")?.int
        // Machines that nobody shows have the version of the template once all are from it.
        guard current.map({ $0 >= replicas }) ?? true, owner.isObserved else { return nil }
        return owner.spec("template")?.at("spec", "version")?.string.map(Self.plain)
    }

    private static func oldest(_ list: JSON?) -> String? {
        oldest((list?.array ?? []).compactMap { $0["version"]?.string }.map(plain))
    }

    private static func oldest(_ machines: [SeenObject]) -> String? {
        let versions = machines.filter { $0.deletedAt == nil }.compactMap { machine -> String? in
            // Nodes in memory have none to tell.
            let told = machine.status("nodeInfo")?["kubeletVersion"]?.string
            return told?.isEmpty == false ? told : machine.spec("version")?.string
        }
        return oldest(versions.map(plain))
    }

    private static func oldest(_ versions: [String]) -> String? {
        versions.min { left, right in
            guard let left = SemanticVersion(left), let right = SemanticVersion(right) else {
                return left < right
            }
            return left < right
        }
    }

    private static func plain(_ version: String) -> String {
        let plain = version.hasPrefix("v") ? version.dropFirst() : version[...]
        return String(plain.prefix(versionLengthMax))
    }

    /// The most machines of one object that are believed.
    private static var machinesMax: Int { 1_000_000 }

    /// The most characters of a version that are believed.
    private static var versionLengthMax: Int { 64 }
}
