import Contract
package import Domain

extension EnvironmentWorkflows {
    /// What a roll-out takes of others.
    enum Taking: Sendable {
        /// Everything is there.
        case everything([TakenDependency])
        /// Something is not yet; the outcome of the step.
        case nothing(Outcome)
    }

    /// Everything that an environment depends on, as it stands now.
    private func standings(
        of spec: EnvironmentSpec,
        in tenant: TenantName
    ) async throws(ProviderFault) -> [Standing] {
        var standings: [Standing] = []
        for dependency in spec.dependencies {
            switch dependency {
            case .shared(let service):
                let found = try await records.environment(service.environment, of: tenant)
                standings.append(
                    Standing(
                        service: service,
                        environment: found,
                        standing: service.standing(in: found)
                    )
                )
            }
        }
        return standings
    }

    /// One thing that an environment depends on.
    private struct Standing: Sendable {
        let service: SharedService
        let environment: Environment?
        let standing: SharedService.Standing
    }

    /// Takes everything that a roll-out needs of others, or waits for it; what sleeps is woken.
    ///
    /// - Throws: `.refused` where something will never be there.
    func taking(
        _ spec: EnvironmentSpec,
        of environment: Environment,
        _ context: StepContext
    ) async throws(ProviderFault) -> Taking {
        let standings = try await standings(of: spec, in: environment.tenantName)
        var taken: [TakenDependency] = []
        var gone: [String] = []
        var waits: [Wait] = []
        for needed in standings {
            switch needed.standing {
            case .ready(let values): taken.append(values)
            case .gone(let why): gone.append(why)
            case .awaited(let on, let who): waits.append(Wait(on: on, releasedBy: who))
            case .asleep:
                let name = needed.service.environment
                var wait = Wait(on: "environment \(name) to wake", releasedBy: "its own job")
                if let found = needed.environment {
                    try context.continueOrStop()
                    wait = try await records.wake(found) ?? wait
                }
                waits.append(wait)
            }
        }
        guard gone.isEmpty else {
            throw .refused(
                reason: "it depends on what is not there: \(gone.joined(separator: "; "))"
            )
        }
        guard !waits.isEmpty else { return .everything(taken) }
        let wait = Wait(
            on: waits.map(\.on).joined(separator: ", and "),
            releasedBy: waits.compactMap(\.releasedBy).joined(separator: ", and "),
            facts: Self.told(standings)
        )
        return .nothing(try await waiting(context, on: wait))
    }

    /// What a roll-out would take of others now; what is not there is left out.
    func takenNow(by environment: Environment) async throws(ProviderFault) -> [TakenDependency] {
        try await standings(of: environment.spec, in: environment.tenantName).compactMap { needed in
            if case .ready(let taken) = needed.standing { taken } else { nil }
        }
    }

    /// What is true once a roll-out has taken what it needs of others.
    func took(
        _ taken: [TakenDependency],
        by deployment: DeploymentID,
        _ task: EnvironmentTask
    ) -> [StepFact] {
        guard !task.spec.dependencies.isEmpty else { return [] }
        return [
            .deploymentTook(deployment, taken),
            .condition(
                type: Environment.dependenciesReady,
                status: .true,
                reason: "Ready",
                message: "Everything is there that it depends on.",
                generation: task.generation
            ),
        ]
    }

    /// Asks that everything wakes that a woken environment depends on; its own job says how it
    /// goes.
    func wakeOthers(
        for environment: Environment,
        _ context: StepContext
    ) async throws(ProviderFault) {
        let standings = try await standings(of: environment.spec, in: environment.tenantName)
        for needed in standings {
            guard case .asleep = needed.standing, let found = needed.environment else { continue }
            try context.continueOrStop()
            if let wait = try await records.wake(found) {
                context.log.warning("\(needed.service.environment) is needed: \(wait.on)")
            }
        }
    }

    /// Whether everything is there that an environment depends on, and says the same of itself as
    /// when it was rolled out; nil where it depends on nothing, or nobody could look.
    package func dependencies(of environment: Environment) async -> SeenCondition? {
        guard !environment.spec.dependencies.isEmpty else { return nil }
        do throws(ProviderFault) {
            let standings = try await standings(of: environment.spec, in: environment.tenantName)
            return Environment.condition(
                of: standings.map { ($0.service, $0.standing) },
                taken: environment.status.live?.taken
            )
        } catch {
            return nil  // The next look asks again.
        }
    }

    /// What is true of an environment while a roll-out of it waits for others.
    private static func told(_ standings: [Standing]) -> [StepFact] {
        let seen = Environment.condition(
            of: standings.map { ($0.service, $0.standing) },
            taken: nil
        )
        guard let seen else { return [] }
        return [
            .condition(
                type: seen.type,
                status: seen.status,
                reason: seen.reason,
                message: seen.message,
                generation: nil
            )
        ]
    }
}

extension [TakenDependency] {
    /// Everything that the template may use of them.
    ///
    /// - Throws: `.refused` with everything that cannot be a value.
    func values() throws(ProviderFault) -> [String: String] {
        do throws(DependencyMisfit) {
            return try variables()
        } catch {
            throw .refused(reason: error.reason)
        }
    }
}
