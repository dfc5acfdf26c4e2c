import Contract
import Domain
import EventLoop
import JSON
import Logging
import Storage
import Synchronization
import Telemetry

extension JobEngine {
    /// Takes one job from claim to settlement: performs what its machine says.
    func drive(_ job: RunningJob) async {
        var observed = job.claimed.observed
        var machine = JobMachine(
            steps: job.workflow.steps.map(\.name),
            done: Set(observed.keys),
            attempt: job.claimed.attempt,
            crashes: job.claimed.crashes,
            policy: settings.retry
        )
        var action = tell(.claimed, to: &machine, of: job)
        while true {
            switch action {
            case .run(let step, let attempt):
                let end = await run(step, attempt, of: job, observed: observed)
                action = tell(.ended(end, jitter: .random(in: 0..<1)), to: &machine, of: job)
            case .record(let result, let step, let facts):
                let signal = await record(result, step, facts, of: job)
                if case .advanced(let findings, _) = result { observed[step] = .object(findings) }
                action = tell(signal, to: &machine, of: job)
            case .leave(let departure):
                await leave(job, departure)
                return
            case .wait:
                preconditionFailure("a job that is driven has something to do")
            }
        }
    }

    /// Passes on what is wished of the job, then what happened.
    private func tell(
        _ signal: JobMachine.Signal,
        to machine: inout JobMachine,
        of job: RunningJob
    ) -> JobMachine.Action {
        let wishes = job.wishes.withLock { $0 }
        if wishes.isDraining { _ = machine.received(.drain) }
        if wishes.isUnwanted { _ = machine.received(.cancel) }
        return machine.received(signal)
    }

    private func run(
        _ name: String,
        _ attempt: Int,
        of job: RunningJob,
        observed: [String: JSON]
    ) async -> JobMachine.StepEnd {
        guard let step = job.workflow.steps.first(where: { $0.name == name }) else {
            preconditionFailure("the machine runs steps of its own workflow only")
        }
        let begun = MonotonicTime.now()
        let context = StepContext(
            job: job.lease.job,
            subject: job.claimed.subject,
            tenant: job.claimed.tenant,
            step: name,
            attempt: attempt,
            desired: job.claimed.input,
            observed: observed,
            waitingSince: job.claimed.waitingSince,
            log: logs.log(of: job.lease.job, step: name),
            cancellation: job
        )
        defer {
            job.end()
            durations[job.workflow.kind]?[name]?.observe(MonotonicTime.now() - begun)
        }
        // Awaited on the next line, cancelled by whoever stops the job.
        let task = Task(executorPreference: loop) { () -> JobMachine.StepEnd in
            do throws(ProviderFault) {
                return .outcome(try await step.run(context))
            } catch {
                return .fault(error)
            }
        }
        job.begin(until: begun.advanced(by: step.timeLimit)) { task.cancel() }
        return await task.value
    }

    /// Writes a result down, however often the database has to be asked.
    private func record(
        _ result: StepResult,
        _ step: String,
        _ facts: [StepFact],
        of job: RunningJob
    ) async -> JobMachine.Signal {
        let record = JobRecord(
            lease: job.lease,
            subject: job.claimed.subject,
            tenant: job.claimed.tenant,
            step: step,
            result: result,
            facts: facts + consequences(of: result, step, for: job)
        )
        if case .completed = result, record.facts.isEmpty {
            freePlace(of: job)
            return await completer.complete(record) ? .recorded(wantsCancel: false) : .refused
        }
        // Who follows the log leaves at the end, and is to have all lines by then.
        if result.state.isFinal || result.state == .stalled { await flushLogs() }
        var patience = RetryPolicy()
        patience.delayMin = .milliseconds(100)
        patience.delayMax = .seconds(2)
        for attempt in 1... {
            do {
                let wantsCancel = try await queue.record(record)
                metrics.count(result.state)
                announce(job.claimed.subject)
                return .recorded(wantsCancel: wantsCancel)
            } catch QueueFault.leaseLost {
                return .refused
            } catch QueueFault.permanent(let reason) {
                return unrecordable(result, reason, of: job)
            } catch {
                logger.warning("result not written yet", metadata: ["reason": "\(error)"])
            }
            guard await pause(patience, attempt), isHeld(job) else { return .refused }
        }
        return .refused
    }

    /// Lets those know who may watch the job; nobody watches jobs without a subject of their own.
    private func announce(_ subject: ObjectReference) {
        guard subject.kind != .platform else { return }
        onChange()
        queue.announceChange()
    }

    private func unrecordable(
        _ result: StepResult,
        _ reason: String,
        of job: RunningJob
    ) -> JobMachine.Signal {
        logger.error(
            "result cannot be written",
            metadata: ["job": "\(job.lease.job)", "reason": "\(reason)"]
        )
        if case .stall = result { return .refused }
        return .unrecordable(reason: "the result of the step could not be stored: \(reason)")
    }

    func pause(_ policy: RetryPolicy, _ attempt: Int) async -> Bool {
        let delay = policy.delay(
            afterAttempt: attempt,
            wanted: nil,
            jitter: .random(in: 0..<1)
        )
        return await pause(for: delay)
    }

    func isHeld(_ job: RunningJob) -> Bool {
        state.withLock { $0.jobs[job.lease.job] === job }
    }

    /// What becomes true when a job stops short of its end, and what the world is told.
    private func consequences(
        of result: StepResult,
        _ step: String,
        for job: RunningJob
    ) -> [StepFact] {
        let interruption: Interruption.Kind? =
            switch result {
            case .retry(_, let reason): .retrying(reason: reason)
            case .wait(let on, _, _): .waiting(on: on)
            case .stall(let reason): .stalled(reason: reason)
            case .cancel: .cancelled
            case .advanced, .completed, .handBack: nil
            }
        var facts: [StepFact] = []
        if let interruption {
            facts = job.workflow.interrupted(
                Interruption(
                    kind: interruption,
                    step: step,
                    tenant: job.claimed.tenant,
                    subject: job.claimed.subject,
                    input: job.claimed.input
                )
            )
        }
        guard job.claimed.subject.kind != .platform else { return facts }
        switch result {
        case .completed: facts.append(.event(.jobCompleted, data: told(of: job)))
        case .stall(let reason):
            var data = told(of: job)
            data["step"] = .string(step)
            data["reason"] = .string(reason)
            facts.append(.event(.jobStalled, data: data))
        case .cancel: facts.append(.event(.jobCancelled, data: told(of: job)))
        case .advanced, .retry, .wait, .handBack: break
        }
        return facts
    }

    private func told(of job: RunningJob) -> JSONObject {
        var data = JSONObject()
        data["jobId"] = .string(job.lease.job.description)
        data["kind"] = .string(job.workflow.kind.description)
        data["subject"] = .string(job.claimed.subject.name)
        return data
    }

    private func leave(_ job: RunningJob, _ departure: JobMachine.Departure) async {
        switch departure {
        case .settled:
            break
        case .unwanted:
            await sweep()
        case .lost:
            metrics.refused.increment()
            logger.warning("result refused", metadata: ["job": "\(job.lease.job)"])
            // Changes nothing where the lease is gone.
            try? await queue.release([job.lease])  // What fails here, `reconcile` finds.
        }
        forget(job)
    }
}
