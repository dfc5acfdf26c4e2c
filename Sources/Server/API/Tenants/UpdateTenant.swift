import Domain
import HTTP
import JSON

/// Parts of a tenant, by JSON merge patch.
struct UpdateTenant: Operation {
    static let endpoint = Endpoint(
        "updateTenant",
        .patch,
        "/v1/tenants/{tenant}",
        for: .permitted(.updateTenant),
        body: .mergePatch,
        [.changes, .conditional, .waits, .plans]
    )

    private let name: TenantName
    private let patch: Patch
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("tenant")
        patch = Patch(inputs.body)
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let change = TenantChange(call: call, permission: .updateTenant, isDryRun: isDryRun)
        return try await change.perform(on: name) { tenant in
            let document = patch.applied(
                to: try tenant.wish(),
                open: ["labels", "parameters"]
            )
            let wish = try Inputs(call: call, body: document, bytes: []).read(takingNull: true) {
                reader in
                TenantWish(&reader, name: tenant.name)
            }
            return try await tenant.wanting(wish, call)
        }
    }
}
