import Domain
import HTTP

/// Stops the reconciliation of a tenant.
struct SuspendTenant: Operation {
    static let endpoint = Endpoint(
        "suspendTenant",
        .post,
        "/v1/tenants/{tenant}:suspend",
        for: .permitted(.suspendTenant),
        [.changes, .conditional, .waits, .plans]
    )

    private let name: TenantName
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("tenant")
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let change = TenantChange(call: call, permission: .suspendTenant, isDryRun: isDryRun)
        return try await change.perform(on: name) { tenant in
            try tenant.suspension(true, on: call.occasion)
        }
    }
}
