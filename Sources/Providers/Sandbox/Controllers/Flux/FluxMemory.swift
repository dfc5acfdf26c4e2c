import Domain
import JSON
import Synchronization

/// What this process knows of Kustomizations beyond their status: which of them a source concerns,
/// and what was applied when.
///
/// All of it can be lost: then things are applied once more.
final class FluxMemory: Sendable {
    /// What was applied.
    struct Applied: Sendable, Equatable {
        /// What was built, and what was filled in.
        var digest: String
        /// The generation of the Kustomization.
        var generation: Int
        /// When.
        var time: Instant
        /// What is there since.
        var entries: [AppliedSet.Entry]
    }

    private struct Source: Hashable {
        var cluster: String
        var key: SandboxKey
    }

    private struct State {
        var users: [Source: Set<SandboxKey>] = [:]
        var revisions: [Source: String] = [:]
        var applied: [String: Applied] = [:]
        var reported: [String: Instant] = [:]
    }

    /// Sources and Kustomizations that are remembered; beyond that all are forgotten.
    private static let entriesMax = 20_000

    private let state = Mutex(State())

    init() {}

    /// A Kustomization reads a source.
    func note(_ user: SandboxKey, reads source: SandboxKey, in cluster: String) {
        state.withLock { state in
            if state.users.count >= Self.entriesMax { state.users.removeAll() }
            _ = state.users[Source(cluster: cluster, key: source), default: []].insert(user)
        }
    }

    /// The Kustomizations that a change of a source concerns: none where it has no new revision.
    func users(of change: SandboxChange) -> [SandboxKey] {
        let source = Source(cluster: change.cluster, key: change.object.key)
        let revision = change.object.status["artifact"]?["revision"]?.string ?? ""
        return state.withLock { state in
            guard !change.isDeleted, state.revisions[source] != revision else { return [] }
            if state.revisions.count >= Self.entriesMax { state.revisions.removeAll() }
            state.revisions[source] = revision
            return state.users[source].map { Array($0) } ?? []
        }
    }

    /// What was applied last for the Kustomization of that uid.
    func applied(_ uid: String) -> Applied? { state.withLock { $0.applied[uid] } }

    /// That was applied.
    func note(_ applied: Applied, of uid: String) {
        state.withLock { state in
            if state.applied.count >= Self.entriesMax { state.applied.removeAll() }
            state.applied[uid] = applied
        }
    }

    /// It is to be applied again, or is gone.
    func forget(_ uid: String) {
        state.withLock { state in
            state.applied[uid] = nil
            state.reported[uid] = nil
        }
    }

    /// Whether a revision that changes nothing is to be reported now: again only after a while.
    func reports(_ uid: String, at now: Instant, every pause: Duration) -> Bool {
        state.withLock { state in
            if let last = state.reported[uid], now - last < pause { return false }
            if state.reported.count >= Self.entriesMax { state.reported.removeAll() }
            state.reported[uid] = now
            return true
        }
    }
}
