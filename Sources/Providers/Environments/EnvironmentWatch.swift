package import Contract
package import Domain
package import EventLoop
package import Logging
import Synchronization

/// Whose turn it is to be looked at, without knowing where that is kept.
package protocol EnvironmentTurns: Sendable {
    /// Takes environments that are due; nobody else looks at them at the same time.
    func take(atMost count: Int) async throws(ProviderFault) -> [Environment]

    /// Keeps what was seen of an environment, where it still is as it was taken.
    func record(
        _ seen: EnvironmentObservation,
        of environment: Environment
    ) async throws(ProviderFault)
}

/// Looks at environments between their jobs, so that one says by itself that it is not as it should
/// be, and that it is again.
///
/// Every process does its share, without a leader.
package final class EnvironmentWatch: Sendable {
    /// How often those are looked for that are due.
    private static let turnEvery = Duration.seconds(1)
    /// Looks that begin in one turn, and that are under way at once, in one process: 2,000
    /// environments have their turn every minute.
    private static let looksMax = 40
    /// How long the other environments of a cluster that could not be asked are not asked about.
    private static let awayFor = Duration.seconds(30)
    /// Clusters that are remembered as away; beyond that, all are forgotten.
    private static let awayMax = 1_000

    private struct State {
        var underWay = 0
        var away: [String: (until: MonotonicTime, seen: EnvironmentObservation)] = [:]
    }

    private let turns: any EnvironmentTurns
    private let workflows: EnvironmentWorkflows
    private let loop: EventLoop
    private let log: Logger
    private let state = Mutex(State())

    /// Someone who looks at what `turns` says is due.
    package init(
        turns: any EnvironmentTurns,
        workflows: EnvironmentWorkflows,
        loop: EventLoop,
        log: Logger
    ) {
        self.turns = turns
        self.workflows = workflows
        self.loop = loop
        self.log = log
    }

    /// Looks until the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            // Cancelled: the sleep ends the loop.
            while (try? await loop.sleep(for: Self.turnEvery)) != nil {
                for environment in await due() {
                    group.addTask { [self] in
                        await look(at: environment)
                        state.withLock { $0.underWay -= 1 }
                    }
                }
            }
            group.cancelAll()
        }
    }

    private func due() async -> [Environment] {
        let room = Self.looksMax - state.withLock(\.underWay)
        guard room > 0 else { return [] }
        do throws(ProviderFault) {
            let due = try await turns.take(atMost: room)
            state.withLock { $0.underWay += due.count }
            return due
        } catch {
            log.debug("no turns known", metadata: ["reason": "\(error)"])
            return []
        }
    }

    /// One look, written down.
    package func look(at environment: Environment) async {
        var seen = await observation(of: environment)
        if let condition = await workflows.dependencies(of: environment) {
            seen.conditions.append(condition)
        }
        do throws(ProviderFault) {
            try await turns.record(seen, of: environment)
        } catch {
            // The next look writes it down.
            log.debug(
                "look not written down",
                metadata: ["environment": "\(environment.reference.name)", "reason": "\(error)"]
            )
        }
    }

    private func observation(of environment: Environment) async -> EnvironmentObservation {
        let cluster = "\(environment.tenantName)/\(environment.status.cluster?.text ?? "")"
        let known = state.withLock { $0.away[cluster] }
        if let known, known.until > .now() { return known.seen }
        do throws(ProviderFault) {
            let seen = try await workflows.look(at: environment)
            if known != nil { state.withLock { $0.away[cluster] = nil } }
            return seen
        } catch {
            let seen = EnvironmentObservation.unseen(because: "\(cluster): \(error.reason)")
            // What is wrong with one environment says nothing about its neighbours.
            guard await workflows.isAway(environment) else { return seen }
            state.withLock { state in
                if state.away.count >= Self.awayMax { state.away.removeAll() }
                let until = MonotonicTime.now().advanced(by: Self.awayFor)
                state.away[cluster] = (until, seen)
            }
            return seen
        }
    }
}

extension ProviderFault {
    fileprivate var reason: String {
        switch self {
        case .transient(_, let reason), .away(let reason, _, _), .busy(let reason),
            .refused(let reason):
            reason
        case .cancelled: "nobody looked to the end"
        }
    }
}
