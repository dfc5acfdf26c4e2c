import Domain
import HTTP

/// Reconciles a suspended tenant again.
struct ResumeTenant: Operation {
    static let endpoint = Endpoint(
        "resumeTenant",
        .post,
        "/v1/tenants/{tenant}:resume",
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
            try tenant.suspension(false, on: call.occasion)
        }
    }
}
