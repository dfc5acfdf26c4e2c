import EventLoop
import Synchronization

/// What nearly every request needs and what hardly ever changes, remembered for each cluster.
///
/// What this process writes is known at once; of what others write it hears through
/// `SandboxServer.hint`, and after `goodFor` at the latest.
final class SandboxFacts: Sendable {
    /// How long something is believed without being told: 1 s.
    private static let goodFor = Duration.seconds(1)
    /// Clusters of which something is remembered: a thousand; beyond that all are forgotten.
    private static let clustersMax = 1_000

    /// What is known of a cluster that is there.
    struct Facts: Sendable {
        /// The newest revision of a CustomResourceDefinition; 0 where there never was one.
        let definitions: Int64
        /// Whether there ever was a Fault.
        let hadFaults: Bool
    }

    private struct State: Sendable {
        var known: [String: (facts: Facts, at: MonotonicTime)] = [:]
        /// Goes up whenever something is forgotten: what was read before is not kept.
        var generation = 0
    }

    private let state = Mutex(State())

    /// What is known of a cluster; nil where there is none of that name.
    func facts(
        of cluster: String,
        in records: any SandboxRecords
    ) async throws(SandboxOutage) -> Facts? {
        let now = MonotonicTime.now()
        let (known, generation) = state.withLock { ($0.known[cluster], $0.generation) }
        if let known, now - known.at < Self.goodFor { return known.facts }
        guard try await records.head(of: cluster) != nil else { return nil }
        let facts = Facts(
            definitions: try await records.newest(of: .definition, in: cluster),
            hadFaults: try await records.newest(of: .fault, in: cluster) > 0
        )
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.known.count >= Self.clustersMax { state.known = [:] }
            state.known[cluster] = (facts, now)
        }
        return facts
    }

    /// Something may no longer be so.
    func forgetAll() {
        state.withLock { state in
            state.known = [:]
            state.generation += 1
        }
    }

    /// Whether an object of the kind belongs to what is remembered.
    static func concern(_ kind: SandboxKind) -> Bool { kind == .definition || kind == .fault }
}

extension SandboxCluster {
    /// What is known of the cluster.
    ///
    /// - Throws: `.notFound` where it is not there.
    func facts() async throws(SandboxStatus) -> SandboxFacts.Facts {
        guard let known = try await known() else { throw .noSuchCluster(name) }
        return known
    }

    /// Whether there ever was a Fault.
    func hadFaults() async throws(SandboxStatus) -> Bool { try await known()?.hadFaults ?? false }

    private func known() async throws(SandboxStatus) -> SandboxFacts.Facts? {
        try await asking { () async throws(SandboxOutage) in
            try await server.facts.facts(of: name, in: server.records)
        }
    }
}
