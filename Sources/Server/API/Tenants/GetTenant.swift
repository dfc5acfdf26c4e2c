import Domain
import Storage

/// One tenant.
struct GetTenant: Operation {
    static let endpoint = Endpoint.reading("getTenant", "/v1/tenants/{tenant}", .readTenant)

    private let name: TenantName

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("tenant")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.tenants.find(name, as: call.access)
        guard let found else { throw Problem.notFound }
        return .resource(TenantView.bytes(found), revision: found.revision)
    }
}
