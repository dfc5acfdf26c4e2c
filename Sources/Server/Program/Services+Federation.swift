import API
import Domain
import EventLoop
import Federation
import Telemetry

extension Services {
    /// Who vouches for pipelines.
    var apiFederation: APIFederation {
        APIFederation(
            issuers: settings.oidcIssuers.map(\.url),
            verify: { [federation] text throws(VerificationFault) in
                try await federation.verify(text)
            }
        )
    }

    /// Looks whether tokens of pipelines are good.
    static func federation(
        _ settings: Settings,
        _ metrics: MetricsRegistry,
        on loop: EventLoop
    ) -> Federation {
        Federation(
            settings.oidcIssuers,
            on: loop,
            clock: { Moment.now() },
            asked: countingIssuers(settings.oidcIssuers, in: metrics)
        )
    }

    /// Counts how often issuers are asked for their keys.
    private static func countingIssuers(
        _ issuers: [Issuer],
        in metrics: MetricsRegistry
    ) -> @Sendable (String, Bool) -> Void {
        let count = { @Sendable (issuer: String, isAnswered: Bool) in
            metrics.counter(
                "slipway_issuer_fetches_total",
                help: "Key sets of issuers that were asked for, by what came of it",
                labels: ["issuer": issuer, "result": isAnswered ? "fetched" : "failed"]
            )
        }
        for issuer in issuers {
            for isAnswered in [true, false] { _ = count(issuer.url, isAnswered) }
        }
        return { count($0, $1).increment() }
    }
}
