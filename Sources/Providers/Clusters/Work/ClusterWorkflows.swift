package import Contract
package import Domain
import JSON
import Kubernetes

/// Makes, changes and removes tenants' clusters, over the drivers of their kinds and the delivery
/// of their management cluster.
package struct ClusterWorkflows: Sendable {
    let records: any ClusterRecords
    let clusters: ManagementClusters
    let drivers: [ClusterKind: any ClusterDriver]
    let git: any ClusterDelivery
    let direct: any ClusterDelivery
    let engines: any GitOpsEngines
    let clock: @Sendable () -> Instant

    /// Work with those drivers; `git` and `direct` are the ways to management clusters.
    package init(
        records: any ClusterRecords,
        clusters: ManagementClusters,
        drivers: [any ClusterDriver],
        git: any ClusterDelivery,
        direct: any ClusterDelivery,
        engines: any GitOpsEngines,
        clock: @escaping @Sendable () -> Instant
    ) {
        self.records = records
        self.clusters = clusters
        self.drivers = Dictionary(uniqueKeysWithValues: drivers.map { ($0.kind, $0) })
        self.git = git
        self.direct = direct
        self.engines = engines
        self.clock = clock
    }

    /// What can be done with clusters, for the job engine.
    package var workflows: [Workflow] { [create, update, delete] }

    static let resolveStep = "resolve"
    static let controlPlaneStep = "deliver-control-plane"
    static let deliverStep = "deliver"
    static let dropStep = "drop-root"

    /// A new cluster is delivered, connected with its tenant's repository, and waited for.
    private var create: Workflow {
        Workflow(
            .clusterCreate,
            steps: [
                NamedStep(Self.resolveStep, resolve), NamedStep(Self.deliverStep, deliver),
                NamedStep("await-applied", awaitApplied), NamedStep("connect", connect),
                NamedStep("sleep", sleepOrWake),
                NamedStep("await-reachable", awaitReachable), NamedStep("register", register),
                NamedStep("access", grant), NamedStep("await-ready", awaitReady),
                NamedStep("verify", verify),
            ],
            whenInterrupted: Self.interrupted
        )
    }

    /// A changed cluster is delivered anew: where its Kubernetes version changes, control plane
    /// before nodes, and what nodes were made from goes when they are replaced.
    private var update: Workflow {
        Workflow(
            .clusterUpdate,
            steps: [
                NamedStep(Self.resolveStep, resolve),
                NamedStep(Self.controlPlaneStep, deliverControlPlane),
                NamedStep("await-control-plane", awaitControlPlane),
                NamedStep(Self.deliverStep, deliver), NamedStep("await-applied", awaitApplied),
                NamedStep("connect", connect), NamedStep("sleep", sleepOrWake),
                NamedStep("await-reachable", awaitReachable), NamedStep("register", register),
                NamedStep("access", grant), NamedStep("await-ready", awaitReady),
                NamedStep("retire", retire), NamedStep("verify", verify),
            ],
            whenInterrupted: Self.interrupted
        )
    }

    /// Only the root goes, then everything that belonged to it, then its namespace.
    private var delete: Workflow {
        Workflow(
            .clusterDelete,
            steps: [
                NamedStep(Self.findStep, findRoot), NamedStep("release", release),
                NamedStep(Self.dropStep, dropRoot), NamedStep("await-root-gone", awaitRootGone),
                NamedStep("withdraw", withdraw),
                NamedStep("await-namespace-gone", awaitNamespaceGone),
                NamedStep("look-for-leftovers", look),
            ],
            whenInterrupted: Self.interrupted
        )
    }

    /// What is true of a cluster while its job does not get on.
    private static let interrupted: @Sendable (Interruption) -> [StepFact] = { interruption in
        let step = interruption.step
        func stopped(_ reason: String, _ message: String) -> StepFact {
            .condition(
                type: "Settled",
                status: .false,
                reason: reason,
                message: message,
                generation: nil
            )
        }
        switch interruption.kind {
        case .retrying(let reason): return [stopped("Retrying", "\(step): \(reason)")]
        case .waiting(let on):
            let waits = stopped("Waiting", "\(step): waiting for \(on)")
            return on.hasSuffix(overdue) ? [waits, .clusterPhase(.degraded)] : [waits]
        case .stalled(let reason):
            var data = JSONObject()
            data["step"] = .string(step)
            data["reason"] = .string(reason)
            return [
                stopped("Stalled", "\(step): \(reason)"), .clusterPhase(.degraded),
                .event(.clusterDegraded, data: data),
            ]
        case .cancelled:
            return [stopped("JobCancelled", "The job was cancelled at \(step).")]
        }
    }

    /// What a wait ends in that has taken longer than it should.
    static let overdue = " (overdue)"
    /// Who can release what the management cluster's controllers are to do.
    static let caretaker = "the controllers of the management cluster, or whoever runs it"
}
