import Contract
import Domain
import Drivers
import Folders
import JSON
import Kubernetes
import Readiness

extension ServiceWorkflows {
    private static let part = "service"
    private static let endPart = "service-end"

    /// Commits what the offering comes to, and points the engine at it.
    func deliver(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context) else { return .done }
        let rendered = try await files.render(work.release)
        let commit = try await commit(
            [
                FolderEdit(Self.part, rendered.files.below(Self.part)),
                // Left by an end that was given up.
                FolderEdit(Self.endPart, []),
            ],
            at: work.site,
            saying: "Deliver \(work.number) of service \(work.service.name)",
            adopting: work.service.spec.adopt,
            context
        )
        return .done(Evidence(delivered(commit, within: rendered.offering.deadline)))
    }

    /// Waits until the engine has applied the commit.
    func awaitApplied(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context),
            let commit = context.findings(of: Self.deliverStep)?["commit"]?.string
        else { return .done }
        if let wait = try await unapplied(commit, at: work.site) {
            return waiting(context, telling: wait)
        }
        let message = "Commit \(commit.prefix(12)) is applied."
        return .done(Evidence(facts: [Self.condition("Applied", .true, "Applied", message)]))
    }

    /// Waits until every object does what it is for.
    func awaitReady(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context) else { return .done }
        let rendered = try await files.render(work.release)
        let scene = try await scene(
            of: rendered.files.of(Self.part),
            by: rendered.rules,
            at: work.site
        )
        guard scene.obstacle != nil else {
            return .done(Evidence(facts: [.serviceSeen(scene.observation)]))
        }
        return try await unready(context, scene)
    }

    /// The outcome of a step in which something is not ready.
    func unready(
        _ context: StepContext,
        _ scene: FolderScene
    ) async throws(ProviderFault) -> Outcome {
        guard let obstacle = scene.obstacle else { return .done }
        let isLate = time(of: context).map { clock() >= $0.end } ?? false
        guard scene.readiness.state == .failed || isLate else {
            return waiting(context, telling: Wait(on: obstacle.on, releasedBy: obstacle.releasedBy))
        }
        var told = obstacle.on
        if let entry = scene.readiness.obstacle {
            told = "\(entry.title): \(await scene.quoting(entry.readiness).message)"
        }
        let why = isLate ? "It was not ready within \(time(of: context)?.length ?? ""). " : ""
        let seen = context.subject.kind == .binding
        return try await failed(
            context,
            "\(why)\(told)",
            seen ? [] : [.serviceSeen(scene.observation)]
        )
    }

    /// Says that the delivery is live.
    func announce(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context) else { return .done }
        let rendered = try await files.render(work.release)
        let detail = "Everything is ready."
        return .done(
            Evidence(
                facts: [
                    Self.condition("Ready", .true, "Ready", detail),
                    .serviceEnded(
                        ServiceOutcome(
                            work.number,
                            .succeeded,
                            detail: detail,
                            outputs: rendered.outputs,
                            revision: context.findings(of: Self.deliverStep)?["commit"]?.string
                        )
                    ),
                ]
            )
        )
    }

    // MARK: - Pause

    /// Stops what applies the service, or lets it go on.
    func suspend(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let service = try await service(context), service.status.phase != .deleting,
            service.status.live != nil || service.status.leftover != nil,
            let site = try await site(of: service), !site.place.isDirect
        else { return .done }
        let connection = try site.connection(suspended: service.spec.paused)
        try context.continueOrStop()
        try await asking { () async throws(KubernetesFault) in
            _ = try await site.place.host.apply(
                connection.object.object ?? JSONObject(),
                force: true
            )
        }
        return .done
    }

    /// Says that everything is as it is wanted.
    func settle(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let service = try await service(context) else { return .done }
        let generation = Int64(context.desired["generation"]?.int ?? 0)
        guard service.generation == generation else { return .done }
        let isPaused = service.spec.paused
        let message = isPaused ? "It is left as it is for now." : "It is kept as it is wanted."
        return .done(
            Evidence(
                facts: [
                    Self.condition(
                        "Ready",
                        isPaused ? .false : .true,
                        isPaused ? "Paused" : "Ready",
                        message
                    ),
                    .serviceSettled(generation: generation),
                ]
            )
        )
    }
}
