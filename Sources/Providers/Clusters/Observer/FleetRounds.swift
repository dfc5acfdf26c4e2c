import Contract
import Domain
import Drivers
import Kubernetes
import Synchronization

/// What no watch of the management cluster tells, and is asked for in rounds: how adopted clusters
/// do, and whether what Argo CD knows of a cluster still is what its kubeconfig says.
final class FleetRounds: Sendable {
    /// How often there is a round.
    static let every = Duration.seconds(20)
    /// Clusters that are asked at once: one that does not answer holds up few others.
    private static let atOnceMax = 16

    private struct Stop: Sendable {
        let member: FleetMember
        let wish: ClusterWish
        let registration: ArgoRegistration?
    }

    private struct State {
        var stops: [ClusterID: Stop] = [:]
        var looks: [ClusterID: AdoptedLook] = [:]
    }

    private let management: ManagementCluster
    private let clusters: ManagementClusters
    private let state = Mutex(State())

    init(of management: ManagementCluster, through clusters: ManagementClusters) {
        self.management = management
        self.clusters = clusters
    }

    /// The driver of an adopted cluster, with what was last seen of it; nil for others.
    func driver(of member: FleetMember, _ wish: ClusterWish) -> AdoptedDriver? {
        guard wish.cluster.spec.adopt != nil else { return nil }
        return AdoptedDriver(after: state.withLock { $0.looks[member.id] })
    }

    /// Leaves out a cluster that is gone.
    func leave(_ member: FleetMember) {
        state.withLock { state in
            state.stops[member.id] = nil
            state.looks[member.id] = nil
        }
    }

    /// Takes a cluster in, as it is wanted now, or leaves it out where nothing is to be asked.
    func enter(_ member: FleetMember, _ wish: ClusterWish, kubeconfig: SecretKey?) {
        let isGoing = wish.cluster.status.phase == .deleting
        let registration = isGoing ? nil : ArgoRegistration(of: wish, by: kubeconfig)
        let isAsked = wish.cluster.spec.adopt != nil && !isGoing
        state.withLock { state in
            guard isAsked || registration != nil else {
                state.stops[member.id] = nil
                state.looks[member.id] = nil
                return
            }
            state.stops[member.id] = Stop(
                member: member,
                wish: wish,
                registration: registration
            )
        }
    }

    /// One round; returns whose state is another than before.
    func go() async -> [FleetMember] {
        let stops = state.withLock { Array($0.stops.values) }
        return await withTaskGroup(of: FleetMember?.self) { group in
            var changed: [FleetMember] = []
            for (place, stop) in stops.enumerated() {
                if place >= Self.atOnceMax, let member = await group.next() ?? nil {
                    changed.append(member)
                }
                group.addTask { await self.ask(stop) }
            }
            for await member in group { if let member { changed.append(member) } }
            return changed
        }
    }

    private func ask(_ stop: Stop) async -> FleetMember? {
        // Tried again with the next round.
        _ = try? await stop.registration?.renew(in: management, through: clusters)
        guard stop.wish.cluster.spec.adopt != nil else { return nil }
        let look = await clusters.look(at: stop.wish.cluster, in: management)
        let before = state.withLock { state in
            let before = state.looks[stop.member.id]
            // Who has left meanwhile stays out.
            if state.stops[stop.member.id] != nil { state.looks[stop.member.id] = look }
            return before
        }
        return before == look ? nil : stop.member
    }
}
