package import Contract
package import Domain
package import Folders
import JSON

/// Rolls out into tenants' environments, and takes environments down.
package struct EnvironmentWorkflows: Sendable {
    let records: any EnvironmentRecords
    let places: any ClusterPlaces
    let files: any EnvironmentFiles
    let probe: any EnvironmentProbe
    let domain: String
    let clock: @Sendable () -> Instant

    /// Work with those records, clusters and repositories; `domain` is what host names end in.
    package init(
        records: any EnvironmentRecords,
        places: any ClusterPlaces,
        files: any EnvironmentFiles,
        probe: any EnvironmentProbe,
        domain: String,
        clock: @escaping @Sendable () -> Instant
    ) {
        self.records = records
        self.places = places
        self.files = files
        self.probe = probe
        self.domain = domain
        self.clock = clock
    }

    /// What can be done with environments, for the job engine.
    package func workflows(placing orders: any EnvironmentOrders) -> [Workflow] {
        [deploy(placing: orders), shift(placing: orders), update, delete]
    }

    static let orderStep = "order"
    static let houseStep = "make-cluster"
    static let resolveStep = "resolve"
    static let placeStep = "place"
    static let servicesStep = "await-services"
    static let deliverStep = "deliver"
    static let appliedStep = "await-applied"
    static let readyStep = "await-ready"
    static let reachStep = "reach"
    static let restoreStep = "restore"
    static let suspendStep = "suspend"
    static let switchedStep = "await-switched"
    /// How long a roll-out waits for a cluster and a repository to be there; a cluster may have
    /// been asked for together with its first environment.
    static let placingMax = Duration.seconds(3_600)
    /// The steps that take that time: the roll-out has no deadline of its own yet.
    static let placingSteps = [orderStep, houseStep, resolveStep]

    /// What is new is committed, applied, waited for and asked whether it answers.
    private func deploy(placing orders: any EnvironmentOrders) -> Workflow {
        Workflow(
            .environmentDeploy,
            steps: preparation(placing: orders) + [
                step(Self.deliverStep, deliver), step(Self.appliedStep, awaitApplied),
                step(Self.readyStep, awaitReady), step(Self.reachStep, reach),
                step("announce", announce),
            ],
            whenInterrupted: Self.interrupted
        )
    }

    /// What comes before anything is delivered: everything that a roll-out needs is there.
    func preparation(placing orders: any EnvironmentOrders) -> [NamedStep] {
        [
            step(Self.orderStep) { context throws(ProviderFault) in
                try await order(context, through: orders)
            },
            step(Self.houseStep, house), step(Self.resolveStep, resolve),
            step(Self.placeStep, place), step(Self.servicesStep, awaitServices),
        ]
    }

    /// What a roll-out has left goes; what applies the environment rests or goes on, and what it
    /// runs with it.
    private var update: Workflow {
        Workflow(
            .environmentUpdate,
            steps: [
                NamedStep(Self.restoreStep, restore), NamedStep("await-restored", awaitRestored),
                NamedStep(Self.suspendStep, suspend), NamedStep("scale", scale),
                NamedStep(Self.switchedStep, awaitSwitched), NamedStep("settle", settle),
            ],
            whenInterrupted: Self.interrupted
        )
    }

    /// What applies the environment goes first, and with it what it applied; then the files, then
    /// the namespace, or the cluster that was made for it.
    private var delete: Workflow {
        Workflow(
            .environmentDelete,
            steps: [
                NamedStep("await-services-gone", awaitServicesGone),
                NamedStep("withdraw", withdraw), NamedStep("await-withdrawn", awaitWithdrawn),
                NamedStep("remove-files", removeFiles),
                NamedStep("remove-namespace", removeNamespace),
                NamedStep("await-namespace-gone", awaitNamespaceGone),
                NamedStep("remove-cluster", removeHome),
                NamedStep("await-cluster-gone", awaitHomeGone),
                NamedStep("look-for-leftovers", look),
            ],
            whenInterrupted: Self.interrupted
        )
    }

    /// A step of a roll-out: what cannot be done as it is ends the roll-out, because a person mends
    /// it by another one; what passes by itself is waited for as long as the roll-out may take.
    func step(_ name: String, _ body: @escaping NamedStep.Body) -> NamedStep {
        NamedStep(name) { context throws(ProviderFault) in
            do throws(ProviderFault) {
                return try await body(context)
            } catch .refused(let reason) {
                return try failed(context, reason)
            } catch {
                return try await waiting(context, out: error)
            }
        }
    }

    /// The aspect of an environment that each step is about.
    private static let aspects = [
        orderStep: Environment.dependenciesReady, houseStep: "Placed", resolveStep: "Placed",
        placeStep: "Placed",
        servicesStep: Environment.dependenciesReady, deliverStep: "Delivered",
        prepareStep: "Delivered", promoteStep: "Delivered", appliedStep: "Delivered",
        reachStep: "Reachable",
    ]

    /// What is true of an environment while its job does not get on.
    static let interrupted: @Sendable (Interruption) -> [StepFact] = { interruption in
        let step = interruption.step
        func stopped(_ reason: String, _ message: String) -> [StepFact] {
            [
                .condition(
                    type: aspects[step] ?? "Ready",
                    status: .false,
                    reason: reason,
                    message: message,
                    generation: nil
                )
            ]
        }
        switch interruption.kind {
        case .retrying(let reason):
            return begun(interruption) + stopped("Retrying", "\(step): \(reason)")
        case .waiting(let on):
            return begun(interruption) + stopped("Waiting", "\(step): waiting for \(on)")
        case .stalled(let reason):
            return stopped("Stalled", "\(step): \(reason)")
                + [.jobStuck(reason: "\(step): \(reason)")]
        case .cancelled:
            return stopped("JobCancelled", "The job was cancelled at \(step).") + [.jobGivenUp]
        }
    }

    /// Work on a roll-out has begun, also where its first step does not come to its end: its time
    /// counts from here.
    private static func begun(_ interruption: Interruption) -> [StepFact] {
        guard placingSteps.contains(interruption.step),
            let id = interruption.input["deployment"]?["id"]?.string,
            // What is no id is told by the step.
            let deployment = try? DeploymentID(parsing: id)
        else { return [] }
        return [.deploymentBegun(deployment)]
    }
}
