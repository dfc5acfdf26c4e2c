import Domain
import Drivers

/// The phases of a cluster, one after the other, from what Cluster API says.
struct ClusterReading {
    let wish: ClusterWish
    let root: RootReading
    let machines: MachineReading

    /// Whether the API server can be used, as far as the management cluster knows.
    var isReachable: Bool { root.isInitialized && !root.isProbeFailing }

    var stages: [Stage] {
        (strangePause.map { [$0] } ?? []) + [
            infrastructure, controlPlane, reachable, workers, settled,
        ]
    }

    /// What is told where there is no cluster: the same conditions, of which nothing is known.
    static let nothing = [
        "InfrastructureReady", "ControlPlaneReady", "Reachable", "WorkersReady", "UpToDate",
    ].map { type in
        Stage(
            .unknown(type, "NotDelivered", "The cluster is not there."),
            on: "the cluster to be there",
            since: nil,
            deadline: nil
        )
    }

    /// A pause that nobody asked Slipway for stops everything.
    private var strangePause: Stage? {
        guard root.isPaused, !wish.cluster.spec.paused else { return nil }
        var stage = Stage(
            .fails("Paused", "PausedElsewhere", "Somebody paused the cluster."),
            on: "the cluster to go on from its pause",
            since: root.condition("Paused", "Paused")?.since,
            deadline: nil,
            releasedBy: "whoever paused it in the management cluster"
        )
        stage.isSilent = true
        return stage
    }

    /// Who can release what needs machines.
    private var cloud: String {
        "\(wish.caretaker), or the cloud account's owner where quota or rights are missing"
    }

    private var infrastructureStatus: SeenStatus? {
        root.condition("InfrastructureReady", "InfrastructureReady")
    }

    private var infrastructure: Stage {
        let type = "InfrastructureReady"
        let message = infrastructureStatus?.message ?? ""
        return Stage(
            root.isInfrastructureThere
                ? .holds(type, "Provisioned", "The infrastructure is there.")
                : .unknown(
                    type,
                    "Provisioning",
                    root.failure ?? (message.isEmpty ? "It is being made." : message)
                ),
            on: "the infrastructure to be made",
            since: infrastructureStatus?.since ?? root.root.createdAt,
            deadline: Deadlines.infrastructure,
            releasedBy: cloud
        )
    }

    private var controlPlaneStatus: SeenStatus? {
        root.condition("ControlPlaneAvailable", "ControlPlaneReady")
    }

    private var controlPlane: Stage {
        let type = "ControlPlaneReady"
        let told = controlPlaneStatus?.message ?? ""
        let message = told.isEmpty ? machines.complaint ?? "" : told
        let condition: SeenCondition
        if root.isInitialized, root.isControlPlaneAvailable {
            condition = .holds(type, "Available", "The control plane works.")
        } else if root.isInitialized {
            condition = .fails(type, "Unavailable", message)
        } else {
            condition = .unknown(type, "Starting", message.isEmpty ? "It is starting." : message)
        }
        return Stage(
            condition,
            on: root.isInitialized
                ? "the control plane to work again" : "the control plane to come up",
            since: later(controlPlaneStatus?.since, infrastructureStatus?.since),
            deadline: Deadlines.controlPlane,
            releasedBy: cloud
        )
    }

    private var reachable: Stage {
        let type = "Reachable"
        let probe = root.condition("RemoteConnectionProbe", "RemoteConnectionProbe")
        let condition: SeenCondition =
            if isReachable {
                .holds(type, "Reachable", "The API server answers.")
            } else if root.isInitialized {
                .fails(type, "Unreachable", probe?.message ?? "The API server does not answer.")
            } else {
                .unknown(type, "ControlPlaneNotReady", "The control plane is not up yet.")
            }
        return Stage(
            condition,
            on: "the API server to answer",
            since: later(probe?.since, controlPlaneStatus?.since),
            deadline: Deadlines.controlPlane,
            releasedBy: "\(wish.caretaker), which must reach the cluster"
        )
    }

    private var workers: Stage {
        let type = "WorkersReady"
        let told = root.condition("WorkersAvailable", "WorkersAvailable")
        let condition: SeenCondition
        if let lack = machines.lack {
            let why = machines.complaint ?? ""
            condition = .unknown(type, "Scaling", why.isEmpty ? lack : "\(lack) \(why)")
        } else if let told, told.isFalse {
            condition = .fails(type, "Unavailable", told.message)
        } else {
            condition = .holds(type, "Available", "All nodes that are wanted work.")
        }
        return Stage(
            condition,
            on: "the nodes to work",
            since: told?.isFalse == true ? told?.since : nil,
            deadline: Deadlines.workers,
            releasedBy: cloud
        )
    }

    /// That nothing is under way: versions are as wanted, machines are replaced, and Cluster API
    /// itself says that all is well.
    private var settled: Stage {
        let type = "UpToDate"
        let condition: SeenCondition
        let under = ["RollingOut", "ScalingUp", "ScalingDown"].lazy.compactMap(root.isUnderWay)
            .first
        let topology = root.condition("TopologyReconciled", "TopologyReconciled")
        let sum = root.sum
        if let outdated {
            condition = .unknown(type, "Upgrading", outdated)
        } else if let under {
            condition = .unknown(type, "RollingOut", under.message)
        } else if let topology, topology.isFalse {
            let isBroken = ["ReconcileFailed", "TopologyReconcileFailed"].contains(topology.reason)
            condition =
                isBroken
                ? .fails(type, "TopologyFailed", topology.message)
                : .unknown(type, "TopologyPending", topology.message)
        } else if sum?.isTrue == true {
            condition = .holds(type, "UpToDate", "The cluster is as it is wanted.")
        } else {
            condition = .unknown(type, "NotAvailable", sum?.message ?? "It is being looked at.")
        }
        return Stage(
            condition,
            on: "the cluster to become what is wanted",
            since: outdated == nil
                ? under?.since ?? (sum?.isFalse == true ? sum?.since : nil) : nil,
            deadline: Deadlines.rollout
        )
    }

    /// Which version is not there yet; a version that nobody tells is believed.
    private var outdated: String? {
        guard let wanted = wish.cluster.spec.kubernetesVersion else { return nil }
        if let plane = machines.controlPlaneVersion, plane != wanted {
            return "The control plane goes from \(plane) to \(wanted)."
        }
        let nodes = wish.workersVersion ?? wanted
        if let workers = machines.workersVersion, workers != nodes {
            return "Nodes go from \(workers) to \(nodes)."
        }
        return nil
    }

    private func later(_ left: Instant?, _ right: Instant?) -> Instant? {
        guard let left, let right else { return left ?? right }
        return max(left, right)
    }
}
