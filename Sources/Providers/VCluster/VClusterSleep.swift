import Domain
import Drivers
import JSON

/// Whether the control plane of a virtual cluster runs, is going, or has gone to sleep.
///
/// It is put to sleep as the vCluster command line does it: scaled to nothing, with what it had
/// synced deleted after it, because nothing would manage that. Its state stays in its volume.
struct VClusterSleep {
    private let plane: SeenObject

    /// The state of the StatefulSet that runs the control plane.
    init(of plane: SeenObject) {
        self.plane = plane
    }

    private var wanted: Int { plane.spec("replicas")?.int ?? 1 }

    /// Whether it is gone: what is left of the workloads may go.
    var isDown: Bool {
        wanted == 0 && plane.isObserved && (plane.status("replicas")?.int ?? 0) == 0
    }

    /// Whether it works.
    var isUp: Bool {
        wanted > 0 && plane.isObserved && (plane.status("readyReplicas")?.int ?? 0) >= wanted
    }

    /// Whether what runs is of the newest template; a set that does not count them has no older.
    var isCurrent: Bool {
        guard let current = plane.status("currentRevision"),
            let update = plane.status("updateRevision")
        else { return true }
        return current == update
    }

    /// Since when somebody wants it to sleep; nil where they did not say.
    var pausedAt: Instant? {
        guard let text = plane.annotation("loft.sh/paused-date") else { return nil }
        do throws(InstantFault) {
            return try Instant(parsing: text)
        } catch {
            return nil  // Whoever else paused it writes the date as they like.
        }
    }
}
