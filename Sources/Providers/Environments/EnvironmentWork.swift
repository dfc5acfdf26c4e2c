import Contract
import Domain
import Drivers
import Folders
import JSON
import Kubernetes

/// Everything that one step of a roll-out works with.
struct EnvironmentWork: Sendable {
    let environment: Environment
    let task: EnvironmentTask
    let deployment: DeploymentID
    let resolved: ResolvedEnvironment
    let place: ClusterPlace

    /// What its files are made from.
    ///
    /// - Throws: `.refused` where others say something of themselves that cannot be a value.
    func release() throws(ProviderFault) -> EnvironmentRelease {
        EnvironmentRelease(
            tenant: environment.tenant,
            blueprint: resolved.blueprint,
            commit: resolved.commit,
            environment: environment.name,
            type: task.spec.type,
            service: task.spec.service,
            number: task.number,
            content: task.content,
            cluster: resolved.cluster,
            namespace: resolved.namespace,
            host: resolved.host,
            values: try resolved.taken.values()
        )
    }

    /// What applies it.
    func connection() throws(ProviderFault) -> FolderConnection {
        try FolderConnection(
            of: .environment(environment.name),
            in: resolved.namespace,
            of: place.wish,
            from: .platform(place.kubeconfig),
            isSuspended: task.spec.asleep
        )
    }
}

extension EnvironmentWorkflows {
    /// The environment whose objects are applied without an engine.
    func direct(_ environment: Environment, _ place: ClusterPlace) -> DirectFolder {
        DirectFolder(
            .environment(environment.name),
            of: environment.tenant,
            named: environment.tenantName,
            in: Self.namespace(of: environment.name, in: place.cluster),
            confined: place.cluster.spec.kind == .namespace,
            through: place.guest,
            noting: records
        )
    }

    /// Whether everything up to a commit is applied in a place, by what was read of it.
    func isApplied(
        _ commit: String,
        by reading: FolderReading,
        in place: ClusterPlace
    ) async throws(ProviderFault) -> Bool {
        // What Slipway applies by itself is applied before its commit is told.
        if place.isDirect { return true }
        return try await isHeld(commit, by: reading.revision, of: place.cluster.tenant)
    }

    /// Whether a revision that an engine names holds a commit; one that it does not name does not.
    func isHeld(
        _ commit: String,
        by revision: String?,
        of tenant: TenantID
    ) async throws(ProviderFault) -> Bool {
        guard let revision else { return false }
        return try await files.holds(commit, in: revision, of: tenant)
    }

    /// The environment of the job as it is wanted now.
    func environment(_ context: StepContext) async throws(ProviderFault) -> Environment {
        guard let id = context.subject.id, let found = try await records.environment(id.cast())
        else { throw .refused(reason: "the environment is gone; cancel the job") }
        return found
    }

    /// What the roll-out goes by, with the time that this step has; nil where there is nothing to
    /// do.
    private func resolved(
        _ context: StepContext,
        _ task: EnvironmentTask
    ) throws(ProviderFault) -> ResolvedEnvironment? {
        let findings = context.findings(of: Self.resolveStep)
        guard var resolved = try ResolvedEnvironment(reading: findings) else { return nil }
        // What was ordered with it is known later, and says when the rest has to be done.
        if let found = context.findings(of: Self.servicesStep), found["cluster"] != nil,
            let later = try ResolvedEnvironment(reading: found)
        {
            resolved = later
        }
        if context.step == Self.servicesStep {
            let since = context.waitingSince ?? clock()
            resolved.deadline = since.advanced(by: Self.placingMax)
        } else if task.spec.rollout != .rolling {
            // Each step of what takes over by and by has that time of its own; an earlier version
            // did not note when it began.
            let since = context.stepBegan ?? context.waitingSince ?? clock()
            resolved.deadline = since.advanced(by: task.spec.readiness.deadline)
        }
        return resolved
    }

    /// What this step works with; nil where the roll-out has come to its end already, or something
    /// newer is wanted, for which there is a job of its own.
    func work(_ context: StepContext) async throws(ProviderFault) -> EnvironmentWork? {
        let task = try EnvironmentTask(reading: context.desired)
        guard let deployment = task.deployment,
            let resolved = try resolved(context, task)
        else { return nil }
        let environment = try await environment(context)
        guard environment.status.coming?.deployment == deployment,
            environment.status.phase != .deleting
        else {
            context.log.info("nothing is left to do for this roll-out")
            return nil
        }
        guard let cluster = try await records.cluster(resolved.cluster, of: environment.tenant)
        else { throw .refused(reason: "the cluster \(resolved.cluster) is gone") }
        return EnvironmentWork(
            environment: environment,
            task: task,
            deployment: deployment,
            resolved: resolved,
            place: try await places.place(of: cluster)
        )
    }

    /// The roll-out does not become what it was to be; what runs stays.
    func failed(_ context: StepContext, _ reason: String) throws(ProviderFault) -> Outcome {
        guard let deployment = try EnvironmentTask(reading: context.desired).deployment else {
            throw .refused(reason: reason)
        }
        let before = ShiftReversal(context).map { "\($0.reason) Going back failed: " }
        let reason = (before ?? "") + reason
        context.log.warning("the roll-out has failed: \(reason)")
        var findings = JSONObject()
        findings["failed"] = .string(reason)
        findings["idle"] = true
        var facts: [StepFact] = [
            .condition(
                type: "Ready",
                status: .false,
                reason: "RollOutFailed",
                message: reason,
                generation: nil
            ),
            .deploymentEnded(DeploymentOutcome(deployment, .failed, detail: reason)),
        ]
        if [Self.houseStep, Self.resolveStep].contains(context.step) {
            facts.insert(.deploymentBegun(deployment), at: 0)
        }
        return .done(Evidence(findings, facts: facts))
    }

    /// The outcome of a step that waits, until the roll-out counts as failed.
    func waiting(
        _ context: StepContext,
        _ work: EnvironmentWork,
        for on: String,
        releasedBy: String? = nil
    ) throws(ProviderFault) -> Outcome {
        guard clock() < work.resolved.deadline else {
            let time = work.task.spec.readiness.deadline.lengthText
            return try failed(context, "It was not ready within \(time); still waiting for \(on)")
        }
        return .waiting(
            Wait(on: on, releasedBy: releasedBy),
            recheckAfter: min(pace(context), work.resolved.deadline - clock())
        )
    }

    /// What passes by itself is waited for, up to the end of the roll-out's time.
    func waiting(
        _ context: StepContext,
        out fault: ProviderFault
    ) async throws(ProviderFault) -> Outcome {
        guard let end = try await end(of: context) else { throw fault }
        let wait: Wait
        var least = Duration.zero
        switch fault {
        case .transient(let delay, let reason):
            wait = Wait(on: "this to pass: \(reason)")
            least = delay ?? .zero
        case .away(let reason, let who, let delay):
            wait = Wait(on: "this to pass: \(reason)", releasedBy: who)
            least = delay
        case .busy(let reason): wait = Wait(on: reason)
        case .refused, .cancelled: throw fault
        }
        return try waiting(context, on: wait, until: end, atLeast: least)
    }

    /// The outcome of a step that waits for others, up to the end of the time that it has.
    func waiting(_ context: StepContext, on wait: Wait) async throws(ProviderFault) -> Outcome {
        guard let end = try await end(of: context) else {
            return .waiting(wait, recheckAfter: pace(context))
        }
        return try waiting(context, on: wait, until: end)
    }

    private func waiting(
        _ context: StepContext,
        on wait: Wait,
        until end: Instant,
        atLeast least: Duration = .zero
    ) throws(ProviderFault) -> Outcome {
        let left = end - clock()
        guard left > .zero else {
            return try failed(context, "It was not ready in time; still waiting for \(wait.on)")
        }
        return .waiting(wait, recheckAfter: min(max(pace(context), least), left))
    }

    /// When the step ends whatever is so; nil before work on the roll-out has begun.
    private func end(of context: StepContext) async throws(ProviderFault) -> Instant? {
        guard Self.placingSteps.contains(context.step) else {
            return try resolved(context, try EnvironmentTask(reading: context.desired))?.deadline
        }
        let coming = try await environment(context).status.coming
        return coming?.startedAt?.advanced(by: Self.placingMax)
    }

    /// The outcome of a step that waits.
    func waiting(_ context: StepContext, for on: String, releasedBy: String? = nil) -> Outcome {
        .waiting(Wait(on: on, releasedBy: releasedBy), recheckAfter: pace(context))
    }

    /// When to look again.
    func pace(_ context: StepContext) -> Duration { context.pace(at: clock()) }
}

extension StepContext {
    /// What a step of a roll-out that takes over by and by keeps of the moment at which it ended.
    static let ended = "ended"

    /// When the step before this one ended; nil where that is not known.
    fileprivate var stepBegan: Instant? {
        observed.values.compactMap { $0[Self.ended]?.string }
            // What is no moment was not written by us.
            .compactMap { try? Instant(parsing: $0) }
            .max()
    }
}
