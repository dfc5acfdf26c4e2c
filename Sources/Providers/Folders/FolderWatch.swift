package import Contract
package import Domain
package import EventLoop
package import Logging
import Synchronization

/// Things of one kind that are looked at between their jobs.
package protocol FolderLooks: Sendable {
    /// What is looked at.
    associatedtype Subject: Sendable

    /// Takes those that are due; nobody else looks at them at the same time.
    func take(atMost count: Int) async throws(ProviderFault) -> [Subject]

    /// What is seen of one in its cluster.
    ///
    /// - Throws: where its cluster cannot be asked.
    func look(at subject: Subject) async throws(ProviderFault) -> EnvironmentObservation

    /// Whether its cluster answers at all, and so does what applies it.
    func isAway(_ subject: Subject) async -> Bool

    /// The same, with what is known of it beside its own objects.
    func completed(
        _ seen: EnvironmentObservation,
        of subject: Subject
    ) async -> EnvironmentObservation

    /// Keeps what was seen, where the thing still is as it was taken.
    func record(
        _ seen: EnvironmentObservation,
        of subject: Subject
    ) async throws(ProviderFault)

    /// What it is called in the log.
    func name(of subject: Subject) -> String

    /// The cluster that it is in, as people name it.
    func cluster(of subject: Subject) -> String
}

private enum Limit {
    /// How often those are looked for that are due.
    static let turnEvery = Duration.seconds(1)
    /// Looks that begin in one turn, and that are under way at once, in one process for one kind of
    /// thing: 2,000 have their turn every minute.
    static let looksMax = 40
    /// How long the others of a cluster that could not be asked are not asked about.
    static let awayFor = Duration.seconds(30)
    /// Clusters that are remembered as away; beyond that, all are forgotten.
    static let awayMax = 1_000
}

/// Looks at things between their jobs, so that one says by itself that it is not as it should be,
/// and that it is again.
///
/// Every process does its share, without a leader.
package final class FolderWatch<Looks: FolderLooks>: Sendable {
    private struct State {
        var underWay = 0
        var away: [String: (until: MonotonicTime, seen: EnvironmentObservation)] = [:]
    }

    private let looks: Looks
    private let loop: EventLoop
    private let log: Logger
    private let told: @Sendable (EnvironmentObservation) -> Void
    private let state = Mutex(State())

    /// Someone who looks at what `looks` says is due; `told` counts what was seen.
    package init(
        _ looks: Looks,
        loop: EventLoop,
        log: Logger,
        told: @escaping @Sendable (EnvironmentObservation) -> Void = { _ in }
    ) {
        self.looks = looks
        self.loop = loop
        self.log = log
        self.told = told
    }

    /// Looks until the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            // Cancelled: the sleep ends the loop.
            while (try? await loop.sleep(for: Limit.turnEvery)) != nil {
                for subject in await due() {
                    group.addTask { [self] in
                        await look(at: subject)
                        state.withLock { $0.underWay -= 1 }
                    }
                }
            }
            group.cancelAll()
        }
    }

    private func due() async -> [Looks.Subject] {
        let room = Limit.looksMax - state.withLock(\.underWay)
        guard room > 0 else { return [] }
        do throws(ProviderFault) {
            let due = try await looks.take(atMost: room)
            state.withLock { $0.underWay += due.count }
            return due
        } catch {
            log.debug("no turns known", metadata: ["reason": "\(error)"])
            return []
        }
    }

    /// One look, written down.
    package func look(at subject: Looks.Subject) async {
        let seen = await looks.completed(await observation(of: subject), of: subject)
        told(seen)
        do throws(ProviderFault) {
            try await looks.record(seen, of: subject)
        } catch {
            // The next look writes it down.
            log.debug(
                "look not written down",
                metadata: ["subject": "\(looks.name(of: subject))", "reason": "\(error)"]
            )
        }
    }

    private func observation(of subject: Looks.Subject) async -> EnvironmentObservation {
        let cluster = looks.cluster(of: subject)
        let known = state.withLock { $0.away[cluster] }
        if let known, known.until > .now() { return known.seen }
        do throws(ProviderFault) {
            let seen = try await looks.look(at: subject)
            if known != nil { state.withLock { $0.away[cluster] = nil } }
            return seen
        } catch {
            let seen = EnvironmentObservation.unseen(because: "\(cluster): \(error.told)")
            // What is wrong with one says nothing about its neighbours.
            guard await looks.isAway(subject) else { return seen }
            state.withLock { state in
                if state.away.count >= Limit.awayMax { state.away.removeAll() }
                let until = MonotonicTime.now().advanced(by: Limit.awayFor)
                state.away[cluster] = (until, seen)
            }
            return seen
        }
    }
}

extension ProviderFault {
    fileprivate var told: String {
        switch self {
        case .transient(_, let reason), .away(let reason, _, _), .busy(let reason),
            .refused(let reason):
            reason
        case .cancelled: "nobody looked to the end"
        }
    }
}
