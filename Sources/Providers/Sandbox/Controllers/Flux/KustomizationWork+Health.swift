import Domain
import JSON

extension KustomizationWork {
    /// With `wait`, or health checks, it is ready when what it applied is: until its timeout that
    /// is awaited, then it has failed, and is looked at again.
    func health(
        of entries: [AppliedSet.Entry],
        _ revision: String
    ) async throws(KustomizationFault) {
        let watched = watched(among: entries)
        guard !watched.isEmpty else { return }
        let health: Health
        do throws(SandboxStatus) {
            let target = try await RemoteCluster.of(object, in: scene)
            health = try await AppliedSet(target: target, manager: scene.manager)
                .health(of: watched)
        } catch {
            throw .outage(error)
        }
        let timeout = object.spec["timeout"]?.string ?? object.spec["interval"]?.string ?? "5m0s"
        switch health {
        case .healthy:
            try await asking { () async throws(SandboxStatus) in
                try await scene.report(object) { object in
                    object.setCondition(
                        "Healthy",
                        true,
                        reason: "Succeeded",
                        message: "Health check passed",
                        at: scene.now
                    )
                }
            }
        case .failed(let message):
            throw .failedAt(
                revision: revision,
                reason: "HealthCheckFailed",
                message: "health check failed: \(message)"
            )
        case .waiting(let message):
            let isOver =
                scene.now - (waitingSince(revision) ?? scene.now)
                >= GoDuration.parse(timeout) / scene.pace.speed
            guard isOver else {
                throw .waiting(
                    revision: revision,
                    message: "Running health checks for revision \(revision) with a timeout of "
                        + timeout
                )
            }
            throw .failedAt(
                revision: revision,
                reason: "HealthCheckFailed",
                message: "health check failed after \(timeout): timeout waiting for: \(message)"
            )
        }
    }

    private func watched(among entries: [AppliedSet.Entry]) -> [AppliedSet.Entry] {
        if object.spec["wait"]?.bool == true { return entries }
        return (object.spec["healthChecks"]?.array ?? []).map { check in
            var subject = SandboxObject(check.object ?? JSONObject())
            subject.metadata["name"] = check["name"]
            subject.metadata["namespace"] = check["namespace"]
            return AppliedSet.Entry(subject)
        }
    }

    /// Since when that revision is awaited; what has failed already stays so.
    private func waitingSince(_ revision: String) -> Instant? {
        guard object.status["lastAttemptedRevision"]?.string == revision else { return nil }
        if object.condition("Ready")?["reason"]?.string == "HealthCheckFailed" {
            return object.creationTime
        }
        let start = object.condition("Reconciling")?["lastTransitionTime"]?.string
        return start.flatMap { try? Instant(parsing: $0) }  // No time: it begins now.
    }
}
