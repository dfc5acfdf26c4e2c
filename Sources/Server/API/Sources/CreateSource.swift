import Domain
import HTTP

/// A new source of a tenant.
struct CreateSource: Operation {
    static let endpoint = Endpoint(
        "createSource",
        .post,
        "/v1/tenants/{tenant}/sources",
        for: .permitted(.manageSources),
        body: .json,
        [.changes, .creates, .plans]
    )

    private let creation: SourceCreation
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        let tenant: TenantName = try inputs.name("tenant")
        isDryRun = try inputs.isDryRun()
        creation = try inputs.read { reader in
            let name: SourceName? = reader.required("name", Reading.name)
            let wish = SourceWish(&reader)
            guard let name, let wish else { return nil }
            return SourceCreation(tenant: tenant, name: name, wish: wish)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await creation.answer(call, isDryRun: isDryRun)
    }
}
