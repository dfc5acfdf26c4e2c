import Domain
import EventLoop
import Logging
import Outbound
import Storage
import Telemetry
import Webhooks

extension Services {
    /// Sends events to the receivers of webhooks.
    static func webhooks(
        _ storage: Storage,
        _ keyring: Keyring,
        _ settings: Settings,
        _ metrics: MetricsRegistry,
        on loop: EventLoop,
        _ log: Logger
    ) -> WebhookDispatcher {
        let figures = WebhookMetrics(in: metrics)
        let dispatcher = WebhookDispatcher(
            records: StoredWebhooks(store: storage.webhooks),
            post: WebhookPost(
                on: loop,
                within: settings.webhookAddresses.limits,
                sealer: keyring.sealer,
                clock: { Moment.now() }
            ),
            clock: { Moment.now() },
            log: log,
            report: figures.count
        )
        metrics.observe(
            "slipway_webhook_lanes_busy",
            help: "Webhooks that this process sends for right now"
        ) { [weak dispatcher] in
            [MetricsRegistry.Sample(Double(dispatcher?.lanesBusy ?? 0))]
        }
        return dispatcher
    }
}

/// What is counted of the sending of webhooks.
final class WebhookMetrics: Sendable {
    private let delivered: Counter
    private let refused: Counter
    private let unanswered: Counter
    private let duration: Histogram

    /// Registers the metrics of webhooks.
    init(in registry: MetricsRegistry) {
        func attempts(_ outcome: String) -> Counter {
            registry.counter(
                "slipway_webhook_attempts_total",
                help: "Attempts to send an event to a webhook, by what became of them",
                labels: ["outcome": outcome]
            )
        }
        delivered = attempts("delivered")
        refused = attempts("refused")
        unanswered = attempts("unanswered")
        duration = registry.histogram(
            "slipway_webhook_attempt_seconds",
            help: "Time that one attempt to send an event takes"
        )
    }

    func count(_ attempt: WebhookAttempt) {
        let counter =
            attempt.isSuccess ? delivered : attempt.status == nil ? unanswered : refused
        counter.increment()
        duration.observe(.milliseconds(attempt.milliseconds))
    }
}

/// Where webhooks may go.
enum WebhookAddresses: String, CaseIterable, Sendable {
    /// Into the internet alone, over TLS.
    case internet
    /// To other machines, also of networks of one's own.
    case `private`
    /// Everywhere but to the link, where clouds answer for a machine's own secrets.
    case any

    /// What holds when a connection is made.
    var limits: AddressLimits {
        switch self {
        case .internet: .internet
        case .private: .otherMachines
        case .any: .beyondLink
        }
    }

    /// Why events are not sent to an address, as far as that can be told without a look at DNS.
    @Sendable func refusal(of url: String) -> String? {
        let address: Address
        do throws(OutboundFault) {
            address = try Address(url)
        } catch {
            return "That is no address: \(error)."
        }
        guard address.isWeb, !address.host.isEmpty else { return "Expected an https address." }
        if address.scheme == "http", self == .internet {
            return "Expected https; http is for networks of your own (--webhook-addresses)."
        }
        if address.hasUser { return "An address with a user or a password is not taken." }
        var host = address.host
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard limits.refusal(ofHost: host).isEmpty else {
            return "Webhooks are not sent to this host; the operators may allow it "
                + "(--webhook-addresses)."
        }
        return nil
    }
}
