package import Domain
import Drivers
package import JSON

/// How a virtual cluster is put to sleep and woken, as the vCluster command line does it: its
/// control plane is scaled to nothing, and what it had synced is deleted, because nothing would
/// manage it. Its state stays in its volume.
///
/// The release must be suspended before, or its engine wakes it again.
package struct VClusterSleep: Sendable {
    /// What says that it was put to sleep, and with how many replicas it is to wake.
    static let pausedKey = "loft.sh/paused"
    static let replicasKey = "loft.sh/paused-replicas"
    static let dateKey = "loft.sh/paused-date"

    private let wish: ClusterWish

    /// The sleep of a virtual cluster.
    package init(of wish: ClusterWish) {
        self.wish = wish
    }

    /// The name of the StatefulSet, in the cluster's namespace, that runs the control plane.
    package var statefulSet: String { wish.slug }
    /// Which pods of the namespace are deleted once the control plane is gone.
    package var workloads: String { "vcluster.loft.sh/managed-by=\(wish.slug)" }

    /// The merge patch that puts the StatefulSet to sleep; nil where it is already asked to.
    package func sleeping(_ statefulSet: JSONObject, at now: Instant) -> JSON? {
        let seen = SeenObject(statefulSet)
        let replicas = seen.spec("replicas")?.int ?? 1
        guard replicas > 0 else { return nil }
        return [
            "metadata": [
                "annotations": [
                    Self.pausedKey: "true",
                    Self.replicasKey: .string("\(replicas)"),
                    Self.dateKey: .string("\(now)"),
                ]
            ],
            "spec": ["replicas": 0],
        ]
    }

    /// The merge patch that wakes the StatefulSet; nil where it is awake.
    package func waking(_ statefulSet: JSONObject) -> JSON? {
        let seen = SeenObject(statefulSet)
        let isMarked = seen.annotation(Self.pausedKey) != nil
        guard seen.spec("replicas")?.int == 0 || isMarked else { return nil }
        let before = seen.annotation(Self.replicasKey).flatMap { Int($0) } ?? 1
        return [
            "metadata": [
                "annotations": [
                    Self.pausedKey: nil,
                    Self.replicasKey: nil,
                    Self.dateKey: nil,
                ]
            ],
            "spec": ["replicas": .integer(max(1, min(before, Self.replicasMax)))],
        ]
    }

    /// The most replicas that an annotation is believed to have had.
    private static let replicasMax = 5

    /// Whether the control plane is gone: now the workloads may be deleted.
    package func isDown(_ statefulSet: JSONObject) -> Bool {
        let seen = SeenObject(statefulSet)
        return seen.spec("replicas")?.int == 0 && seen.isObserved
            && (seen.status("replicas")?.int ?? 0) == 0
    }

    /// Whether the control plane works.
    package func isUp(_ statefulSet: JSONObject) -> Bool {
        let seen = SeenObject(statefulSet)
        let wanted = seen.spec("replicas")?.int ?? 1
        return wanted > 0 && seen.isObserved && (seen.status("readyReplicas")?.int ?? 0) >= wanted
    }

    /// Whether it was put to sleep, by Slipway or by the command line.
    package func isMarked(_ statefulSet: JSONObject) -> Bool {
        SeenObject(statefulSet).spec("replicas")?.int == 0
    }
}
