import Domain
import HTTP

/// A new trust of a tenant.
struct CreateTrust: Operation {
    static let endpoint = Endpoint(
        "createTrust",
        .post,
        "/v1/tenants/{tenant}/trusts",
        for: .permitted(.manageTrusts),
        body: .json,
        [.changes, .creates, .plans]
    )

    private let creation: TrustCreation
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        let tenant: TenantName = try inputs.name("tenant")
        isDryRun = try inputs.isDryRun()
        creation = try inputs.read { reader in
            let name: TrustName? = reader.required("name", Reading.name)
            let wish = TrustWish(&reader, inputs.call)
            guard let name, let wish else { return nil }
            return TrustCreation(tenant: tenant, name: name, wish: wish)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await creation.answer(call, isDryRun: isDryRun)
    }
}
