import Contract
import Domain
import Drivers
import JSON
import Kubernetes
import Readiness

extension EnvironmentWorkflows {
    /// An environment that is there, and what a job wants of it.
    private struct Switching: Sendable {
        let environment: Environment
        let task: EnvironmentTask
        let place: EnvironmentPlace
        let namespace: String

        /// Whether what runs is left as it is.
        var isPaused: Bool { task.spec.paused }
        var isAsleep: Bool { task.spec.asleep }
    }

    /// What this step works with; nil where nothing was delivered yet, or something newer is wanted
    /// than this job goes by.
    private func switching(_ context: StepContext) async throws(ProviderFault) -> Switching? {
        let task = try EnvironmentTask(reading: context.desired)
        let environment = try await environment(context)
        guard environment.generation == task.generation, environment.status.phase != .deleting
        else {
            context.log.info("something newer is wanted; its own job goes on")
            return nil
        }
        guard let name = environment.status.cluster,
            let cluster = try await records.cluster(name, of: environment.tenant)
        else { return nil }
        let place = try await places.place(of: cluster)
        guard try await isDelivered(environment, to: place) else { return nil }
        return Switching(
            environment: environment,
            task: task,
            place: place,
            namespace: Self.namespace(of: environment.name, in: cluster)
        )
    }

    /// Whether anything was ever applied, or is going to be by an engine.
    private func isDelivered(
        _ environment: Environment,
        to place: EnvironmentPlace
    ) async throws(ProviderFault) -> Bool {
        if place.isDirect { return try await !records.applied(for: environment).isEmpty }
        guard
            let key = EnvironmentConnection.key(of: environment.name, in: place.wish)
                .map({ ObjectKey($0) })
        else { return false }
        return try await asking { () async throws(KubernetesFault) in
            try await place.host.get(key, projection: .metadata)
        } != nil
    }

    /// Stops what applies the environment, or lets it go on.
    func suspend(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await switching(context), !work.place.isDirect else { return .done }
        let connection = try EnvironmentConnection(
            of: work.environment.name,
            in: work.namespace,
            of: work.place.wish,
            by: work.place.kubeconfig,
            isSuspended: work.isAsleep || work.isPaused
        )
        try await asking { () async throws(KubernetesFault) in
            _ = try await work.place.host.apply(
                connection.object.object ?? JSONObject(),
                force: true
            )
        }
        return .done
    }

    /// Puts what runs to sleep, or wakes it.
    func scale(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await switching(context), !work.isPaused else { return .done }
        let workloads = try await workloads(of: work)
        guard work.isAsleep else {
            try await workloads.wake(context)
            return .done
        }
        let running = try await workloads.sleep(context)
        guard running.isEmpty else {
            return waiting(context, for: "\(running.joined(separator: ", ")) to stop")
        }
        return .done
    }

    /// Waits until what was woken is ready.
    func awaitSwitched(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await switching(context), !work.isPaused, !work.isAsleep else {
            return .done
        }
        let scene = try await EnvironmentScene(
            of: try await work.place.reading(of: work.environment.name).inventory,
            in: work.namespace,
            through: try await work.place.guest()
        )
        guard let obstacle = scene.readiness.obstacle else {
            return .done(Evidence(facts: [.environmentSeen(scene.observation)]))
        }
        return waiting(
            context,
            for: "\(obstacle.title): \(obstacle.readiness.message)",
            releasedBy: obstacle.readiness.releasedBy
        )
    }

    /// Says that everything is as it is wanted.
    func settle(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let task = try EnvironmentTask(reading: context.desired)
        guard let work = try await switching(context) else {
            let isNewest = try await environment(context).generation == task.generation
            return .done(
                Evidence(
                    facts: isNewest ? [.environmentSettled(generation: task.generation)] : []
                )
            )
        }
        var facts: [StepFact] = []
        if !work.isPaused {
            facts.append(
                .condition(
                    type: "Ready",
                    status: work.isAsleep ? .false : .true,
                    reason: work.isAsleep ? "Asleep" : "Ready",
                    message: work.isAsleep
                        ? "It sleeps: nothing of it runs." : "Everything is ready.",
                    generation: task.generation
                )
            )
        }
        return .done(
            Evidence(facts: facts + [.environmentSettled(generation: task.generation)])
        )
    }

    private func workloads(
        of work: Switching
    ) async throws(ProviderFault) -> EnvironmentWorkloads {
        try await EnvironmentWorkloads(
            among: try await work.place.reading(of: work.environment.name).inventory,
            through: try await work.place.guest()
        )
    }
}
