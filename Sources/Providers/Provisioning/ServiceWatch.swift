package import Contract
package import Domain
package import EventLoop
package import Folders
package import Logging

/// Whose turn it is to be looked at, without knowing where that is kept.
package protocol ServiceTurns: Sendable {
    /// Takes services that are due; nobody else looks at them at the same time.
    func take(atMost count: Int) async throws(ProviderFault) -> [ServiceInstance]

    /// Keeps what was seen of a service, where it still is as it was taken.
    func record(
        _ seen: EnvironmentObservation,
        of service: ServiceInstance
    ) async throws(ProviderFault)

    /// The bindings of a service.
    func bindings(of service: ServiceInstance) async throws(ProviderFault) -> [ServiceBinding]

    /// Keeps what was found out about a binding, where it still has the credential that it had.
    func record(_ facts: [StepFact], of binding: ServiceBinding) async throws(ProviderFault)
}

/// How services, and what their consumers have, are looked at between their jobs.
package struct ServiceLooks: FolderLooks {
    let turns: any ServiceTurns
    let workflows: ServiceWorkflows
    let log: Logger

    /// Those that are due.
    package func take(atMost count: Int) async throws(ProviderFault) -> [ServiceInstance] {
        try await turns.take(atMost: count)
    }

    /// What is seen of one in its cluster.
    package func look(
        at service: ServiceInstance
    ) async throws(ProviderFault) -> EnvironmentObservation {
        try await workflows.look(at: service)
    }

    /// Whether its cluster answers at all.
    package func isAway(_ service: ServiceInstance) async -> Bool {
        await workflows.isAway(service)
    }

    /// The same; the consumers' Secrets follow what their sources say.
    package func completed(
        _ seen: EnvironmentObservation,
        of service: ServiceInstance
    ) async -> EnvironmentObservation {
        // Whoever does not answer has nothing to say about credentials either.
        guard seen.isReady != nil, !service.bindings.isEmpty else { return seen }
        do throws(ProviderFault) {
            for binding in try await turns.bindings(of: service) { await follow(binding) }
        } catch {
            log.debug(
                "bindings not looked at",
                metadata: ["service": "\(service.reference.name)", "reason": "\(error)"]
            )
        }
        return seen
    }

    private func follow(_ binding: ServiceBinding) async {
        do throws(ProviderFault) {
            let facts = try await workflows.follow(binding)
            if !facts.isEmpty { try await turns.record(facts, of: binding) }
        } catch {
            // The next look does.
            log.debug(
                "binding not looked at",
                metadata: ["binding": "\(binding.reference.name)", "reason": "\(error)"]
            )
        }
    }

    /// Keeps what was seen.
    package func record(
        _ seen: EnvironmentObservation,
        of service: ServiceInstance
    ) async throws(ProviderFault) {
        try await turns.record(seen, of: service)
    }

    /// What it is called in the log.
    package func name(of service: ServiceInstance) -> String { service.reference.name }

    /// The cluster that it is in.
    package func cluster(of service: ServiceInstance) -> String {
        "\(service.tenantName)/\(service.status.cluster?.text ?? "")"
    }
}

/// Looks at services between their jobs.
package typealias ServiceWatch = FolderWatch<ServiceLooks>

extension FolderWatch where Looks == ServiceLooks {
    /// Someone who looks at the services that `turns` says are due; `told` counts what was seen.
    package convenience init(
        turns: any ServiceTurns,
        workflows: ServiceWorkflows,
        loop: EventLoop,
        log: Logger,
        told: @escaping @Sendable (EnvironmentObservation) -> Void = { _ in }
    ) {
        let looks = ServiceLooks(turns: turns, workflows: workflows, log: log)
        self.init(looks, loop: loop, log: log, told: told)
    }
}
