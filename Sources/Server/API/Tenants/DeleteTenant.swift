import Domain
import HTTP

/// The end of a tenant and of everything that was made for it.
struct DeleteTenant: Operation {
    static let endpoint = Endpoint(
        "deleteTenant",
        .delete,
        "/v1/tenants/{tenant}",
        for: .permitted(.deleteTenant),
        [.changes, .conditional, .waits, .plans, .revokes]
    )

    private let name: TenantName
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("tenant")
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let change = TenantChange(call: call, permission: .deleteTenant, isDryRun: isDryRun)
        return try await change.perform(on: name, effect: .deleted) { tenant in
            try tenant.deletion(on: call.occasion)
        }
    }
}
