import Domain
import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// Looks into an environment; what is read from clusters is tested with the sandbox.
    @Suite struct LookingInTests {
        private static let review = "/v1/tenants/acme/environments/pr-7"

        @Test func `manifests are those of the repository, without what is secret`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let path = "\(Self.review)/manifests"
                let yaml = try await platform.send(.get, path)
                #expect(yaml.headers[.contentType] == "application/yaml")
                #expect(yaml.text.contains("ConfigMap") && !yaml.text.contains("aGk="))
                let json = try await platform.send(
                    .get,
                    path,
                    [(.accept, "application/json")]
                )
                let hidden = json.json["items"]?[0]?["data"]?["password"]?.string
                #expect(hidden == "(hidden)", "\(json.text)")
                #expect(json.json["files"]?[0]?.string == "environments/pr-7/app.yaml")
                let none = try await platform.send(
                    .get,
                    "/v1/tenants/globex/environments/pr-7/manifests"
                )
                #expect(none.status == 409 && none.code == "state-conflict", "\(none.text)")
            }
        }

        @Test func `logs are lines with their container, and say why there are none`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let text = try await platform.send(.get, "\(Self.review)/logs?tailLines=1")
                #expect(text.text == "[web-1/app] two\n# [web-1/init] Waits.\n")
                let viewer = Platform.Holder(role: .viewer, tenant: "acme")
                let hidden = try await platform.send(.get, "\(Self.review)/logs", as: viewer)
                #expect(hidden.status == 404)
                for query in ["tailLines=0", "tailLines=2001", "previous=maybe", "follow=true"] {
                    let reply = try await platform.send(.get, "\(Self.review)/logs?\(query)")
                    #expect(reply.status == 400, "\(query)")
                }
                let away = try await platform.send(
                    .get,
                    "/v1/tenants/acme/environments/staging/logs"
                )
                #expect(away.status == 503 && away.code == "cluster-unreachable")
            }
        }

        @Test func `events of both sides are one list, also while the cluster is away`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try await platform.placeEvents()
                let both = try await platform.send(.get, "\(Self.review)/events")
                let sources = both.json["items"]?.array?.compactMap { $0["source"]?.string }
                #expect(sources?.first == "kubernetes" && sources?.contains("slipway") == true)
                #expect(both.json["missing"]?.isNull == true)
                let one = try await platform.send(.get, "\(Self.review)/events?limit=1")
                #expect(one.json["items"]?.array?.count == 1)
                let away = try await platform.send(
                    .get,
                    "/v1/tenants/acme/environments/staging/events"
                )
                #expect(away.json["items"]?[0]?["source"]?.string == "slipway", "\(away.text)")
                #expect(away.json["missing"]?.string?.contains("away") == true)
            }
        }
    }
}
