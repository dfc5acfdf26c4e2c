import Contract
import Domain
import JSON

extension GitOps {
    /// A tenant that came with a cluster is ready when that is.
    func awaitCluster(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let tenant = try await tenant(context)
        let first = tenant.status.clusters.first { $0.name == Cluster.nameFirst }
        guard tenant.spec.isolation != nil, let first else { return .done }
        switch first.phase {
        case .ready, .updating, .paused, .asleep, .deleting:
            return .done(Evidence(["cluster": .string(first.name.text)]))
        case .pending, .provisioning, .degraded:
            return .waiting(
                Wait(
                    on: "cluster \(first.name) to be ready; it is \(first.phase.rawValue)",
                    releasedBy: "what the cluster's own status says that it waits on"
                ),
                recheckAfter: pace(context)
            )
        }
    }

    /// The tenant's clusters are delivered anew: what is suspended is suspended there.
    func touchClusters(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let tenant = try await tenant(context)
        guard !tenant.status.clusters.isEmpty else { return .done }
        return .done(Evidence(facts: [.touchClusters]))
    }

    /// The tenant's clusters go first: they are made from what is removed after them.
    func removeClusters(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        .done(Evidence(facts: [.removeClusters]))
    }

    /// Waits until no cluster is left.
    func awaitClustersGone(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let id = context.tenant, let tenant = try await records.tenant(id),
            !tenant.status.clusters.isEmpty
        else { return .done }
        return waiting(context, forEnd: "clusters", tenant.status.clusters.map(\.name.text))
    }

    /// The outcome of a step that waits until things of a tenant are gone.
    func waiting(_ context: StepContext, forEnd kind: String, _ left: [String]) -> Outcome {
        let names = left.prefix(Self.namesMax)
        let rest = left.count - names.count
        let more = rest > 0 ? " and \(rest) more" : ""
        return .waiting(
            Wait(
                on: "these \(kind) to be gone: \(names.joined(separator: ", "))\(more)",
                releasedBy: "what the \(kind)' own jobs say that they wait on"
            ),
            recheckAfter: pace(context)
        )
    }

    /// Things that are named in one sentence.
    private static let namesMax = 10

    /// When to look again: soon at first, then as a tenth of the time that has passed, at most
    /// every ten seconds.
    private func pace(_ context: StepContext) -> Duration {
        let passed = context.waitingSince.map { clock() - $0 } ?? .zero
        return min(max(passed / 10, .milliseconds(500)), .seconds(10))
    }
}
