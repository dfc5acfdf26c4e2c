import Catalog
import Domain
import HTTP
import JSON
import Postgres
import Scorecards
import Storage
import TestSupport
import Testing
import YAML

@testable import API

extension APICatalog {
    /// A catalog that finds one component in every repository.
    static let played = APICatalog(
        scorecards: [shipped],
        refusalOfAddress: { $0.hasPrefix("https://10.") ? "Nothing is read from this host." : nil },
        preview: { target, tenant in
            let document: JSON = [
                "apiVersion": "backstage.io/v1alpha1", "kind": "Component",
                "metadata": ["name": "shop"],
                "spec": ["type": "service", "lifecycle": "production", "owner": "team-a"],
            ]
            let entity = try Entity(parsing: document, namespace: tenant?.name ?? "default")
            let isThere = target.isPattern || target.path == "catalog-info.yaml"
            let file = target.with(path: "catalog-info.yaml").description
            return Preview(entities: isThere ? [(entity, file)] : [], problems: [])
        }
    )

    /// The scorecard that comes with Slipway.
    private static let shipped: Scorecard = {
        let path = "examples/scorecards/platform-native.yaml"
        do {
            return try Scorecard(reading: YAML.parse(Array((RepositoryFile.text(path) ?? "").utf8)))
        } catch {
            preconditionFailure("\(path): \(error)")
        }
    }()
}

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

    /// Ends every job, as workers would.
    func endJobs() async throws {
        _ = try await storage.database.write("DELETE FROM job")
    }
}
