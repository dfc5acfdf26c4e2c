package import Domain
import Drivers
package import JSON

extension ClusterAPIDriver {
    /// Ready is a cluster of which Cluster API says that it is available, whose nodes are as many
    /// as wanted and whose versions are those that are wanted.
    package func observe(
        _ objects: [JSONObject],
        events: [JSONObject],
        for wish: ClusterWish,
        at now: Instant
    ) -> ClusterObservation {
        let seen = SeenObjects(objects)
        // What cannot be rendered was never applied.
        let plan = try? plan(for: wish)
        let root = seen.first("Cluster", wish.slug, group: Self.coreGroup)
        let machines = MachineReading(
            wish: wish,
            seen: seen,
            root: root,
            poolNames: plan?.pools ?? [:]
        )
        var observing = Observing(wish: wish, seen: seen, root: root, at: now)
        let reading = root.map { root in
            ClusterReading(wish: wish, root: RootReading(root: root), machines: machines)
        }
        observing.stages = reading?.stages ?? ClusterReading.nothing
        observing.others.append(machines.health)
        if let reading { observing.others.append(pause(reading.root, of: wish)) }
        let isReachable = reading?.isReachable ?? false
        var result = observing.observation(
            platform: PlatformReading(of: wish, among: seen, isReachable: isReachable).stage,
            drift: plan?.set,
            watched: watched(in: wish.features),
            events: SeenEvents.newest(of: events)
        )
        result.isReachable = isReachable && !result.isDeleting
        result.endpoint = root?.sandboxAddress(in: wish) ?? reading?.root.endpoint
        result.controlPlaneVersion = machines.controlPlaneVersion
        result.workersVersion = machines.workersVersion
        result.pools = machines.pools
        result.nodes = root == nil ? nil : machines.nodes
        return result
    }

    /// Whether every controller has taken notice of the pause; v1beta1 does not tell.
    private func pause(_ root: RootReading, of wish: ClusterWish) -> SeenCondition {
        let told = root.condition("Paused", "Paused")
        guard wish.cluster.spec.paused else {
            return root.isPaused
                ? .holds("Paused", "PausedElsewhere", "Somebody paused the cluster.")
                : .fails("Paused", "NotPaused", "The controllers are at work.")
        }
        guard root.isPaused, told?.isFalse != true else {
            return .unknown("Paused", "Pausing", "The controllers are still at work.")
        }
        return .holds("Paused", "Paused", "The controllers leave the cluster as it is.")
    }
}
