import Domain
import JSON
import Synchronization

/// What this process knows of Kustomizations beyond their status: which of them a source concerns,
/// and what was applied when.
///
/// All of it can be lost: then things are applied once more.
final class FluxMemory: Sendable {
    /// What was applied.
    struct Applied: Sendable {
        /// What was built, what was filled in, and where it went.
        var digest: String
        /// The generation of the Kustomization.
        var generation: Int
        /// When.
        var time: Instant
        /// What is there since.
        var entries: [AppliedSet.Entry]
        /// When a revision was reported last that changed nothing.
        var reportedAt: Instant?
    }

    private struct Source: Hashable {
        var cluster: String
        var key: SandboxKey
    }

    private struct State {
        var users: [Source: Set<SandboxKey>] = [:]
        var revisions: [Source: String] = [:]
        var applied: [String: Applied] = [:]
    }

    /// Sources and Kustomizations that are remembered; beyond that all are forgotten.
    private static let entriesMax = 20_000

    private let state = Mutex(State())

    init() {}

    private func change<Value>(_ body: (inout State) -> Value) -> Value {
        state.withLock { state in
            if max(state.users.count, state.applied.count) >= Self.entriesMax { state = State() }
            return body(&state)
        }
    }

    /// A Kustomization reads a source.
    func note(_ user: SandboxKey, reads source: SandboxKey, in cluster: String) {
        change { state in
            _ = state.users[Source(cluster: cluster, key: source), default: []].insert(user)
        }
    }

    /// The Kustomizations that a change of a source concerns: none where it has no new revision.
    func users(of change: SandboxChange) -> [SandboxKey] {
        let source = Source(cluster: change.cluster, key: change.object.key)
        let revision = change.object.status["artifact"]?["revision"]?.string ?? ""
        return self.change { state in
            guard !change.isDeleted, state.revisions[source] != revision else { return [] }
            state.revisions[source] = revision
            return Array(state.users[source] ?? [])
        }
    }

    /// What was applied last for the Kustomization of that uid.
    func applied(_ uid: String) -> Applied? { state.withLock { $0.applied[uid] } }

    /// That was applied; nil where it is to be applied again, or is gone.
    func note(_ applied: Applied?, of uid: String) { change { $0.applied[uid] = applied } }
}
