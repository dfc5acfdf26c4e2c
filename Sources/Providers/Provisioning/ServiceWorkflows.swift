package import Contract
package import Domain
package import Folders
import JSON

/// Delivers tenants' services, gives consumers access to them, and takes both away.
package struct ServiceWorkflows: Sendable {
    let records: any ServiceRecords
    let places: any ClusterPlaces
    let files: any ServiceFiles
    let domain: String
    let clock: @Sendable () -> Instant

    /// Work with those records, clusters and repositories; `domain` is what host names end in.
    package init(
        records: any ServiceRecords,
        places: any ClusterPlaces,
        files: any ServiceFiles,
        domain: String,
        clock: @escaping @Sendable () -> Instant
    ) {
        self.records = records
        self.places = places
        self.files = files
        self.domain = domain
        self.clock = clock
    }

    /// What can be done with services and bindings, for the job engine.
    package var workflows: [Workflow] { [deliver, update, delete, issue, retire, revoke] }

    static let resolveStep = "resolve"
    static let placeStep = "place"
    static let prepareStep = "prepare"
    static let deliverStep = "deliver"
    static let appliedStep = "await-applied"
    static let readyStep = "await-ready"
    static let endStep = "end"

    /// Secrets first, then the files, then what comes of them.
    private var deliver: Workflow {
        Workflow(
            .serviceDeliver,
            steps: [
                step(Self.resolveStep, resolve), step(Self.placeStep, place),
                step(Self.prepareStep, prepare), step(Self.deliverStep, deliver),
                step(Self.appliedStep, awaitApplied), step(Self.readyStep, awaitReady),
                step("announce", announce),
            ],
            whenInterrupted: Self.interrupted
        )
    }

    /// What applies the service rests, or goes on.
    private var update: Workflow {
        Workflow(
            .serviceUpdate,
            steps: [NamedStep("suspend", suspend), NamedStep("settle", settle)],
            whenInterrupted: Self.interrupted
        )
    }

    /// What Kubernetes does not know of is cleaned up while everything is still there; then it all
    /// goes.
    private var delete: Workflow {
        Workflow(
            .serviceDelete,
            steps: [
                NamedStep("await-unbound", awaitUnbound), NamedStep(Self.endStep, end),
                NamedStep("await-ended", awaitEnded), NamedStep("withdraw", withdraw),
                NamedStep("await-withdrawn", awaitWithdrawn),
                NamedStep("remove-files", removeFiles),
                NamedStep("remove-secrets", removeSecrets),
                NamedStep("remove-namespace", removeNamespace),
                NamedStep("await-namespace-gone", awaitNamespaceGone),
                NamedStep("look-for-leftovers", look),
            ],
            whenInterrupted: Self.interrupted
        )
    }

    /// The credential is there and complete before its consumer gets it.
    private var issue: Workflow {
        Workflow(
            .bindingIssue,
            steps: [
                step(Self.resolveStep, resolveBinding), step(Self.prepareStep, prepareCredential),
                step(Self.deliverStep, deliverCredential),
                step(Self.appliedStep, awaitCredentialApplied),
                step(Self.readyStep, awaitCredential), NamedStep("compare", compare),
                step("switch", switchOver),
            ],
            whenInterrupted: Self.interrupted
        )
    }

    /// What the consumer has does not go.
    private var retire: Workflow {
        Workflow(
            .bindingRetire,
            steps: [NamedStep("compare", compare)] + endings,
            whenInterrupted: Self.interrupted
        )
    }

    /// The consumer's Secret goes first, so that nobody gets what is about to become invalid.
    private var revoke: Workflow {
        Workflow(
            .bindingRevoke,
            steps: [NamedStep("take-away", takeAway)] + endings,
            whenInterrupted: Self.interrupted
        )
    }

    /// How credentials go.
    private var endings: [NamedStep] {
        [
            NamedStep(Self.endStep, endCredentials),
            NamedStep("await-ended", awaitCredentialsEnded),
            NamedStep("remove", removeCredentials),
            NamedStep("await-removed", awaitCredentialsRemoved),
            NamedStep("remove-secrets", removeCredentialSecrets),
        ]
    }

    /// A step of what can fail for good: what cannot be done as it is ends it, because a person
    /// mends it by another order; what passes by itself is waited for as long as it may take.
    private func step(_ name: String, _ body: @escaping NamedStep.Body) -> NamedStep {
        NamedStep(name) { context throws(ProviderFault) in
            let outcome: Outcome
            do throws(ProviderFault) {
                outcome = try await body(context)
            } catch .refused(let reason) {
                return try await failed(context, reason)
            } catch {
                guard time(of: context) != nil, case .waiting = waiting(context, out: error) else {
                    throw error
                }
                outcome = waiting(context, out: error)
            }
            guard case .waiting(let wait, let delay) = outcome, let time = time(of: context) else {
                return outcome
            }
            let left = time.end - clock()
            guard left > .zero else {
                let reason = "It was not ready within \(time.length); still waiting for \(wait.on)"
                return try await failed(context, reason)
            }
            return .waiting(wait, recheckAfter: min(delay, left))
        }
    }

    private func waiting(_ context: StepContext, out fault: ProviderFault) -> Outcome {
        switch fault {
        case .transient(let delay, let reason):
            .waiting(
                Wait(on: "this to pass: \(reason)"),
                recheckAfter: max(delay ?? .zero, context.pace(at: clock()))
            )
        default: fault.outcome
        }
    }

    /// The outcome of a step that waits.
    func waiting(_ context: StepContext, for wait: Wait) -> Outcome {
        .waiting(wait, recheckAfter: context.pace(at: clock()))
    }

    /// The same, with what is told of the service or the binding meanwhile.
    func waiting(_ context: StepContext, telling wait: Wait) -> Outcome {
        var wait = wait
        let since = context.waitingSince ?? clock()
        let seen = EnvironmentObservation(
            isReady: false,
            waiting: ClusterWait(
                on: wait.on,
                since: since,
                until: time(of: context)?.end,
                releasedBy: wait.releasedBy
            )
        )
        wait.facts.append(
            context.subject.kind == .binding ? .bindingSeen(seen) : .serviceSeen(seen)
        )
        return waiting(context, for: wait)
    }

    /// How long what is delivered may take, and when that is over; nil before it is delivered.
    func time(of context: StepContext) -> (end: Instant, length: String)? {
        guard let findings = context.findings(of: Self.deliverStep),
            // What is no moment was not kept by us.
            let end = findings["deadline"]?.string.flatMap({ try? Instant(parsing: $0) })
        else { return nil }
        return (end, findings["within"]?.string ?? "")
    }

    /// What a step keeps that delivers what may take so long.
    func delivered(_ commit: String?, within length: Duration) -> JSONObject {
        var findings: JSONObject = [
            "deadline": .string(clock().advanced(by: length).description),
            "within": .string(length.lengthText),
        ]
        if let commit { findings["commit"] = .string(commit) }
        return findings
    }

    /// What was ordered does not come to be; what there was stays.
    func failed(
        _ context: StepContext,
        _ reason: String,
        _ facts: [StepFact] = []
    ) async throws(ProviderFault) -> Outcome {
        context.log.warning("it has failed: \(reason)")
        let input = context.desired
        var all = facts
        if context.subject.kind == .binding {
            guard let number = input["credential"]?["number"]?.int else {
                throw .refused(reason: reason)
            }
            all += [
                .bindingSeen(EnvironmentObservation(isReady: nil)),
                .credentialFailed(Int64(number), detail: reason),
            ]
        } else {
            guard let number = input["delivery"]?["number"]?.int else {
                throw .refused(reason: reason)
            }
            let begins = context.step == Self.resolveStep
            all += begins ? [.serviceBegun(Int64(number))] : []
            all += [
                Self.condition("Ready", .false, "DeliveryFailed", reason),
                .serviceEnded(ServiceOutcome(Int64(number), .failed, detail: reason)),
            ]
        }
        return .done(Evidence(["idle": true, "failed": .string(reason)], facts: all))
    }

    static func condition(
        _ type: String,
        _ status: Condition.Status,
        _ reason: String,
        _ message: String
    ) -> StepFact {
        .condition(type: type, status: status, reason: reason, message: message, generation: nil)
    }

    /// What is true while a job does not get on.
    private static let interrupted: @Sendable (Interruption) -> [StepFact] = { interruption in
        let step = interruption.step
        switch interruption.kind {
        case .retrying(let reason):
            return [condition("Ready", .false, "Retrying", "\(step): \(reason)")]
        case .waiting(let on):
            return [condition("Ready", .false, "Waiting", "\(step): waiting for \(on)")]
        case .stalled(let reason):
            return [
                condition("Ready", .false, "Stalled", "\(step): \(reason)"),
                .jobStuck(reason: "\(step): \(reason)"),
            ]
        case .cancelled:
            let message = "The job was cancelled at \(step)."
            return [condition("Ready", .false, "JobCancelled", message), .jobGivenUp]
        }
    }
}
