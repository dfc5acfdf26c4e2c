package import Contract
package import Domain
package import JSON

/// Runs a workflow as a job engine would, with the mishaps that an engine cannot prevent: the
/// conformance suite of every provider.
///
/// `World` is what can be seen of the workflow's effects from outside, as one comparable value.
package struct WorkflowTrial<World: Equatable & Sendable>: Sendable {
    /// How one run of a workflow ended.
    package struct Report: Sendable {
        /// How each run of a step ended, in order.
        package var outcomes: [Outcome] = []
        /// What the steps that are done left behind.
        package var observed: [String: JSON] = [:]
        /// Whether every step is done.
        package var isComplete = false
    }

    /// What is tried.
    package let workflow: Workflow
    /// The same as another process runs it, which may know itself by another name or address.
    package let successor: Workflow
    /// The job that it is run for.
    package let job: JobID
    /// What the job works on.
    package let subject: ObjectReference
    /// The tenant of the job, where it has one.
    package let tenant: TenantID?
    /// What the job was asked to do.
    package let input: JSON
    private let world: @Sendable () async throws -> World

    /// A trial of the workflow, continued by `successor` where that is another one; `world` looks
    /// at the effects from outside.
    package init(
        _ workflow: Workflow,
        successor: Workflow? = nil,
        job: JobID,
        subject: ObjectReference,
        tenant: TenantID?,
        input: JSON = .object(JSONObject()),
        world: @escaping @Sendable () async throws -> World
    ) {
        self.workflow = workflow
        self.successor = successor ?? workflow
        self.job = job
        self.subject = subject
        self.tenant = tenant
        self.input = input
        self.world = world
    }

    /// Runs the steps in order until one is not done.
    package func run(from observed: [String: JSON] = [:]) async -> Report {
        var report = Report(observed: observed)
        while let step = workflow.step(after: Set(report.observed.keys)) {
            let outcome = await run(step, observed: report.observed)
            report.outcomes.append(outcome)
            guard case .done(let evidence) = outcome else { return report }
            report.observed[step.name] = .object(evidence.findings)
        }
        report.isComplete = true
        return report
    }

    /// What the provider does wrong, in sentences; empty where nothing is.
    ///
    /// Every step is run again after it was done, by the successor, as if the first process had
    /// died before the result was written down: the world must look the same. Every step is also
    /// run with its job no longer wanted: it may stop, and must leave what can be gone on with.
    package func faults() async throws -> [String] {
        var faults: [String] = []
        var observed: [String: JSON] = [:]
        while let step = workflow.step(after: Set(observed.keys)) {
            _ = await run(step, observed: observed, isCancelled: true)
            let first = await run(step, observed: observed)
            guard case .done(let evidence) = first else {
                return faults + ["\(step.name) ended \(first) where it should be done"]
            }
            let after = try await world()
            guard let same = successor.step(after: Set(observed.keys)) else {
                return faults + ["the successor has no step \(step.name)"]
            }
            let second = await run(same, observed: observed, attempt: 2)
            guard case .done = second else {
                return faults + ["\(step.name), done already, ended \(second)"]
            }
            if try await world() != after {
                faults.append("\(step.name) run twice looks different from once")
            }
            observed[step.name] = .object(evidence.findings)
        }
        return faults
    }

    private func run(
        _ step: any Step,
        observed: [String: JSON],
        attempt: Int = 1,
        isCancelled: Bool = false
    ) async -> Outcome {
        let context = StepContext(
            job: job,
            subject: subject,
            tenant: tenant,
            step: step.name,
            attempt: attempt,
            desired: input,
            observed: observed,
            log: SilentLog(),
            cancellation: FixedWish(isCancelled: isCancelled)
        )
        do throws(ProviderFault) {
            return try await step.run(context)
        } catch {
            return error.outcome
        }
    }
}

/// Keeps nothing.
private struct SilentLog: StepLog {
    func write(_ level: JobLogLine.Level, _ message: String) {}
}

/// Wants the step, or does not.
private struct FixedWish: CancellationCheck {
    let isCancelled: Bool
}
