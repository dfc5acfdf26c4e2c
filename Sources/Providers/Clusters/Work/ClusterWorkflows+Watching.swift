import Contract
import Domain
import JSON
import Kubernetes

extension ClusterWorkflows {
    /// Waits until the cluster's API can be used: what follows goes through it.
    func awaitReachable(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context), !work.cluster.spec.asleep,
            !work.cluster.spec.paused
        else { return .done }
        let seen = try await work.observation(at: clock())
        guard !seen.isReachable else { return .done }
        return try await waiting(
            context,
            for: "the cluster's API to answer",
            having: seen,
            of: work.cluster
        )
    }

    /// Waits until the cluster is as it is wanted: it works, or it sleeps.
    func awaitReady(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context) else { return .done }
        let spec = work.cluster.spec
        let (seen, unnoticed) = try await work.sight(at: clock())
        if spec.asleep, seen.isAsleep { return .done }
        // Nothing moves while it is paused.
        if spec.paused, seen.rootUID != nil { return .done }
        if let unnoticed, !seen.isDeleting {
            return waiting(context, for: "the controller of \(unnoticed) to notice the change")
        }
        if !spec.asleep, seen.isReady, lag(of: seen, behind: spec) == nil {
            return .done(Evidence(["root": .string(seen.rootUID ?? "")]))
        }
        let lag = lag(of: seen, behind: spec)
        return try await waiting(
            context,
            for: lag ?? "the cluster to be \(spec.asleep ? "asleep" : "ready")",
            having: seen,
            of: work.cluster
        )
    }

    /// What of the versions is not as it is wanted; nil where everything is.
    private func lag(of seen: ClusterObservation, behind spec: ClusterSpec) -> String? {
        guard spec.kind == .cluster, let wanted = spec.kubernetesVersion else { return nil }
        if let now = seen.controlPlaneVersion, now != wanted {
            return "the control plane to get from \(now) to \(wanted)"
        }
        if let now = seen.workersVersion, now != wanted {
            return "nodes to get from \(now) to \(wanted)"
        }
        return nil
    }

    /// Looks once more, and says what the cluster is.
    func verify(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context) else { return .done }
        let seen = try await work.observation(at: clock())
        var findings = JSONObject()
        findings["ready"] = .bool(seen.isReady)
        if let endpoint = seen.endpoint { findings["endpoint"] = .string(endpoint) }
        if let version = seen.controlPlaneVersion {
            findings["kubernetesVersion"] = .string(version)
        }
        return .done(
            Evidence(
                findings,
                facts: [
                    .observed(generation: work.cluster.generation),
                    .condition(
                        type: "Settled",
                        status: .true,
                        reason: "AsWanted",
                        message: "The cluster is as it is wanted.",
                        generation: work.cluster.generation
                    ),
                    .clusterSeen(seen),
                ]
            )
        )
    }
}
