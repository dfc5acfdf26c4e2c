import Contract
import Domain
import JSON

/// A job that was asked for.
struct PlannedWork: Sendable {
    let kind: JobKind
    let id: JobID
    let subject: ObjectReference
    let tenant: TenantID?
    var input: JSON

    init(_ job: NewJob) throws {
        kind = job.kind
        id = job.id
        subject = job.subject
        tenant = job.tenant
        input = try JSON.parse(job.input)
    }
}

/// Runs jobs as the engine does, one step after the other.
struct JobTrial: Sendable {
    /// Turns that a step may wait.
    static let turnsMax = 200

    let workflows: [Workflow]
    let life: KillSwitch
    /// Keeps what a step found out.
    let take: @Sendable ([StepFact], PlannedWork) -> Void
    /// Everything beside Slipway does what is due.
    let turn: @Sendable () async throws -> Void
    /// Everything that there is outside.
    let world: @Sendable () async throws -> Set<String>

    /// Runs a job to its end, or to where it stalls or waits for too long.
    @discardableResult
    func run(
        _ job: PlannedWork,
        from start: Progress = Progress(),
        turns: Int = turnsMax
    ) async throws -> Progress {
        var progress = start
        for name in names(of: job.kind) where progress.observed[name] == nil {
            progress.step = name
            progress.outcome = await run(name, of: job, progress.observed)
            var left = turns
            while case .waiting(let wait, _) = progress.outcome, left > 0 {
                left -= 1
                take(wait.facts, job)
                try await turn()
                progress.outcome = await run(name, of: job, progress.observed)
            }
            guard case .done(let evidence) = progress.outcome else {
                interrupt(job, at: name, progress.outcome)
                return progress
            }
            progress.observed[name] = .object(evidence.findings)
            take(evidence.facts, job)
        }
        progress.step = nil
        return progress
    }

    /// What becomes true where a job does not get on, as the engine would have it.
    private func interrupt(_ job: PlannedWork, at step: String, _ outcome: Outcome) {
        let kind: Interruption.Kind
        switch outcome {
        case .done: return
        case .transient(_, let reason): kind = .retrying(reason: reason)
        case .waiting(let wait, _):
            take(wait.facts, job)
            kind = .waiting(on: wait.on)
        case .stalled(let reason): kind = .stalled(reason: reason)
        }
        let interruption = Interruption(
            kind: kind,
            step: step,
            tenant: job.tenant,
            subject: job.subject,
            input: job.input
        )
        let workflow = workflows.first { $0.kind == job.kind }
        take(workflow?.interrupted(interruption) ?? [], job)
    }

    /// Runs a job up to a step, in which the process ends right after its first change, so that
    /// nobody tells of it; whether it came so far.
    func cut(_ job: PlannedWork, at last: String) async throws -> Bool {
        var observed: [String: JSON] = [:]
        for name in names(of: job.kind).prefix(while: { $0 != last }) {
            var outcome = await run(name, of: job, observed)
            while case .waiting(let wait, _) = outcome {
                take(wait.facts, job)
                try await turn()
                outcome = await run(name, of: job, observed)
            }
            guard case .done(let evidence) = outcome else { return false }
            observed[name] = .object(evidence.findings)
            take(evidence.facts, job)
        }
        life.arm(after: 0, .after)
        _ = await run(last, of: job, observed)
        return life.disarm()
    }

    /// Runs a job to its end, with every process that works on it ended where something has just
    /// been changed or is about to be, and every step done once more; what went wrong.
    func faults(of job: PlannedWork) async throws -> [String] {
        var faults: [String] = []
        var observed: [String: JSON] = [:]
        for name in names(of: job.kind) {
            var outcome = await killed(name, job, observed, &faults)
            var waits = 0
            while case .waiting(let wait, _) = outcome {
                waits += 1
                take(wait.facts, job)
                guard waits < Self.turnsMax else {
                    return faults + ["\(name) waits for ever for \(wait.on)"]
                }
                try await turn()
                outcome = await killed(name, job, observed, &faults)
            }
            guard case .done = outcome else { return faults + ["\(name) ended \(outcome)"] }
            let before = try await world()
            let again = await run(name, of: job, observed)
            guard case .done(let evidence) = again else {
                return faults + ["\(name), done already, ended \(again)"]
            }
            let changed = before.symmetricDifference(try await world()).sorted()
            if !changed.isEmpty { faults.append("\(name) run twice looks different: \(changed)") }
            observed[name] = .object(evidence.findings)
            take(evidence.facts, job)
        }
        return faults
    }

    private func killed(
        _ name: String,
        _ job: PlannedWork,
        _ observed: [String: JSON],
        _ faults: inout [String]
    ) async -> Outcome {
        for count in 0...3 {
            for moment in [KillSwitch.Moment.before, .after] {
                life.arm(after: count, moment)
                let outcome = await run(name, of: job, observed)
                guard life.disarm() else { return outcome }
                if case .stalled(let reason) = outcome {
                    faults.append("\(name), ended at change \(count), stalls: \(reason)")
                }
            }
        }
        return await run(name, of: job, observed)
    }

    private func names(of kind: JobKind) -> [String] {
        workflows.first { $0.kind == kind }?.steps.map(\.name) ?? []
    }

    private func run(
        _ name: String,
        of job: PlannedWork,
        _ observed: [String: JSON]
    ) async -> Outcome {
        let steps = workflows.first { $0.kind == job.kind }?.steps ?? []
        guard let step = steps.first(where: { $0.name == name }) else {
            return .stalled(reason: "no such step")
        }
        let context = StepContext(
            job: job.id,
            subject: job.subject,
            tenant: job.tenant,
            step: name,
            attempt: 1,
            desired: job.input,
            observed: observed,
            log: SilentLog(),
            cancellation: Wanted()
        )
        do throws(ProviderFault) { return try await step.run(context) } catch {
            return error.outcome
        }
    }
}
