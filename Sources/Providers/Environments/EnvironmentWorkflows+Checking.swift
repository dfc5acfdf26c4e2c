import Contract
import Domain
import Folders
import JSON

extension EnvironmentWorkflows {
    /// The least and the longest pause between two looks at what is new.
    private static let pauses = Duration.milliseconds(500)...Duration.seconds(15)

    /// Watches what is new until its step is over.
    func watch(
        _ context: StepContext,
        _ number: Int
    ) async throws(ProviderFault) -> Outcome {
        guard let shift = try await shifting(context), number <= shift.steps.count else {
            return .done
        }
        if case .abort(let who, let reason) = shift.coming?.wish {
            let reversal = ShiftReversal("Aborted by \(who): \(reason).", isWanted: true)
            return try await reverse(context, reversal)
        }
        let commit = context.findings(of: Self.shiftStep(number))?["commit"]?.string ?? ""
        var progress =
            shift.coming?.progress
            ?? RolloutProgress(.watching, step: number, of: shift.steps.count, weight: 0)
        if let lack = try await lack(in: shift.work, at: commit) {
            return try unready(context, shift, progress, lack)
        }
        let now = clock()
        let since = progress.takeReady(at: now, keptSince: shift.coming?.pause?.since)
        let length = shift.steps[number - 1].wait
        progress.until = progress.pausedSince == nil ? length.map(since.advanced(by:)) : nil
        for (index, check) in shift.strategy.checks.enumerated() {
            try await ask(check, index, of: shift, &progress, context)
        }
        if let failing = failing(shift.strategy.checks, progress) {
            return try await reverse(context, ShiftReversal(failing))
        }
        if case .advance(let step, let who) = shift.coming?.wish, step >= number {
            return .done(Evidence(["advancedBy": .string(who)]))
        }
        // Nobody advances what is paused, and neither does time.
        if let until = progress.until, until <= now,
            progress.checks.allSatisfy({ $0.isRight == true })
        {
            return .done(Evidence(["watched": .string((now - since).lengthText)]))
        }
        if let lost = lost(shift, progress, now) {
            return try await reverse(context, ShiftReversal(lost))
        }
        return wait(for: number, shift, progress, now)
    }

    /// The outcome of a step in which something is not ready: before it first was, within the time
    /// of the step; later, as long as it is away at a stretch.
    private func unready(
        _ context: StepContext,
        _ shift: EnvironmentShift,
        _ seen: RolloutProgress,
        _ lack: Lack
    ) throws(ProviderFault) -> Outcome {
        guard seen.readySince != nil else {
            return try patient(context, shift.work, lack, until: shift.work.resolved.deadline)
        }
        var progress = seen
        let since = seen.unreadySince ?? clock()
        progress.unreadySince = since
        return try patient(
            context,
            shift.work,
            lack,
            until: since.advanced(by: shift.work.task.spec.readiness.deadline),
            telling: progress == seen
                ? [] : [.deploymentProgressed(shift.work.deployment, progress)]
        )
    }

    /// The outcome of a step that is not over.
    private func wait(
        for number: Int,
        _ shift: EnvironmentShift,
        _ progress: RolloutProgress,
        _ now: Instant
    ) -> Outcome {
        let part =
            shift.strategy.match.isEmpty
            ? "\(progress.weight) % of the requests" : "chosen requests"
        let pause = shift.coming?.pause
        let end =
            pause.map { "until it is resumed; \($0.by) has paused it: \($0.reason)" }
            ?? progress.until.map { "until \($0)" } ?? "until somebody advances it"
        var moments = zip(shift.strategy.checks, progress.checks).map { check, seen in
            (seen.askedAt ?? now).advanced(by: check.interval)
        }
        if let until = progress.until { moments.append(until) }
        let next = (moments.min() ?? now.advanced(by: Self.pauses.upperBound)) - now
        var facts: [StepFact] = []
        if progress != shift.coming?.progress {
            facts = [.deploymentProgressed(shift.work.deployment, progress)]
        }
        return .waiting(
            Wait(
                on: "step \(number) of \(shift.steps.count): \(part), \(end)",
                releasedBy: "whoever \(pause == nil ? "advances" : "resumes") or aborts the "
                    + "roll-out",
                facts: facts
            ),
            recheckAfter: min(max(next, Self.pauses.lowerBound), Self.pauses.upperBound)
        )
    }

    /// Why the step has taken too long; nil where it has not.
    private func lost(
        _ shift: EnvironmentShift,
        _ progress: RolloutProgress,
        _ now: Instant
    ) -> String? {
        let since = progress.readySince ?? now
        if now >= since.advanced(by: shift.strategy.patience) {
            return "Nobody advanced it within \(shift.strategy.patience.lengthText)."
        }
        let judging = shift.work.task.spec.readiness.deadline
        guard let until = progress.until, now >= until.advanced(by: judging),
            let open = progress.checks.firstIndex(where: { $0.isRight != true })
        else { return nil }
        let answer = progress.checks[open].answer ?? "it has no answer"
        return "Check \(open + 1) said nothing good within \(judging.lengthText) after its step: "
            + "\(answer)."
    }

    /// Why a check ends the roll-out; nil where none does.
    private func failing(_ checks: [RolloutCheck], _ progress: RolloutProgress) -> String? {
        for (index, check) in checks.enumerated() where index < progress.checks.count {
            let seen = progress.checks[index]
            guard seen.failures >= check.failures else { continue }
            let times = seen.failures == 1 ? "once" : "\(seen.failures) times in a row"
            return "Check \(index + 1) failed \(times): \(seen.answer ?? "")."
        }
        return nil
    }

    /// Asks what is due.
    private func ask(
        _ check: RolloutCheck,
        _ index: Int,
        of shift: EnvironmentShift,
        _ progress: inout RolloutProgress,
        _ context: StepContext
    ) async throws(ProviderFault) {
        while progress.checks.count <= index { progress.checks.append(RolloutProgress.Check()) }
        let now = clock()
        if let askedAt = progress.checks[index].askedAt,
            now < askedAt.advanced(by: check.interval)
        {
            return
        }
        let verdict =
            switch check.question {
            case .url(let wanted): await verdict(on: wanted, of: shift, context)
            case .prometheus(let question): await verdict(on: question, of: shift)
            }
        progress.checks[index].askedAt = now
        progress.checks[index].answer = verdict.answer
        progress.checks[index].isRight = verdict.isRight
        switch verdict.isRight {
        case true?: progress.checks[index].failures = 0
        case false?: progress.checks[index].failures += 1
        case nil: break  // What could not be asked says nothing.
        }
    }

    private typealias Verdict = (isRight: Bool?, answer: String)

    /// Asks the environment's own URL, in a way that what is new answers.
    private func verdict(
        on wanted: EnvironmentReadiness.Check,
        of shift: EnvironmentShift,
        _ context: StepContext
    ) async -> Verdict {
        guard let url = context.findings(of: Self.prepareStep)?["url"]?.string else {
            return (false, "the template has no `url`")
        }
        let address = EnvironmentAddress(
            url,
            serving: shift.work.resolved.host,
            behind: shift.work.place.ingressURL
        )
        let asked = address.base + wanted.path
        do throws(ProviderFault) {
            let header = (name: TrafficSplit.header, value: shift.split.token)
            let status = try await probe.status(of: asked, with: header)
            let answer = "\(asked) answers with \(status), and \(wanted.status) is wanted"
            return (status == wanted.status, answer)
        } catch {
            return (false, "\(asked): \(error)")
        }
    }

    private func verdict(
        on question: PrometheusQuestion,
        of shift: EnvironmentShift
    ) async -> Verdict {
        var question = question
        for (name, value) in [
            ("NAMESPACE", shift.work.resolved.namespace),
            ("ENVIRONMENT", shift.work.environment.name.text),
            ("TENANT", shift.work.environment.tenantName.text),
        ] { question.query = question.query.filling(name, with: value) }
        do throws(ProviderFault) {
            let values = try await probe.answer(to: question)
            guard !values.isEmpty else { return (nil, "the query finds nothing") }
            let wrong = values.first { !question.takes($0) }
            guard let wrong else { return (true, "the query finds \(values[0])") }
            let bounds = [
                question.min.map { "at least \($0)" }, question.max.map { "at most \($0)" },
            ].compactMap { $0 }.joined(separator: " and ")
            return (false, "the query finds \(wrong), and \(bounds) is wanted")
        } catch {
            return (nil, "the Prometheus cannot be asked: \(error)")
        }
    }
}

extension RolloutProgress {
    /// Everything is ready at that moment; since when the step counts, without the time in which
    /// somebody kept it.
    fileprivate mutating func takeReady(at now: Instant, keptSince pause: Instant?) -> Instant {
        unreadySince = nil
        var since = readySince ?? now
        if let pausedSince, pause == nil {
            since = since.advanced(by: now - max(pausedSince, since))
        }
        readySince = since
        pausedSince = pause
        return since
    }
}

extension String {
    /// The text with the variable filled in.
    fileprivate func filling(_ name: String, with value: String) -> String {
        var text = ""
        var rest = self[...]
        let variable = "${\(name)}"
        while let start = rest.firstIndex(of: "$") {
            text += rest[..<start]
            rest = rest[start...]
            let isVariable = rest.hasPrefix(variable)
            text += isVariable ? value : "$"
            rest = rest.dropFirst(isVariable ? variable.count : 1)
        }
        return text + rest
    }
}
