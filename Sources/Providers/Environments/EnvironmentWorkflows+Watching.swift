import Contract
import Domain
import Drivers
import Folders
import JSON
import Kubernetes
import Readiness

extension EnvironmentWorkflows {
    /// Waits until every object that was applied does what it is for.
    func awaitReady(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context), !work.task.spec.asleep else { return .done }
        let scene = try await FolderScene(
            of: try await work.place.reading(of: .environment(work.environment.name)).inventory,
            in: work.resolved.namespace,
            through: try await work.place.guest()
        )
        guard let obstacle = scene.obstacle else {
            return .done(Evidence(facts: [.environmentSeen(scene.observation)]))
        }
        let isLate = clock() >= work.resolved.deadline
        guard scene.readiness.state == .failed || isLate else {
            return try waiting(
                context,
                work,
                for: obstacle.on,
                releasedBy: obstacle.releasedBy
            )
        }
        var told = obstacle.on
        if let entry = scene.readiness.obstacle {
            told = "\(entry.title): \(await scene.quoting(entry.readiness).message)"
        }
        let time = work.task.spec.readiness.deadline.lengthText
        let why = isLate ? "It was not ready within \(time). " : ""
        let outcome = try failed(context, "\(why)\(told)")
        guard case .done(var evidence) = outcome else { return outcome }
        evidence.facts.insert(.environmentSeen(scene.observation), at: 0)
        return .done(evidence)
    }

    /// Asks the URL, where somebody wants that it answers.
    func reach(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context), !work.task.spec.asleep,
            let check = work.task.spec.readiness.check
        else { return .done }
        guard let address = address(of: work, context) else {
            throw .refused(
                reason: "spec.readiness.url is given, and template \(work.task.content.template) "
                    + "has no `url`"
            )
        }
        let asked = address.base + check.path
        let wanted = "\(asked) to answer with status \(check.status)"
        do throws(ProviderFault) {
            let status = try await probe.status(of: asked)
            guard status == check.status else {
                return try waiting(context, work, for: "\(wanted); it answers with \(status)")
            }
        } catch .transient(_, let reason) {
            return try waiting(context, work, for: "\(wanted): \(reason)")
        }
        return .done(
            Evidence(
                ["asked": .string(asked)],
                facts: [
                    .condition(
                        type: "Reachable",
                        status: .true,
                        reason: "Answers",
                        message: "\(asked) answers with status \(check.status).",
                        generation: work.task.generation
                    )
                ]
            )
        )
    }

    /// Says that the roll-out is live, and where.
    func announce(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context) else { return .done }
        let url = address(of: work, context)?.url
        var outputs: [String: String] = [:]
        let told = context.findings(of: Self.deliverStep)?["outputs"]?.object ?? JSONObject()
        for member in told { outputs[member.key] = member.value.string }
        let detail =
            work.task.spec.asleep ? "It is delivered and sleeps." : "Everything is ready."
        let ready = StepFact.condition(
            type: "Ready",
            status: work.task.spec.asleep ? .false : .true,
            reason: work.task.spec.asleep ? "Asleep" : "Ready",
            message: detail,
            generation: work.task.generation
        )
        var findings = JSONObject()
        if let url { findings["url"] = .string(url) }
        return .done(
            Evidence(
                findings,
                facts: [
                    .deploymentEnded(
                        DeploymentOutcome(
                            work.deployment,
                            .succeeded,
                            detail: detail,
                            url: url,
                            outputs: outputs,
                            commit: context.findings(of: Self.deliverStep)?["commit"]?.string
                        )
                    ),
                    ready, .environmentSettled(generation: work.task.generation),
                ]
            )
        )
    }

    /// Where the environment answers; nil where it serves nothing.
    private func address(
        of work: EnvironmentWork,
        _ context: StepContext
    ) -> EnvironmentAddress? {
        context.findings(of: Self.deliverStep)?["url"]?.string.map { url in
            EnvironmentAddress(
                url,
                serving: work.resolved.host,
                behind: work.place.ingressURL
            )
        }
    }
}
