import Domain
import HTTP
import Secrets
import Storage

/// A new secret for a source; the one before proves deliveries as well for a day.
struct RotateSourceSecret: Operation {
    /// How long both secrets count: a day, in which somebody brings the new one to the forge.
    private static let overlap = Duration.seconds(86_400)

    static let endpoint = Endpoint(
        "rotateSourceSecret",
        .post,
        "/v1/tenants/{tenant}/sources/{source}:rotate-secret",
        for: .permitted(.manageSources),
        [.changes, .conditional]
    )

    private let target: SourceTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try SourceTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let source = try await target.found(call)
            try call.checkConditions(revision: source.revision)
            let decision = source.rotation(
                until: call.now.advanced(by: Self.overlap),
                on: call.occasion
            )
            let secret = SourceSecret.made()
            let wish = try source.wish()
            let change = SettledChange(
                effect: .changed,
                resource: SourceView.bytes(decision.source, secret: nil),
                revision: decision.source.revision,
                before: wish,
                after: wish,
                revealed: SourceView.bytes(decision.source, secret: secret)
            )
            let sealed = source.id.sealed(SecretBytes(secret), by: call.services.sealer)
            return try await change.answer(call, isDryRun: false) {
                circumstances throws(StorageFault) in
                try await call.services.storage.sources.rotate(
                    decision,
                    secret: sealed,
                    replacing: source.revision,
                    for: circumstances
                )
            }
        }
    }
}
