import Domain
import HTTP
import JSON
import Testing

@testable import API

extension PlatformTests {
    /// Who may call what, for every operation of the table: a new one cannot be forgotten.
    @Suite struct AccessMatrixTests {
        /// Everything in paths that has an id, each with that one.
        static func ids(_ id: String) -> [String: String] {
            let names = [
                "job", "token", "deployment", "plan", "webhook", "delivery", "hookDelivery",
                "location",
            ]
            return Dictionary(uniqueKeysWithValues: names.map { ($0, id) })
        }

        /// Ids of nothing.
        static let absent = ids("01a1fbce-0555-721f-bedc-a91ccde48898")

        /// A request for an operation, about things of one tenant, with a body that is valid JSON.
        static func request(
            _ endpoint: Endpoint,
            tenant: String,
            ids: [String: String]
        ) -> (target: String, body: String?, fields: [(HeaderName, String)]) {
            var path = endpoint.path
                .replacing("{tenant}", with: tenant).replacing("{owner}", with: tenant)
                .replacing("{repository}", with: "platform.git")
                .replacing("{blueprint}", with: "platform").replacing("{version}", with: "1.0.0")
                .replacing("{code}", with: "not-found").replacing("{cluster}", with: "main")
                .replacing("{environment}", with: "pr-7").replacing("{trust}", with: "shop-ci")
                .replacing("{managementCluster}", with: "main").replacing("{class}", with: "dev")
                .replacing("{forge}", with: "github").replacing("{source}", with: "shop")
                .replacing("{number}", with: "7").replacing("{kind}", with: "component")
                .replacing("{scorecard}", with: "platform-native")
                .replacing("{offering}", with: "cache").replacing("{service}", with: "orders")
                .replacing("{binding}", with: "shop").replacing("{instance}", with: "\(tenant)-1")
                .replacing("{serviceBinding}", with: "\(tenant)-2")
                .replacing("{namespace}", with: tenant).replacing("{name}", with: "shop")
            for (name, id) in ids { path = path.replacing("{\(name)}", with: id) }
            path = path.replacing("{uid}", with: "01a1fbce-0555-721f-bedc-a91ccde48898")
            var fields: [(HeaderName, String)] = []
            var body: String?
            switch endpoint.body {
            case .none: break
            case .json, .mergePatch:
                body = Description.operation(endpoint.operation)?.examples.first?.value.text
            case .form: fields.append((.contentType, MediaType.form.essence))
            case .raw(let types, _): fields.append((.contentType, types[0]))
            case .stream(let type): fields.append((.contentType, type))
            }
            if endpoint.operation == "advertiseGitRefs" { path += "?service=git-upload-pack" }
            if endpoint.operation == "getPortalEntityFacets" { path += "?facet=kind" }
            return (path, body, fields)
        }

        @Test func `a role reaches exactly the operations that it may call`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                for endpoint in Operations.all.map(\.endpoint) where endpoint.needsToken {
                    for holder in Platform.Holder.all {
                        let (target, body, fields) = Self.request(
                            endpoint,
                            tenant: holder.tenant ?? "acme",
                            ids: Self.absent
                        )
                        let safe = endpoint.conventions.contains(.plans)
                        let reply = try await platform.send(
                            endpoint.method,
                            safe ? "\(target)?dryRun=true" : target,
                            as: holder,
                            json: body,
                            fields
                        )
                        let label = "\(endpoint.operation) \(holder.role) \(reply.status)"
                        #expect(reply.status < 500, "\(label) \(reply.text)")
                        #expect(reply.status != 401, "\(label)")
                        if !endpoint.admits(holder.role) {
                            #expect(reply.status == 404, "\(label)")
                        }
                        if reply.status == 200, !endpoint.admits(holder.role) {
                            Issue.record("\(label)")
                        }
                    }
                }
            }
        }

        @Test func `without a token every operation but the open ones says how to get in`()
            async throws
        {
            try await Platform.run { platform in
                for endpoint in Operations.all.map(\.endpoint) {
                    let (target, body, fields) = Self.request(
                        endpoint,
                        tenant: "acme",
                        ids: Self.ids("x")
                    )
                    let reply = try await platform.send(
                        endpoint.method,
                        target,
                        as: nil,
                        json: body,
                        fields
                    )
                    #expect((reply.status == 401) == endpoint.needsToken, "\(endpoint.operation)")
                    if endpoint.needsToken {
                        #expect(reply.headers[.wwwAuthenticate]?.contains("realm") == true)
                        #expect(reply.code == "unauthenticated")
                    }
                }
            }
        }

        @Test func `things of another tenant are answered with the bytes of things that are not`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let foreign = try await Self.ids(platform, of: "globex")
                let named = Operations.all.map(\.endpoint).filter { endpoint in
                    ["{tenant}", "{owner}", "{job}", "{token}", "{webhook}"].contains {
                        endpoint.path.contains($0)
                    }
                }
                #expect(named.count > 12)
                for endpoint in named {
                    for role in [Role.tenantAdmin, .developer, .viewer, .ci] {
                        let holder = Platform.Holder(role: role, tenant: "acme")
                        let there = Self.request(endpoint, tenant: "globex", ids: foreign)
                        let nowhere = Self.request(endpoint, tenant: "nobody", ids: Self.absent)
                        let one = try await platform.send(
                            endpoint.method,
                            there.target,
                            as: holder,
                            json: there.body,
                            there.fields + [(.requestID, "same")]
                        )
                        let other = try await platform.send(
                            endpoint.method,
                            nowhere.target,
                            as: holder,
                            json: nowhere.body,
                            nowhere.fields + [(.requestID, "same")]
                        )
                        #expect(one.status == 404, "\(endpoint.operation) \(role) \(one.text)")
                        #expect(one.body == other.body, "\(endpoint.operation) \(role)")
                    }
                }
            }
        }

        /// A job, a token and a webhook of a tenant.
        private static func ids(
            _ platform: Platform,
            of tenant: String
        ) async throws -> [String: String] {
            let jobs = try await platform.send(.get, "/v1/jobs?tenant=\(tenant)")
            let tokens = try await platform.send(.get, "/v1/tokens?tenant=\(tenant)")
            let made = "/v1/tenants/\(tenant)/environments/pr-7/deployments"
            let deployments = try await platform.send(.get, made)
            let webhook = try await platform.plantWebhook(of: tenant)
            return [
                "webhook": webhook.id, "delivery": webhook.delivery,
                "plan": try await platform.plantPlan(of: tenant),
                "hookDelivery": try platform.hookDelivery(of: tenant),
                "job": try #require(jobs.json["items"]?[0]?["id"]?.string),
                "token": try #require(tokens.json["items"]?[0]?["id"]?.string),
                "deployment": try #require(deployments.json["items"]?[0]?["id"]?.string),
            ]
        }

        @Test func `lists of a tenant's role hold the own tenant only`() async throws {
            try await Platform.run { platform in
                let viewer = Platform.Holder(role: .viewer, tenant: "acme")
                let tenants = try await platform.send(.get, "/v1/tenants", as: viewer)
                #expect(tenants.json["items"]?.array?.compactMap { $0["name"]?.string } == ["acme"])
                let jobs = try await platform.send(.get, "/v1/jobs", as: viewer)
                let name = JSONPointer(["spec", "subject", "name"])
                let subjects = jobs.json["items"]?.array?.map { $0.value(at: name) }
                #expect(subjects == ["acme"], "\(jobs.text)")
            }
        }

        @Test func `a revoked token stops within a second and an expired one at once`()
            async throws
        {
            try await Platform.run { platform in
                let made = try await platform.send(
                    .post,
                    "/v1/tokens",
                    json: #"{"name":"brief","spec":{"role":"platform-viewer"}}"#
                )
                #expect(made.status == 201)
                let secret = try #require(made.json["token"]?.string)
                let id = try #require(made.json["id"]?.string)
                let field = [(HeaderName.authorization, "Bearer \(secret)")]
                let before = try await platform.send(.get, "/v1/me", as: nil, field)
                #expect(before.status == 200)
                let gone = try await platform.send(.delete, "/v1/tokens/\(id)")
                #expect(gone.status == 204)
                let after = try await platform.send(.get, "/v1/me", as: nil, field)
                #expect(after.status == 401)
                let shown = try await platform.send(.get, "/v1/tokens/\(id)")
                #expect(shown.json["status"]?["phase"]?.string == "revoked")
                #expect(!shown.text.contains(secret))
            }
        }

        @Test func `refused tries to change something are in the audit log`() async throws {
            try await Platform.run { platform in
                let viewer = Platform.Holder(role: .viewer, tenant: "acme")
                _ = try await platform.send(.delete, "/v1/tenants/acme", as: viewer)
                _ = try await platform.send(.delete, "/v1/tenants/acme", as: nil)
                await platform.handler.settle()
                let audit = try await platform.send(
                    .get,
                    "/v1/audit?operation=deleteTenant&result=denied"
                )
                let actors = audit.json["items"]?.array?.compactMap {
                    $0["actor"]?["name"]?.string
                }
                #expect(actors == ["anonymous", "viewer-acme"])
            }
        }
    }
}
