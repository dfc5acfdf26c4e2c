import Domain
import Storage

/// One trust.
struct GetTrust: Operation {
    static let endpoint = Endpoint.reading(
        "getTrust",
        "/v1/tenants/{tenant}/trusts/{trust}",
        .manageTrusts
    )

    private let tenant: TenantName
    private let name: TrustName

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("trust")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.trusts.find(name, of: tenant, as: call.access)
        guard let found else { throw Problem.notFound }
        return .resource(TrustView.bytes(found), revision: found.revision)
    }
}
