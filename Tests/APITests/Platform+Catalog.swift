import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension Platform {
    /// A service named `shop` in the catalog of a tenant.
    func plantEntity(of tenant: String) async throws {
        let made = try await write("shop", of: tenant)
        #expect(made.status == 201, "\(made.text)")
    }

    /// The uid of that service.
    func uid(of tenant: String) async throws -> String {
        let reply = try await send(.get, "/v1/catalog/entities/component/\(tenant)/shop")
        return reply.json["metadata"]?["uid"]?.string ?? ""
    }

    /// Writes a component into a namespace.
    @discardableResult
    func write(
        _ name: String,
        of namespace: String,
        as holder: Holder? = .admin,
        metadata: String = "",
        spec: String = "",
        query: String = "",
        _ fields: [(HeaderName, String)] = []
    ) async throws -> Reply {
        try await send(
            .put,
            "/v1/catalog/entities/component/\(namespace)/\(name)\(query)",
            as: holder,
            json: """
                {"apiVersion":"backstage.io/v1alpha1","kind":"Component",\
                "metadata":{"name":"\(name)","namespace":"\(namespace)"\(metadata)},\
                "spec":{"type":"service","lifecycle":"production","owner":"team-a"\(spec)}}
                """,
            fields
        )
    }
}
