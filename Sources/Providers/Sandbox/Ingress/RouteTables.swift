import JSON
import Synchronization

/// What the Ingresses and HTTPRoutes of clusters publish, remembered until one of them changes,
/// and whose turn it is.
final class RouteTables: Sendable {
    /// The routes of one cluster.
    struct Table: Sendable {
        /// Up to where deletions are forgotten, and the newest revisions of the kinds.
        fileprivate var revisions: [Int64] = []
        /// Rules that name the host exactly.
        private var byHost: [String: [RouteRule]] = [:]
        /// Rules for hosts of a domain, or for every host.
        private var others: [RouteRule] = []

        fileprivate init() {}

        fileprivate mutating func add(_ rule: RouteRule) {
            if rule.hosts.isEmpty || rule.hosts.contains(where: { $0.hasPrefix("*") }) {
                return others.append(rule)
            }
            for host in Set(rule.hosts) { byHost[host, default: []].append(rule) }
        }

        /// The rules that are about a host.
        func rules(for host: String) -> [RouteRule] {
            (byHost[host] ?? []) + others.filter { $0.concerns(host) }
        }
    }

    private struct State: Sendable {
        var tables: [String: Table] = [:]
        var turns: [String: Int] = [:]
    }

    /// What publishes.
    static let kinds: [SandboxKind] = [.ingress, .httpRoute]
    /// Clusters whose routes are remembered: a hundred; beyond that all are forgotten.
    private static let clustersMax = 100
    /// Routes of one kind that are read of a cluster: ten thousand.
    private static let routesMax = 10_000
    /// Choices whose turns are counted: ten thousand; beyond that all start anew.
    private static let turnsMax = 10_000

    private let state = Mutex(State())

    /// The routes of a cluster; nil where there is none of that name.
    func table(
        of cluster: String,
        in records: any SandboxRecords
    ) async throws(SandboxOutage) -> Table? {
        guard let head = try await records.head(of: cluster) else { return nil }
        var table = Table()
        table.revisions.append(head.compacted)
        for kind in Self.kinds {
            table.revisions.append(try await records.newest(of: kind, in: cluster))
        }
        let known = state.withLock { $0.tables[cluster] }
        if let known, known.revisions == table.revisions { return known }
        for kind in Self.kinds {
            let query = SandboxQuery(kind, limit: Self.routesMax)
            for record in try await records.list(query, in: cluster)?.records ?? [] {
                // Written by the server itself: always an object.
                guard let object = try? SandboxObject(record) else { continue }
                for rule in RouteRule.rules(of: object) { table.add(rule) }
            }
        }
        state.withLock { state in
            if state.tables.count >= Self.clustersMax { state.tables = [:] }
            state.tables[cluster] = table
        }
        return table
    }

    /// A cluster is gone; one of its name counts anew.
    func forget(_ cluster: String) { state.withLock { $0.tables[cluster] = nil } }

    /// Which of some shares is next: of as many turns as the shares come to, each has exactly its
    /// own, spread over all of them; nil where they come to nothing.
    func next(of shares: [Int], for choice: String) -> Int? {
        let turn = state.withLock { state in
            if state.turns.count >= Self.turnsMax { state.turns = [:] }
            let turn = state.turns[choice] ?? 0
            state.turns[choice] = turn &+ 1
            return turn
        }
        return Self.place(of: turn, in: shares)
    }

    /// The share whose turn it is.
    static func place(of turn: Int, in shares: [Int]) -> Int? {
        let divisor = shares.reduce(0, greatestDivisor)
        guard divisor > 0 else { return nil }
        let total = shares.reduce(0, +) / divisor
        // Steps without a common divisor reach every number once before one comes again; near the
        // golden ratio they leave no long runs.
        var step = max(1, total * 618 / 1_000)
        while greatestDivisor(step, total) != 1 { step += 1 }
        var number = (turn % total) * step % total
        for (place, share) in shares.enumerated() {
            number -= share / divisor
            if number < 0 { return place }
        }
        return nil
    }

    private static func greatestDivisor(_ one: Int, _ other: Int) -> Int {
        other == 0 ? one : greatestDivisor(other, one % other)
    }
}
