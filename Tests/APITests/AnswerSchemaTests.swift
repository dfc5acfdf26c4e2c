import Domain
import HTTP
import JSON
import Testing

@testable import API

extension PlatformTests {
    /// What is answered is what is described: status, fields and schema.
    @Suite struct AnswerSchemaTests {
        @Test func `every documented example is run and its answer fits the description`()
            async throws
        {
            try await Platform.run { platform in
                // What is upgraded runs some version.
                try await platform.plantEnvironments(clusters: "1.33.5")
                let webhook = try await platform.plantWebhook(of: "acme")
                let location = try await Self.location(platform)
                // Tenants first: an example that names no blueprint wants exactly one.
                let tenants = Description.operations.filter { $0.path.hasPrefix("/v1/tenants") }
                let others = Description.operations.filter { !$0.path.hasPrefix("/v1/tenants") }
                for described in tenants + others {
                    for (name, type, value) in described.examples {
                        let path = described.path.replacing("{tenant}", with: "acme")
                            .replacing("{blueprint}", with: "platform")
                            .replacing("{version}", with: "1.0.0")
                            .replacing("{cluster}", with: "main")
                            .replacing("{environment}", with: "pr-7")
                            .replacing("{managementCluster}", with: "main")
                            .replacing("{class}", with: "dev")
                            .replacing("{trust}", with: "shop-ci")
                            .replacing("{webhook}", with: webhook.id)
                            .replacing("{location}", with: location)
                            .replacing("{forge}", with: "github")
                            .replacing("{source}", with: "shop")
                            .replacing("{number}", with: "7")
                            .replacing("{kind}", with: "component")
                            .replacing("{namespace}", with: "acme")
                            .replacing("{name}", with: "shop")
                            .replacing("{scorecard}", with: "services")
                            .replacing("{offering}", with: "cache")
                            .replacing("{service}", with: "orders")
                            .replacing("{binding}", with: "shop")
                            .replacing("{instance}", with: "new-1?accepts_incomplete=true")
                        // The blueprint of these tests has no repository to render from.
                        if described.id == "renderBlueprintVersion" { continue }
                        // A moment that is written down is over one day.
                        if ["keepEnvironment", "lockEnvironment"].contains(described.id) {
                            continue
                        }
                        // What is said to a roll-out needs one that waits for it.
                        if described.path.contains("{deployment}:") { continue }
                        if described.path.contains("{plan}") { continue }
                        // What a platform does with an instance is tested with one.
                        if described.path.contains("{instance}"),
                            described.id != "provisionInstance"
                        {
                            continue
                        }
                        let reply = try await platform.send(
                            Method(described.method.uppercased()),
                            path,
                            json: type == MediaType.form.essence
                                ? Self.form(of: value) : value.text,
                            [(.contentType, type)]
                        )
                        #expect(
                            (200..<300).contains(reply.status) || reply.code == "name-taken",
                            "\(described.id) \(name) \(reply.status) \(reply.text)"
                        )
                        try Self.check(reply, described)
                    }
                }
            }
        }

        /// A location that has been registered.
        private static func location(_ platform: Platform) async throws -> String {
            let made = try await platform.send(
                .post,
                "/v1/catalog/locations",
                json: #"{"spec":{"target":"https://github.com/acme/shop//a.yaml"}}"#
            )
            return try #require(made.json["id"]?.string, "\(made.text)")
        }

        private static func form(of example: JSON) -> String {
            let members = example.object.map { Array($0) } ?? []
            return Platform.form(members.map { ($0.key, $0.value.string ?? "") })
        }

        @Test func `everything that can be read fits the description`() async throws {
            try await Platform.run { platform in
                let deployment = try await platform.plantEnvironments()
                try await platform.plantBroker(of: "acme")
                let jobs = try await platform.send(.get, "/v1/jobs")
                let tokens = try await platform.send(.get, "/v1/tokens")
                let webhook = try await platform.plantWebhook(of: "acme")
                let ids = [
                    "location": try await Self.location(platform),
                    "deployment": deployment,
                    "plan": try await platform.plantPlan(of: "acme"),
                    "webhook": webhook.id, "delivery": webhook.delivery,
                    "hookDelivery": try platform.hookDelivery(of: "acme"),
                    "uid": try await platform.uid(of: "acme"),
                    "job": jobs.json["items"]?[0]?["id"]?.string ?? "",
                    "token": tokens.json["items"]?[0]?["id"]?.string ?? "",
                ]
                for endpoint in Operations.all.map(\.endpoint) where endpoint.method == .get {
                    let described = try #require(Description.operation(endpoint.operation))
                    let (target, _, _) = AccessMatrixTests.request(
                        endpoint,
                        tenant: "acme",
                        ids: ids
                    )
                    let reply = try await platform.send(.get, target)
                    // Neither a repository nor a location of the entity is there.
                    let isAbsent =
                        endpoint.path.hasPrefix("/git/")
                        || endpoint.operation == "getPortalLocationByEntity"
                    #expect(reply.status == (isAbsent ? 404 : 200), "\(endpoint.operation)")
                    try Self.check(reply, described)
                    let head = try await platform.send(.head, target)
                    #expect(head.status == reply.status, "\(endpoint.operation)")
                }
            }
        }

        @Test func `every path answers OPTIONS and refuses other methods`() async throws {
            try await Platform.run { platform in
                for endpoint in Operations.all.map(\.endpoint) {
                    let (target, _, _) = AccessMatrixTests.request(
                        endpoint,
                        tenant: "acme",
                        ids: AccessMatrixTests.ids("x")
                    )
                    let options = try await platform.send(.options, target, as: nil)
                    #expect(options.status == 204)
                    #expect(options.headers[.allow]?.contains(endpoint.method.name) == true)
                    let other = try await platform.send(.other("TRACE"), target, as: nil)
                    #expect(other.status == 405)
                    #expect(other.headers[.allow] == options.headers[.allow])
                }
            }
        }

        @Test func `each problem code has a page`() async throws {
            try await Platform.run { platform in
                for kind in ProblemKind.all {
                    let page = try await platform.send(.get, kind.path, as: nil)
                    #expect(page.status == 200)
                    #expect(page.text.contains(kind.title))
                }
            }
        }

        /// The status is described, and so are the fields and the body that came with it.
        static func check(_ reply: Reply, _ described: Description.Described) throws {
            let answer = try #require(
                described.answer(reply.status),
                "\(described.id) \(reply.status)"
            )
            for field in answer["headers"]?.object.map({ Array($0) }) ?? [] {
                guard Description.resolve(field.value)["required"]?.bool == true else { continue }
                #expect(reply.headers[HeaderName(field.key)] != nil, "\(described.id) \(field.key)")
            }
            guard !reply.body.isEmpty else { return }
            let type = reply.headers[.contentType].flatMap(MediaType.init(parsing:))?.essence ?? ""
            let content = try #require(answer["content"]?[type], "\(described.id) \(type)")
            guard type.hasSuffix("json"), let schema = content["schema"] else { return }
            let violations = try Description.violations(reply.json, schema)
            #expect(violations == [], "\(described.id) \(reply.status)")
        }
    }
}
