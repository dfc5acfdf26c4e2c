import Domain
import JSON
import Synchronization

/// Plans that were made, by cluster: a cluster is looked at far more often than what is wanted of
/// it changes, and reading its class takes longer than everything else of a look.
final class PlanCache: Sendable {
    /// Plans that are kept: 256; beyond that all are made anew.
    private static let plansMax = 256

    private struct Known: Sendable {
        let wish: ClusterWish
        let plan: ClusterAPIDriver.Plan
    }

    private let known = Mutex<[ClusterID: Known]>([:])

    /// The plan for a wish, made where it is not the one of last time.
    func plan<Fault: Error>(
        for wish: ClusterWish,
        making make: (ClusterWish) throws(Fault) -> ClusterAPIDriver.Plan
    ) throws(Fault) -> ClusterAPIDriver.Plan {
        var wanted = wish
        wanted.cluster.disregardWhatIsSeen()
        let before = known.withLock { $0[wanted.cluster.id] }
        if let before, before.wish == wanted { return before.plan }
        let plan = try make(wanted)
        known.withLock { known in
            if known.count >= Self.plansMax { known = [:] }
            known[wanted.cluster.id] = Known(wish: wanted, plan: plan)
        }
        return plan
    }
}

extension Cluster {
    /// Puts everything aside that is not wanted but seen, or only counts changes.
    fileprivate mutating func disregardWhatIsSeen() {
        status = ClusterStatus(phase: .pending)
        revision = 0
        updatedAt = createdAt
    }
}
