import Domain
import HTTP

/// Parts of a trust, by JSON merge patch.
struct UpdateTrust: Operation {
    static let endpoint = Endpoint(
        "updateTrust",
        .patch,
        "/v1/tenants/{tenant}/trusts/{trust}",
        for: .permitted(.manageTrusts),
        body: .mergePatch,
        [.changes, .conditional, .plans, .revokes]
    )

    private let target: TrustTarget
    private let patch: Patch

    init(reading inputs: Inputs) throws(Problem) {
        target = try TrustTarget(reading: inputs)
        patch = Patch(inputs.body)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            guard let trust = try await target.find(call) else { throw Problem.notFound }
            try call.checkConditions(revision: trust.revision)
            let document = patch.applied(to: try trust.wish(), open: ["labels", "claims"])
            let wish = try Inputs(call: call, body: document, bytes: [])
                .read(takingNull: true) { TrustWish(&$0, call) }
            return try await target.change(trust, to: wish, call)
        }
    }
}
