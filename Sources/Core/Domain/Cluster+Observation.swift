extension Cluster {
    /// What follows from a look at the management cluster.
    package struct Sighting: Sendable, Equatable {
        /// The status as it is from now on.
        package let status: ClusterStatus
        /// What the world is told.
        package let events: [EventType]

        /// A status, and what is told of it.
        package init(status: ClusterStatus, events: [EventType]) {
            self.status = status
            self.events = events
        }
    }

    /// What becomes of the status by what is seen now; nil where nothing of it changed.
    package func sighting(of seen: ClusterObservation, at moment: Instant) -> Sighting? {
        var next = status
        next.seen = seen
        // What sleeps or starts does not tell; it comes back as what it was.
        next.seen.controlPlaneVersion =
            seen.controlPlaneVersion ?? status.seen.controlPlaneVersion
        // When it was seen is said by the status; the observation itself bears no conditions.
        next.seen.conditions = []
        next.phase = phase(seeing: seen, at: moment)
        let watched = SeenCondition(
            type: Self.observed,
            status: .true,
            reason: "Watched",
            message: "The status is what the management cluster shows."
        )
        for condition in seen.conditions + [watched] {
            next.conditions.set(
                Condition(
                    type: condition.type,
                    status: condition.status,
                    reason: condition.reason,
                    message: condition.message,
                    observedGeneration: status.observedGeneration,
                    lastTransitionAt: moment
                )
            )
        }
        var old = status
        old.seen.conditions = []
        guard next != old else { return nil }
        var events: [EventType] = []
        if next.phase != status.phase {
            switch next.phase {
            case .ready: events.append(.clusterReady)
            case .degraded: events.append(.clusterDegraded)
            case .asleep: events.append(.clusterAsleep)
            default: break
            }
        }
        if !seen.drift.isEmpty, seen.drift != status.seen.drift { events.append(.clusterDrifted) }
        return Sighting(status: next, events: events)
    }

    /// Whether the status is up to date.
    private static let observed = "Observed"

    /// What becomes of the status when nobody can look any more; nil where it says so already.
    ///
    /// All else stays as it was seen last.
    package func lost(because reason: String, at moment: Instant) -> Sighting? {
        var next = status
        next.conditions.set(
            Condition(
                type: Self.observed,
                status: .false,
                reason: "ManagementClusterAway",
                message: "All else is as it was seen last: \(reason)",
                observedGeneration: status.observedGeneration,
                lastTransitionAt: moment
            )
        )
        return next == status ? nil : Sighting(status: next, events: [])
    }

    /// The word for what is wanted and what is seen.
    private func phase(seeing seen: ClusterObservation, at moment: Instant) -> ClusterStatus.Phase {
        if status.phase == .deleting { return .deleting }
        let isSettled = status.observedGeneration == generation
        guard status.observedGeneration > 0 || seen.rootUID != nil else { return status.phase }
        let isOverdue = seen.waiting?.until.map { $0 <= moment } ?? false
        if isOverdue { return .degraded }
        let isFirst = status.phase == .pending || status.phase == .provisioning
        guard isSettled else { return isFirst ? .provisioning : .updating }
        if spec.asleep { return seen.isAsleep ? .asleep : .updating }
        if spec.paused { return .paused }
        if seen.isReady { return .ready }
        if isFirst { return .provisioning }
        // What is waited for has a deadline and is not over it.
        return seen.waiting == nil ? .degraded : .updating
    }
}

extension ClusterObservation {
    /// Whether whoever waits for the cluster should look at it now: it can be used, works, sleeps
    /// or goes where it did not, or runs another version.
    package func isNews(after old: ClusterObservation) -> Bool {
        isReachable != old.isReachable || isReady != old.isReady || isAsleep != old.isAsleep
            || isDeleting != old.isDeleting || rootUID != old.rootUID
            || controlPlaneVersion != old.controlPlaneVersion
            || workersVersion != old.workersVersion
    }
}
