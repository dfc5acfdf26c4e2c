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
        platform: Stage,
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
            let going = [deletion.stage(from: now)]
            result.isDeleting = true
            result.waiting = going.wait(after: known, at: now, caretaker: wish.caretaker)
            result.conditions =
                going.conditions(while: result.waiting, at: now)
                + stages.conditions(while: nil, at: now) + others
            return result
        }
        let awaited = stages + [platform]
        result.waiting = pause ?? awaited.wait(after: known, at: now, caretaker: wish.caretaker)
        result.isReady = stages.allSatisfy { !$0.isAwaited }
        result.conditions = awaited.conditions(while: result.waiting, at: now) + others
        result.conditions.append(ready(result.waiting))
        if let set {
            let names = watched.map { WatchedName(group: $0.group, kind: $0.kind) }
            let drift = Drift(of: seen, from: set, isSettled: isSettled)
            result.drift = drift.fields(watched: names, at: now)
        }
        return result
    }

    /// What was waited for at the last look.
    private var known: ClusterWait? { wish.cluster.status.seen.waiting }

    /// While it is paused nothing is due; one that sleeps does so all the same.
    private var pause: ClusterWait? {
        let spec = wish.cluster.spec
        return spec.paused && !spec.asleep ? .paused(after: known, at: now) : nil
    }

    /// Whether what is wanted has been delivered: before that it differs without anybody's doing.
    private var isSettled: Bool {
        wish.cluster.status.observedGeneration == wish.cluster.generation
    }

    private func describeAbsence(in result: inout ClusterObservation) {
        if wish.cluster.status.phase == .deleting {
            result.isDeleting = true
            let what = "What is left of it is being removed."
            result.conditions = [.fails("Ready", "Deleting", what)]
            return
        }
        let stage = Stage(
            .unknown("Ready", "NotDelivered", "The cluster's objects are not there yet."),
            on: "the cluster's objects to be applied",
            since: known == nil && wish.cluster.status.seen.rootUID == nil
                ? wish.cluster.createdAt : nil,
            deadline: Self.deliveryDeadline,
            releasedBy: "whoever mends the delivery to the management cluster"
        )
        result.waiting = [stage].wait(after: known, at: now, caretaker: wish.caretaker)
        result.conditions =
            [stage].conditions(while: result.waiting, at: now)
            + stages.conditions(while: nil, at: now)
    }

    /// The sum of the conditions: that of the first that does not hold.
    private func ready(_ wait: ClusterWait?) -> SeenCondition {
        var silent = stages
        for index in silent.indices { silent[index].isSilent = false }
        let all = silent.conditions(while: wait, at: now)
        guard let first = zip(silent, all).first(where: { $0.0.isAwaited })?.1 else {
            return .holds("Ready", "Ready", "Everything that is wanted is there and works.")
        }
        return .fails("Ready", first.reason, first.message)
    }
}
