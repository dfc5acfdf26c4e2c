import Domain
import HTTP

/// A trust as the body says, whether it exists or not.
struct ReplaceTrust: Operation {
    static let endpoint = Endpoint(
        "replaceTrust",
        .put,
        "/v1/tenants/{tenant}/trusts/{trust}",
        for: .permitted(.manageTrusts),
        body: .json,
        [.changes, .conditional, .plans, .revokes]
    )

    private let target: TrustTarget
    private let wish: TrustWish

    init(reading inputs: Inputs) throws(Problem) {
        let target = try TrustTarget(reading: inputs)
        self.target = target
        wish = try inputs.read { reader in
            reader.sameName(as: target.name.text)
            return TrustWish(&reader, inputs.call)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            guard let trust = try await target.find(call) else {
                return try await call.creating {
                    try await TrustCreation(tenant: target.tenant, name: target.name, wish: wish)
                        .answer(call, isDryRun: target.isDryRun)
                }
            }
            try call.checkConditions(revision: trust.revision)
            return try await target.change(trust, to: wish, call)
        }
    }
}
