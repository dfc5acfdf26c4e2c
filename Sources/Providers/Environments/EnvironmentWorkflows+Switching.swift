import Contract
import Domain
import Drivers
import Folders
import JSON
import Kubernetes
import Readiness

extension EnvironmentWorkflows {
    /// An environment that is there, and what a job wants of it.
    private struct Switching: Sendable {
        let environment: Environment
        let task: EnvironmentTask
        let place: ClusterPlace
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
        to place: ClusterPlace
    ) async throws(ProviderFault) -> Bool {
        let folder = DeliveredFolder.environment(environment.name)
        if place.isDirect {
            return try await !records.applied(of: folder, of: environment.tenant).isEmpty
        }
        guard
            let key = FolderConnection.key(of: folder, in: place.wish).map({ ObjectKey($0) })
        else { return false }
        return try await asking { () async throws(KubernetesFault) in
            try await place.host.get(key, projection: .metadata)
        } != nil
    }

    /// Stops what applies the environment, or lets it go on.
    func suspend(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await switching(context) else { return .done }
        if !work.isAsleep, !work.isPaused { try await wakeOthers(for: work.environment, context) }
        let begun = Evidence(["since": .string("\(clock())")])
        guard !work.place.isDirect else { return .done(begun) }
        let connection = try FolderConnection(
            of: .environment(work.environment.name),
            in: work.namespace,
            of: work.place.wish,
            from: .platform(work.place.kubeconfig),
            isSuspended: work.isAsleep || work.isPaused
        )
        try await asking { () async throws(KubernetesFault) in
            _ = try await work.place.host.apply(
                connection.object.object ?? JSONObject(),
                force: true
            )
        }
        return .done(begun)
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

    /// Waits until what is live is applied and ready; where that takes too long, it is told as it
    /// is.
    func awaitSwitched(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await switching(context), !work.isPaused, !work.isAsleep else {
            return .done
        }
        let reading = try await work.place.reading(of: .environment(work.environment.name))
        let client = try await work.place.guest()
        if let commit = work.environment.status.live?.commit,
            try await !isApplied(commit, by: reading, in: work.place)
        {
            let why = reading.fault.map { ": \($0.message)" } ?? ""
            let on = "\(reading.name) to apply commit \(commit.prefix(12))\(why)"
            guard isLate(context, work) else {
                return waiting(context, for: on, releasedBy: reading.fault?.releasedBy)
            }
            return .done(Evidence(["late": .string(on)]))
        }
        // What was applied just now says anew how many there are to be, or leaves it open.
        try await EnvironmentWorkloads(among: reading.inventory, through: client).wake(context)
        let scene = try await FolderScene(
            of: reading.inventory,
            in: work.namespace,
            through: client
        )
        guard let obstacle = scene.obstacle, !isLate(context, work) else {
            var findings = JSONObject()
            if let obstacle = scene.obstacle { findings["late"] = .string(obstacle.on) }
            return .done(Evidence(findings, facts: [.environmentSeen(scene.observation)]))
        }
        return waiting(context, for: obstacle.on, releasedBy: obstacle.releasedBy)
    }

    /// Whether what was woken has had as long as a roll-out may take.
    private func isLate(_ context: StepContext, _ work: Switching) -> Bool {
        let text = context.findings(of: Self.suspendStep)?["since"]?.string
        // What is no moment was written by an earlier version, and lets it take its time.
        guard let since = text.flatMap({ try? Instant(parsing: $0) }) else { return false }
        return clock() >= since.advanced(by: work.task.spec.readiness.deadline)
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
        let late = context.findings(of: Self.switchedStep)?["late"]?.string
        var facts: [StepFact] = [
            .environmentSettled(generation: task.generation, isReady: late == nil)
        ]
        if !work.isPaused {
            facts.append(
                .condition(
                    type: "Ready",
                    status: work.isAsleep || late != nil ? .false : .true,
                    reason: work.isAsleep ? "Asleep" : late == nil ? "Ready" : "NotReadyInTime",
                    message: work.isAsleep
                        ? "It sleeps: nothing of it runs."
                        : late.map { "It was woken; still waiting for \($0)" }
                            ?? "Everything is ready.",
                    generation: task.generation
                )
            )
        }
        return .done(Evidence(facts: facts))
    }

    private func workloads(
        of work: Switching
    ) async throws(ProviderFault) -> EnvironmentWorkloads {
        try await EnvironmentWorkloads(
            among: try await work.place.reading(of: .environment(work.environment.name)).inventory,
            through: try await work.place.guest()
        )
    }
}
