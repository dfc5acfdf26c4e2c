import Contract
import Domain
import Drivers
import Folders
import JSON
import Kubernetes
import Readiness

extension EnvironmentWorkflows {
    static let prepareStep = "prepare"
    static let promoteStep = "promote"

    static func shiftStep(_ number: Int) -> String { "shift-\(number)" }

    /// What is new takes over by and by: for each part of the traffic a commit and a watch, then
    /// what is new takes the place of what ran, under whose name it is, and is delivered alone.
    func shift(placing orders: any EnvironmentOrders) -> Workflow {
        var steps = preparation(placing: orders) + [step(Self.prepareStep, prepare)]
        for number in 1...RolloutStrategy.stepsMax {
            steps.append(
                reversing(Self.shiftStep(number)) { context throws(ProviderFault) in
                    try await shift(context, number)
                }
            )
            steps.append(
                reversing("watch-\(number)") { context throws(ProviderFault) in
                    try await watch(context, number)
                }
            )
        }
        steps += [
            reversing(Self.promoteStep, promote), reversing("await-promoted", awaitPromoted),
            step(Self.deliverStep, conclude), step(Self.appliedStep, awaitApplied),
            step(Self.readyStep, awaitReady), step(Self.reachStep, reachAgain),
            step("announce", announceEnd),
        ]
        return Workflow(
            .environmentShift,
            steps: steps.map(noting),
            whenInterrupted: Self.interrupted
        )
    }

    /// A step that keeps when it ended: the time of the next one counts from there, whatever that
    /// waits for in turn.
    private func noting(_ step: NamedStep) -> NamedStep {
        NamedStep(step.name, within: step.timeLimit) { context throws(ProviderFault) in
            let outcome = try await step.run(context)
            guard case .done(var evidence) = outcome else { return outcome }
            evidence.findings[StepContext.ended] = .string("\(clock())")
            return .done(evidence)
        }
    }

    /// A step of which what ran comes back where it cannot be done; what passes by itself is
    /// waited for.
    private func reversing(_ name: String, _ body: @escaping NamedStep.Body) -> NamedStep {
        NamedStep(name) { context throws(ProviderFault) in
            do throws(ProviderFault) {
                return try await body(context)
            } catch .refused(let reason) {
                return try await reverse(context, ShiftReversal(reason))
            } catch .transient(let delay, let reason) {
                let pause = max(pace(context), delay ?? .zero)
                return .waiting(Wait(on: "this to pass: \(reason)"), recheckAfter: pause)
            }
        }
    }

    /// What this step works with; nil where nothing takes over by and by, or no longer.
    func shifting(
        _ context: StepContext
    ) async throws(ProviderFault) -> EnvironmentShift? {
        guard ShiftReversal(context) == nil,
            let found = context.findings(of: Self.prepareStep),
            let kind = (found["route"]?.string).flatMap(RouteKind.init(rawValue:)),
            let stable = found["stable"]?.string,
            let work = try await work(context)
        else { return nil }
        func name(_ member: String) -> String { found["objects"]?[member]?.string ?? "" }
        let objects = RolloutObjects(
            deployment: name("deployment"),
            service: name("service"),
            route: name("route")
        )
        return EnvironmentShift(
            work: work,
            strategy: work.task.spec.rollout,
            split: TrafficSplit(
                objects: objects,
                route: kind,
                token: work.deployment.description
            ),
            stable: stable,
            base: Int64(found["base"]?.int ?? 0)
        )
    }

    /// Finds out how the traffic is split, before anything is changed.
    ///
    /// Where nothing runs yet, or everything sleeps, what is new is delivered at once.
    func prepare(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context) else { return .done }
        guard let live = work.environment.status.live, !work.task.spec.asleep else {
            return .done(Evidence(["plain": true]))
        }
        guard let stable = live.commit else {
            throw .refused(
                reason: "it is not known which commit holds roll-out \(live.number), which runs; "
                    + "roll out once with the strategy rolling"
            )
        }
        let new = try await files.render(work.release())
        guard let objects = new.rollout else {
            throw .refused(
                reason: "template \(work.task.content.template) does not say which objects take "
                    + "the traffic: its entry in blueprint.yaml needs `rollout`"
            )
        }
        let running = try await files.files(
            of: work.environment.name,
            at: stable,
            of: work.environment.tenant
        )
        let kind = try await routeKind(among: try ManifestFiles(running), objects, work)
        let split = TrafficSplit(
            objects: objects,
            route: kind,
            token: work.deployment.description
        )
        // Nothing is begun that cannot go on.
        _ = try split.files(of: running, and: new.files, .match(work.task.spec.rollout.match))
        var findings: JSONObject = [
            "route": .string(kind.rawValue), "stable": .string(stable),
            "base": .integer(live.number),
            "objects": [
                "deployment": .string(objects.deployment), "service": .string(objects.service),
                "route": .string(objects.route),
            ],
        ]
        if let url = new.url { findings["url"] = .string(url) }
        return .done(Evidence(findings))
    }

    /// The kind of the template's route that the cluster has.
    private func routeKind(
        among running: ManifestFiles,
        _ objects: RolloutObjects,
        _ work: EnvironmentWork
    ) async throws(ProviderFault) -> RouteKind {
        let served = try await routeKinds(in: work.place)
        if let kind = served.first(where: { running.document($0.rawValue, objects.route) != nil }) {
            return kind
        }
        let cluster = work.resolved.cluster
        guard !served.isEmpty else {
            throw .refused(
                reason: "cluster \(cluster) has neither Gateway API (HTTPRoute) nor Istio "
                    + "(VirtualService), so that traffic cannot be split; install one, or roll "
                    + "out with the strategy rolling"
            )
        }
        throw .refused(
            reason: "cluster \(cluster) has \(served.map(\.rawValue).joined(separator: ", ")), and "
                + "what runs has no such object called \(objects.route)"
        )
    }

    /// The kinds of routes that a cluster serves.
    private func routeKinds(
        in place: ClusterPlace
    ) async throws(ProviderFault) -> [RouteKind] {
        let client = try await place.guest()
        var served: [RouteKind] = []
        for kind in RouteKind.allCases {
            do throws(KubernetesFault) {
                _ = try await client.resource(for: kind.kind)
                served.append(kind)
            } catch .noSuchKind {
                continue
            } catch {
                throw error.providerFault
            }
        }
        return served
    }

    /// The rendered files without routes of a kind that the cluster has not: a template may bring
    /// one of each.
    func fitting(
        _ rendered: RenderedRelease,
        _ place: ClusterPlace
    ) async throws(ProviderFault) -> RenderedRelease {
        guard let objects = rendered.rollout else { return rendered }
        let manifests: ManifestFiles
        do throws(ProviderFault) { manifests = try ManifestFiles(rendered.files) } catch {
            return rendered  // What is no plain manifest brings what it brings.
        }
        let brought = RouteKind.allCases.filter {
            manifests.document($0.rawValue, objects.route) != nil
        }
        guard brought.count > 1 else { return rendered }
        let served = try await routeKinds(in: place)
        guard let kept = brought.first(where: served.contains) else { return rendered }
        var rendered = rendered
        for kind in brought where kind != kept {
            rendered.files = try ManifestFiles(rendered.files)
                .replacing(kind.rawValue, objects.route) { _ in nil }
        }
        return rendered
    }
}

extension EnvironmentWorkflows {
    /// Sends a part of the traffic to what is new.
    private func shift(
        _ context: StepContext,
        _ number: Int
    ) async throws(ProviderFault) -> Outcome {
        guard let shift = try await shifting(context), number <= shift.steps.count else {
            return .done
        }
        let running = try await stableFiles(of: shift)
        let weight = shift.steps[number - 1].weight
        let stage =
            shift.strategy.match.isEmpty
            ? "\(weight) % of the requests" : "chosen requests"
        let commit = try await write(
            shift,
            beside: running,
            shift.share(in: number),
            stage,
            context
        )
        let progress = RolloutProgress(
            .watching,
            step: number,
            of: shift.steps.count,
            weight: weight,
            checks: shift.strategy.checks.map { _ in RolloutProgress.Check() }
        )
        return .done(
            Evidence(
                ["commit": .string(commit)],
                facts: [.deploymentProgressed(shift.work.deployment, progress)]
            )
        )
    }

    /// Has what is new take the place of what ran, while all requests go to the objects beside it.
    private func promote(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let shift = try await shifting(context) else { return .done }
        let new = try await fitting(try await files.render(shift.work.release()), shift.work.place)
        let commit = try await write(shift, beside: new.files, .weight(100), "promotion", context)
        let progress = RolloutProgress(
            .promoting,
            step: shift.steps.count,
            of: shift.steps.count,
            weight: 100
        )
        return .done(
            Evidence(
                ["commit": .string(commit)],
                facts: [.deploymentProgressed(shift.work.deployment, progress)]
            )
        )
    }

    private func awaitPromoted(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let shift = try await shifting(context),
            let commit = context.findings(of: Self.promoteStep)?["commit"]?.string,
            let lack = try await lack(in: shift.work, at: commit)
        else { return .done }
        return try patient(context, shift.work, lack, until: shift.work.resolved.deadline)
    }

    private func stableFiles(
        of shift: EnvironmentShift
    ) async throws(ProviderFault) -> [RenderedRelease.File] {
        try await files.files(
            of: shift.work.environment.name,
            at: shift.stable,
            of: shift.work.environment.tenant
        )
    }

    /// Commits both sides, and names the commit.
    private func write(
        _ shift: EnvironmentShift,
        beside running: [RenderedRelease.File],
        _ share: TrafficSplit.Share,
        _ stage: String,
        _ context: StepContext
    ) async throws(ProviderFault) -> String {
        var new = try await fitting(try await files.render(shift.work.release()), shift.work.place)
        new.files = try shift.split.files(of: running, and: new.files, share)
        new.stage = stage
        return try await write(new, shift.work, context)
    }

    /// What is lacking until a commit is applied and everything is ready; nil once nothing is.
    func lack(
        in work: EnvironmentWork,
        at commit: String
    ) async throws(ProviderFault) -> Lack? {
        let reading = try await work.place.reading(of: .environment(work.environment.name))
        guard try await isApplied(commit, by: reading, in: work.place) else {
            if let fault = reading.fault, fault.isFinal,
                try await isHeld(commit, by: reading.attempted, of: work.environment.tenant)
            {
                throw .refused(reason: fault.message)
            }
            let on = "\(reading.name) to apply commit \(commit.prefix(12))"
            let why = reading.fault.map { ": \($0.message)" } ?? ""
            return Lack(on: on + why, releasedBy: reading.fault?.releasedBy)
        }
        let scene = try await FolderScene(
            of: reading.inventory,
            in: work.resolved.namespace,
            through: try await work.place.guest()
        )
        if let missing = scene.missing.first { return Lack(on: "\(missing) to be there") }
        guard let obstacle = scene.readiness.obstacle else { return nil }
        let told = await scene.quoting(obstacle.readiness)
        let words = "\(obstacle.title): \(told.message)"
        guard scene.readiness.state != .failed else { throw .refused(reason: words) }
        return Lack(on: words, releasedBy: told.releasedBy)
    }

    /// The outcome of a step that waits, until the end of its time.
    func patient(
        _ context: StepContext,
        _ work: EnvironmentWork,
        _ lack: Lack,
        until end: Instant,
        telling facts: [StepFact] = []
    ) throws(ProviderFault) -> Outcome {
        guard clock() < end else {
            let time = work.task.spec.readiness.deadline.lengthText
            throw .refused(reason: "It was not ready within \(time): \(lack.on)")
        }
        return .waiting(
            Wait(on: lack.on, releasedBy: lack.releasedBy, facts: facts),
            recheckAfter: min(pace(context), end - clock())
        )
    }
}

extension EnvironmentWorkflows {
    /// The roll-out goes back to what ran before; the steps that follow do that.
    func reverse(
        _ context: StepContext,
        _ reversal: ShiftReversal
    ) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context) else { return .done }
        context.log.warning("back to what ran before: \(reversal.reason)")
        var progress =
            work.environment.status.coming?.progress
            ?? RolloutProgress(
                .restoring,
                step: 1,
                of: work.task.spec.rollout.steps.count,
                weight: 0
            )
        progress.phase = .restoring
        progress.weight = 0
        progress.until = nil
        return .done(
            Evidence(
                reversal.findings,
                facts: [.deploymentProgressed(work.deployment, progress)]
            )
        )
    }

    /// Delivers what is new alone, or what ran before.
    private func conclude(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard ShiftReversal(context) != nil else { return try await deliver(context) }
        guard let work = try await work(context),
            let stable = context.findings(of: Self.prepareStep)?["stable"]?.string
        else { return .done }
        let running = try await files.files(
            of: work.environment.name,
            at: stable,
            of: work.environment.tenant
        )
        let back = RenderedRelease(files: running, stage: "back to what ran before")
        return .done(Evidence(["commit": .string(try await write(back, work, context))]))
    }

    private func reachAgain(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        ShiftReversal(context) == nil ? try await reach(context) : .done
    }

    /// Says that what is new is live, or that it is not going to be, and why.
    private func announceEnd(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let reversal = ShiftReversal(context) else { return try await announce(context) }
        guard let work = try await work(context) else { return .done }
        let live =
            work.environment.status.live.map { "Roll-out \($0.number) runs as before." } ?? ""
        let outcome = DeploymentOutcome(
            work.deployment,
            reversal.isWanted ? .cancelled : .failed,
            detail: "\(reversal.reason) \(live)",
            isRestored: true
        )
        let ready = StepFact.condition(
            type: "Ready",
            status: .true,
            reason: "Restored",
            message: outcome.detail,
            generation: nil
        )
        return .done(Evidence(facts: [.deploymentEnded(outcome), ready]))
    }
}
