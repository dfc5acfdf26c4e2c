import Domain
import HTTP
import JSON
import Storage

/// The credential of a binding: read in the cluster now, shown once, kept nowhere.
struct RevealBinding: Operation {
    static let endpoint = Endpoint(
        "revealBinding",
        .post,
        "/v1/tenants/{tenant}/services/{service}/bindings/{binding}:reveal",
        for: .permitted(.bindService),
        [.audited]
    )

    private let target: BindingTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = BindingTarget(
            service: ServiceTarget(
                tenant: try inputs.name("tenant"),
                name: try inputs.name("service")
            ),
            name: try inputs.name("binding")
        )
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            guard let stored = try await target.find(call) else { throw Problem.notFound }
            let binding = try stored.binding()
            guard let decision = binding.showing(on: call.occasion) else {
                throw Self.refusal(of: binding)
            }
            let values = try await call.services.ordering.credentials(binding)
            // Nothing is handed out that is not written down.
            _ = try await call.services.storage.bindings.store(
                decision,
                replacing: stored.revision,
                for: call.circumstances
            )
            return Self.answer(values, of: decision.binding)
        }
    }

    private static func answer(
        _ values: [(key: String, value: String)],
        of binding: ServiceBinding
    ) -> Answer {
        var writer = JSONWriter(reserving: 1_024)
        writer.object { writer in
            writer.member("credential", binding.status.shown ?? 0)
            writer.key("values")
            writer.object { writer in
                for (key, value) in values {
                    writer.key(named: key)
                    writer.string(value)
                }
            }
            writer.member("rotatesAt", orNull: binding.status.rotatesAt?.description)
        }
        var answer = Answer.json(.ok, writer.finish())
        answer.isSecret = true
        return answer.with(.cacheControl, "no-store")
    }

    private static func refusal(of binding: ServiceBinding) -> Problem {
        guard binding.status.phase != .revoking else {
            return Problem(.stateConflict, "The binding is being revoked.")
        }
        guard binding.spec.delivery == .answer else {
            return Problem(
                .stateConflict,
                "The consumer has the credential in a Secret: `status.secret` says where. Make "
                    + "another binding with `delivery: answer` to get one in an answer."
            )
        }
        guard let current = binding.status.current else {
            return Problem(
                .stateConflict,
                "There is no credential yet; ask again when `status.phase` is `ready`."
            )
        }
        return Problem(
            .alreadyRevealed,
            "Credential \(current.number) has been shown before. Rotate the binding to get another."
        )
    }
}
