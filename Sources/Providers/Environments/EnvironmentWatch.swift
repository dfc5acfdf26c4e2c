package import Contract
package import Domain
package import EventLoop
package import Folders
package import Logging

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

/// How environments are looked at between their jobs.
package struct EnvironmentLooks: FolderLooks {
    let turns: any EnvironmentTurns
    let workflows: EnvironmentWorkflows

    /// Those that are due.
    package func take(atMost count: Int) async throws(ProviderFault) -> [Environment] {
        try await turns.take(atMost: count)
    }

    /// What is seen of one in its cluster.
    package func look(
        at environment: Environment
    ) async throws(ProviderFault) -> EnvironmentObservation {
        try await workflows.look(at: environment)
    }

    /// Whether its cluster answers at all.
    package func isAway(_ environment: Environment) async -> Bool {
        await workflows.isAway(environment)
    }

    /// The same with how what it depends on stands.
    package func completed(
        _ seen: EnvironmentObservation,
        of environment: Environment
    ) async -> EnvironmentObservation {
        guard let condition = await workflows.dependencies(of: environment) else { return seen }
        var seen = seen
        seen.conditions.append(condition)
        return seen
    }

    /// Keeps what was seen.
    package func record(
        _ seen: EnvironmentObservation,
        of environment: Environment
    ) async throws(ProviderFault) {
        try await turns.record(seen, of: environment)
    }

    /// What it is called in the log.
    package func name(of environment: Environment) -> String { environment.reference.name }

    /// The cluster that it is in.
    package func cluster(of environment: Environment) -> String {
        "\(environment.tenantName)/\(environment.status.cluster?.text ?? "")"
    }
}

/// Looks at environments between their jobs.
package typealias EnvironmentWatch = FolderWatch<EnvironmentLooks>

extension FolderWatch where Looks == EnvironmentLooks {
    /// Someone who looks at what `turns` says is due; `told` counts what was seen.
    package convenience init(
        turns: any EnvironmentTurns,
        workflows: EnvironmentWorkflows,
        loop: EventLoop,
        log: Logger,
        told: @escaping @Sendable (EnvironmentObservation) -> Void = { _ in }
    ) {
        let looks = EnvironmentLooks(turns: turns, workflows: workflows)
        self.init(looks, loop: loop, log: log, told: told)
    }
}
