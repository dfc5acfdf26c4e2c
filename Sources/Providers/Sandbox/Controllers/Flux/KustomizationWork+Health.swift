import Domain
import JSON

extension KustomizationWork {
    /// With `wait`, or health checks, it is ready when what it applied is: until its timeout that
    /// is awaited, then it has failed, and is looked at again.
    func isHealthy(
        _ entries: [AppliedSet.Entry],
        in target: SandboxCluster,
        _ revision: String
    ) async throws(SandboxStatus) -> Bool {
        let watched = object.spec["wait"]?.bool == true ? entries : checked
        guard !watched.isEmpty else { return true }
        let set = AppliedSet(target: target, manager: scene.manager)
        let timeout = object.spec["timeout"]?.string ?? object.spec["interval"]?.string ?? "5m0s"
        let why: String
        switch try await set.health(of: watched) {
        case .healthy:
            let fact = Fact("Healthy", true, "Succeeded", "Health check passed")
            try await scene.report(object, [fact])
            return true
        case .failed(let message): why = "health check failed: \(message)"
        case .waiting(let message):
            let waited = scene.now - (waitingSince(revision) ?? scene.now)
            guard waited >= GoDuration.parse(timeout) / scene.pace.speed else {
                let words = "Running health checks for revision \(revision) with a timeout of "
                try await scene.report(object, .progressing(words + timeout)) { object in
                    object.status["lastAttemptedRevision"] = .string(revision)
                }
                scene.lookSoon()
                return false
            }
            why = "health check failed after \(timeout): timeout waiting for: \(message)"
        }
        try await scene.report(object, [Fact("Healthy", false, "HealthCheckFailed", why)])
        try await fail("HealthCheckFailed", why, revision)
        return false
    }

    /// What its health checks name.
    private var checked: [AppliedSet.Entry] {
        (object.spec["healthChecks"]?.array ?? []).map { check in
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
        return object.condition("Reconciling")?.moment("lastTransitionTime")
    }
}
