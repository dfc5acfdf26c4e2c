import Contract
package import Domain
import JSON

extension EnvironmentWorkflows {
    /// What a roll-out takes of others.
    enum Taking: Sendable {
        /// Everything is there.
        case everything([TakenDependency])
        /// Something is not yet; the outcome of the step.
        case nothing(Outcome)
    }

    /// Everything that an environment depends on, as it stands now; nil for what `isAsked` leaves
    /// out.
    private func standings(
        of spec: EnvironmentSpec,
        for environment: Environment,
        where isAsked: (EnvironmentDependency) -> Bool = { _ in true }
    ) async throws(ProviderFault) -> [Standing] {
        let asked = spec.dependencies.filter(isAsked)
        let provided =
            asked.contains { $0.order != nil } ? try await records.provided(for: environment) : []
        var standings: [Standing] = []
        for dependency in asked {
            if let service = environment.shared(by: dependency) {
                let found = try await records.environment(
                    service.environment,
                    of: environment.tenantName
                )
                standings.append(Standing(dependency, service.standing(in: found), found))
            } else if let service = dependency.order {
                let found = provided.first { $0.service.status.dependency == service.name }
                standings.append(Standing(dependency, service.standing(of: found)))
            }
        }
        return standings
    }

    /// One thing that an environment depends on.
    private struct Standing: Sendable {
        let dependency: EnvironmentDependency
        let standing: DependencyStanding
        /// The other environment; nil where there is none.
        let environment: Environment?

        init(
            _ dependency: EnvironmentDependency,
            _ standing: DependencyStanding,
            _ environment: Environment? = nil
        ) {
            self.dependency = dependency
            self.standing = standing
            self.environment = environment
        }
    }

    /// Orders what the roll-out needs for itself and nobody has ordered: what was held has ordered
    /// nothing with its call, and may have been given up for what asked for nothing anew.
    func order(
        _ context: StepContext,
        through orders: any EnvironmentOrders
    ) async throws(ProviderFault) -> Outcome {
        let task = try EnvironmentTask(reading: context.desired)
        var environment = try await environment(context)
        let record = context.desired["deployment"]
        let origin = Deployment.Origin(reading: record?["origin"] ?? .null)
        let wasHeld = record?["hold"]?.object != nil && origin == .request
        let isNew = task.content.dependencies != environment.status.live?.content.dependencies
        guard let deployment = task.deployment, wasHeld || isNew,
            // What a newer one needs was ordered with that.
            environment.status.open.last?.deployment == deployment,
            environment.status.phase != .deleting,
            task.content.dependencies.contains(where: { $0.order != nil || $0.companion != nil })
        else { return .done }
        try context.continueOrStop()
        // What is held may want something else by now.
        environment.spec.dependencies = task.content.dependencies
        let actor = record?["by"]?.string ?? ""
        try await orders.place(for: environment, deployment, by: actor)
        return .done
    }

    /// Takes everything that a roll-out needs of others, or waits for it; what sleeps is woken.
    ///
    /// What was ordered with the environment comes into its namespace, and is waited for once that
    /// is there: `isOrdered` says that it is.
    ///
    /// - Throws: `.refused` where something will never be there.
    func taking(
        _ spec: EnvironmentSpec,
        of environment: Environment,
        ordered isOrdered: Bool = false,
        _ context: StepContext
    ) async throws(ProviderFault) -> Taking {
        let standings = try await standings(of: spec, for: environment) {
            ($0.order != nil) == isOrdered
        }
        var taken: [TakenDependency] = []
        var gone: [String] = []
        var waits: [Wait] = []
        for needed in standings {
            switch needed.standing {
            case .ready(let values): taken.append(values)
            case .gone(let why): gone.append(why)
            case .awaited(let on, let who): waits.append(Wait(on: on, releasedBy: who))
            case .asleep:
                guard let found = needed.environment else { continue }
                try context.continueOrStop()
                let on = "environment \(found.name) to wake"
                let wait = Wait(on: on, releasedBy: "its own job")
                waits.append(try await records.wake(found) ?? wait)
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
        try await standings(of: environment.spec, for: environment).compactMap { needed in
            if case .ready(let taken) = needed.standing { taken } else { nil }
        }
    }

    /// Waits until what was ordered with the environment is ready and has given it a credential,
    /// and takes its values; the time of the roll-out counts from there.
    func awaitServices(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context),
            work.task.spec.dependencies.contains(where: { $0.order != nil })
        else { return .done }
        switch try await taking(work.task.spec, of: work.environment, ordered: true, context) {
        case .nothing(let wait): return wait
        case .everything(let found):
            var resolved = work.resolved
            resolved.taken += found
            resolved.deadline = clock().advanced(by: work.task.spec.readiness.deadline)
            return .done(
                Evidence(
                    resolved.findings,
                    facts: took(resolved.taken, by: work.deployment, work.task)
                )
            )
        }
    }

    /// What is true once a roll-out has taken what it needs of others.
    func took(
        _ taken: [TakenDependency],
        by deployment: DeploymentID,
        _ task: EnvironmentTask
    ) -> [StepFact] {
        // What was ordered with it is taken later, and everything is told then.
        guard !task.spec.dependencies.isEmpty,
            taken.count == task.spec.dependencies.count
        else { return [] }
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
        let standings = try await standings(of: environment.spec, for: environment)
        for needed in standings {
            guard case .asleep = needed.standing, let found = needed.environment else { continue }
            try context.continueOrStop()
            if let wait = try await records.wake(found) {
                context.log.warning("\(found.name) is needed: \(wait.on)")
            }
        }
    }

    /// Whether everything is there that an environment depends on, and says the same of itself as
    /// when it was rolled out; nil where it depends on nothing, or nobody could look.
    package func dependencies(of environment: Environment) async -> SeenCondition? {
        guard !environment.spec.dependencies.isEmpty else { return nil }
        do throws(ProviderFault) {
            let standings = try await standings(of: environment.spec, for: environment)
            return Environment.condition(
                of: standings.map { ($0.dependency, $0.standing) },
                taken: environment.status.live?.taken
            )
        } catch {
            return nil  // The next look asks again.
        }
    }

    /// What is true of an environment while a roll-out of it waits for others.
    private static func told(_ standings: [Standing]) -> [StepFact] {
        let seen = Environment.condition(
            of: standings.map { ($0.dependency, $0.standing) },
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
