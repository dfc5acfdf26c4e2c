import API
import Contract
import Domain
import EventLoop
import Forges
import JSON
import Jobs
import Logging
import Outbound
import Storage
import Telemetry

extension Services {
    /// Tells forges how environments stand.
    static func reports(
        _ storage: Storage,
        _ keyring: Keyring,
        _ settings: Settings,
        _ metrics: MetricsRegistry,
        on loop: EventLoop,
        _ log: Logger
    ) -> ForgeReporter {
        var limits = LaneLimits()
        limits.addresses = settings.forgeAddresses
        func told(_ outcome: ForgeReporter.Outcome) -> Counter {
            metrics.counter(
                "slipway_forge_reports_total",
                help: "Pull requests and branches that a forge was told of, by what became of it",
                labels: ["outcome": outcome.rawValue]
            )
        }
        let (good, refused, away) = (told(.told), told(.refused), told(.unanswered))
        let reporter = ForgeReporter(
            records: StoredForges(store: storage.forges),
            through: OutboundClient(on: loop, limits: limits),
            sealer: keyring.sealer,
            clock: { Moment.now() },
            log: log,
            report: { outcome in
                switch outcome {
                case .told: good.increment()
                case .refused: refused.increment()
                case .unanswered: away.increment()
                }
            }
        )
        metrics.observe(
            "slipway_forge_lanes_busy",
            help: "Forges that this process talks to right now"
        ) { [weak reporter] in
            [MetricsRegistry.Sample(Double(reporter?.lanesBusy ?? 0))]
        }
        return reporter
    }

    /// Makes repositories of tenants on forges, and ends them.
    static func hosts(
        _ storage: Storage,
        _ keyring: Keyring,
        _ settings: Settings,
        on loop: EventLoop
    ) -> StoredHosts {
        var limits = LaneLimits()
        limits.addresses = settings.forgeAddresses
        return StoredHosts(
            store: storage.forges,
            sealer: keyring.sealer,
            outbound: OutboundClient(on: loop, limits: limits)
        )
    }

    /// Does what deliveries of forges ask for.
    var hookWorkflow: Workflow {
        let work = HookWork(
            storage: storage,
            git: apiGit,
            environments: apiEnvironments,
            clock: { Moment.now() },
            jobStored: jobStored,
            changed: { [reports] in reports?.wake() }
        )
        return Workflow(.hookHandle, steps: [HandleHook(work: work)])
    }
}

/// The one step of a delivery's job.
private struct HandleHook: Step {
    /// How often is looked whether what is waited on has ended.
    private static let recheck = Duration.seconds(1)

    let name = "handle"
    let work: HookWork

    func run(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        // The input was written by us.
        guard let text = context.desired["delivery"]?.string,
            let id = try? HookDeliveryID(parsing: text)  // As above.
        else { return .stalled(reason: "the job names no delivery") }
        do {
            switch try await work.handle(id) {
            case .waiting(let what):
                return .waiting(Wait(on: what), recheckAfter: Self.recheck)
            case .done(let state, let outcome):
                return .done(
                    Evidence([
                        "delivery": .string(text), "state": .string(state.rawValue),
                        "outcome": .string(outcome),
                    ])
                )
            }
        } catch let fault as StorageFault {
            throw fault.providerFault
        } catch {
            throw .transient(reason: "\(error)")
        }
    }
}

extension Settings {
    /// Where forges are: on other machines, and on this one where the operator lets webhooks go
    /// everywhere.
    var forgeAddresses: AddressLimits {
        webhookAddresses == .any ? .beyondLink : .otherMachines
    }

    /// Why a forge is not reached at an address, as far as that can be told without a look at DNS.
    @Sendable func refusalOfForge(at url: String) -> String? {
        let address: Address
        do throws(OutboundFault) {
            address = try Address(url)
        } catch {
            return "That is no address: \(error)."
        }
        guard address.isWeb, !address.host.isEmpty else { return "Expected an https address." }
        if address.hasUser { return "An address with a user or a password is not taken." }
        var host = address.host
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard forgeAddresses.refusal(ofHost: host).isEmpty else {
            return "A forge on this machine is not taken; the operators may allow it "
                + "(--webhook-addresses any)."
        }
        return nil
    }
}
