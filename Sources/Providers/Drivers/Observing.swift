package import Contract
package import Domain
import JSON

/// Makes an observation of what a driver found in the objects of its kind.
package struct Observing: Sendable {
    /// How long the objects may take from the wish to the management cluster.
    package static let deliveryDeadline = Duration.seconds(10 * 60)

    /// What is wanted.
    package let wish: ClusterWish
    /// What is there.
    package let seen: SeenObjects
    /// The root object; nil where it is not there.
    package let root: SeenObject?
    /// When it is.
    package let now: Instant
    /// What must hold before the cluster is ready, in the order in which it comes about.
    package var stages: [Stage] = []
    /// What is told beside that.
    package var others: [SeenCondition] = []

    /// The beginning of an observation.
    package init(
        wish: ClusterWish,
        seen: SeenObjects,
        root: SeenObject?,
        at now: Instant
    ) {
        self.wish = wish
        self.seen = seen
        self.root = root
        self.now = now
    }

    /// The observation, without what only the driver of the kind knows.
    package func observation(
        platform: Stage?,
        drift set: ManifestSet?,
        watched: [WatchedKind],
        events: [SeenEvent]
    ) -> ClusterObservation {
        var result = ClusterObservation()
        result.events = events
        result.rootUID = root?.uid
        guard let root else {
            describeAbsence(in: &result)
            return result
        }
        if let deletion = DeletionReading(of: root, among: seen) {
            let stages = [deletion.stage(from: now)]
            result.isDeleting = true
            result.conditions = stages.conditions(from: now, at: now) + others
            result.waiting = stages.wait(from: now)
            return result
        }
        let start = root.createdAt ?? now
        let awaited = stages + (platform.map { [$0] } ?? [])
        result.conditions = awaited.conditions(from: start, at: now) + others
        result.waiting = awaited.wait(from: start)
        result.isReady = stages.allSatisfy { $0.condition.status == .true }
        result.conditions.append(ready(stages.conditions(from: start, at: now)))
        if let set {
            let names = watched.map { WatchedName(group: $0.group, kind: $0.kind) }
            result.drift = Drift(of: seen, from: set).fields(watched: names, at: now)
        }
        return result
    }

    private func describeAbsence(in result: inout ClusterObservation) {
        let stage = Stage(
            .unknown("Ready", "NotDelivered", "The cluster's objects are not there yet."),
            on: "the cluster's objects to be applied",
            since: wish.cluster.createdAt,
            deadline: Self.deliveryDeadline,
            releasedBy: "whoever mends the delivery to the management cluster"
        )
        result.conditions = [stage].conditions(from: now, at: now)
        result.waiting = [stage].wait(from: now)
    }

    /// The sum of the conditions: that of the first that does not hold.
    private func ready(_ conditions: [SeenCondition]) -> SeenCondition {
        guard let first = conditions.first(where: { $0.status != .true }) else {
            return .holds("Ready", "Ready", "Everything that is wanted is there and works.")
        }
        return .fails("Ready", first.reason, first.message)
    }
}
