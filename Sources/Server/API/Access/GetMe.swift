import Domain
import HTTP
import JSON
import Storage

/// Who the caller is and what the token allows.
struct GetMe: Operation {
    static let endpoint = Endpoint("getMe", .get, "/v1/me", for: .anyRole)

    init(reading inputs: Inputs) throws(Problem) {}

    func answer(_ call: Invocation) async throws -> Answer {
        guard let caller = call.caller else { throw Problem.notFound }
        var tenant: String?
        if let id = caller.tenant {
            // The role is held in this tenant, so the caller may know its name.
            guard let found = try await call.services.storage.tenants.find(id, as: .system) else {
                // Its tokens went with it; this one is only still remembered.
                throw Problem(.unauthenticated, "The token is unknown, expired or revoked.")
            }
            tenant = found.name
        }
        let allowed = Operations.all.map(\.endpoint)
            .filter { $0.needsToken && $0.admits(caller) }
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("id")
        writer.text(caller.token.bytes)
        writer.member("name", caller.name)
        writer.member("role", caller.role.rawValue)
        writer.member("tenant", orNull: tenant)
        writer.member("expiresAt", orNull: caller.expiresAt)
        writer.key("operations")
        writer.array(allowed) { $0.string($1.operation) }
        writer.endObject()
        return .json(.ok, writer.finish())
    }
}
