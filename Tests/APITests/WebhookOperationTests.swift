import Domain
import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// Webhooks as callers see them; what is sent is tested where it is sent.
    @Suite struct WebhookOperationTests {
        private static let own =
            #"{"name":"chat","spec":{"tenant":"acme","url":"https://chat.example/hook"}}"#
        private let admin = Platform.Holder(role: .tenantAdmin, tenant: "acme")

        @Test func `the secret is shown once, at creation and at rotation`() async throws {
            try await Platform.run { platform in
                let key = [(HeaderName.idempotencyKey, "once")]
                let made = try await platform.send(
                    .post,
                    "/v1/webhooks",
                    as: admin,
                    json: Self.own,
                    key
                )
                #expect(made.status == 201, "\(made.text)")
                let secret = try #require(made.json["secret"]?.string)
                #expect(secret.hasPrefix("whsec_"))
                let again = try await platform.send(
                    .post,
                    "/v1/webhooks",
                    as: admin,
                    json: Self.own,
                    key
                )
                #expect(again.json["id"] == made.json["id"] && again.json["secret"]?.isNull == true)
                let path = "/v1/webhooks/\(try #require(made.json["id"]?.string))"
                let shown = try await platform.send(.get, path, as: admin)
                #expect(shown.status == 200 && !shown.text.contains("whsec_"))
                let rotated = try await platform.send(.post, "\(path):rotate-secret", as: admin)
                #expect(rotated.status == 200, "\(rotated.text)")
                let next = try #require(rotated.json["secret"]?.string)
                #expect(next != secret && next.hasPrefix("whsec_"))
                #expect(rotated.json["status"]?["previousSecretUntil"]?.string != nil)
                let stored = try platform.database.run("SELECT secret FROM webhook")
                #expect(stored[0][0]?.hasPrefix("v1.") == true)
                let told = try platform.database.run("SELECT data FROM event")
                #expect(!told.contains { $0[0]?.contains("whsec_") ?? false })
            }
        }

        @Test func `a tenant-admin has webhooks of the own tenant alone`() async throws {
            try await Platform.run { platform in
                let url = #""url":"https://chat.example/hook""#
                for tenant in ["", #""tenant":"globex","#, #""tenant":"nobody","#] {
                    let refused = try await platform.send(
                        .post,
                        "/v1/webhooks",
                        as: admin,
                        json: #"{"name":"chat","spec":{\#(tenant)\#(url)}}"#
                    )
                    #expect(refused.status == 422, "\(refused.text)")
                }
                let all = try await platform.send(
                    .post,
                    "/v1/webhooks",
                    json: #"{"name":"all","spec":{\#(url)}}"#
                )
                #expect(all.status == 201)
                let mine = try await platform.send(
                    .post,
                    "/v1/webhooks",
                    as: admin,
                    json: Self.own
                )
                #expect(mine.status == 201)
                let listed = try await platform.send(.get, "/v1/webhooks", as: admin)
                #expect(listed.json["items"]?.array?.map { $0["name"]?.string } == ["chat"])
                let every = try await platform.send(.get, "/v1/webhooks")
                #expect(every.json["items"]?.array?.count == 2)
            }
        }

        @Test func `what cannot work is refused at once`() async throws {
            try await Platform.run { platform in
                let reply = try await platform.send(
                    .post,
                    "/v1/webhooks",
                    json: #"{"name":"x","spec":{"url":"http://x/","events":["dev.slipway.oops"]}}"#
                )
                #expect(reply.status == 422)
                let codes = reply.json["errors"]?.array?.compactMap { $0["code"]?.string }
                #expect(codes == ["not-reachable", "unknown-event"])
            }
        }

        @Test func `a disabled webhook is enabled again and sends nothing until then`()
            async throws
        {
            try await Platform.run { platform in
                let made = try await platform.send(.post, "/v1/webhooks", json: Self.own)
                let path = "/v1/webhooks/\(try #require(made.json["id"]?.string))"
                let off = try await platform.send(
                    .patch,
                    path,
                    json: #"{"spec":{"enabled":false}}"#
                )
                #expect(off.status == 200, "\(off.text)")
                #expect(off.json["status"]?["phase"]?.string == "disabled")
                let ping = try await platform.send(.post, "\(path):ping")
                #expect(ping.status == 409 && ping.code == "state-conflict")
                let stale = try await platform.send(
                    .patch,
                    path,
                    json: #"{"spec":{"enabled":true}}"#,
                    [(.ifMatch, "\"1\"")]
                )
                #expect(stale.status == 412)
                let moved = try await platform.send(
                    .patch,
                    path,
                    json: #"{"spec":{"tenant":"globex"}}"#
                )
                #expect(moved.status == 422)
                let on = try await platform.send(.patch, path, json: #"{"spec":{"enabled":true}}"#)
                #expect(on.json["status"]?["phase"]?.string == "active")
                let pinged = try await platform.send(.post, "\(path):ping")
                #expect(pinged.status == 202, "\(pinged.text)")
                let place = try #require(pinged.headers[.location])
                #expect(place.hasPrefix("\(path)/deliveries/"))
                let replayed = try await platform.send(
                    .post,
                    "\(path):replay",
                    json: #"{"since":"2026-01-01T00:00:00Z","only":"all"}"#
                )
                #expect(replayed.status == 200, "\(replayed.text)")
                let empty = try await platform.send(.get, "\(path)/deliveries")
                #expect(empty.json["items"]?.array?.isEmpty == true)
                let gone = try await platform.send(.delete, path)
                #expect(gone.status == 204)
                #expect(try await platform.send(.get, path).status == 404)
            }
        }
    }
}

extension Platform {
    /// A webhook of a tenant, and an event that was sent to it.
    func plantWebhook(of tenant: String) async throws -> (id: String, delivery: String) {
        let spec = #"{"tenant":"\#(tenant)","url":"https://chat.example/hook"}"#
        let made = try await send(.post, "/v1/webhooks", json: #"{"name":"own","spec":\#(spec)}"#)
        #expect(made.status == 201, "\(made.text)")
        let id = try #require(made.json["id"]?.string)
        let delivery = try database.run(
            """
            INSERT INTO webhook_delivery (
                webhook_id, position, event_id, type, state, attempts, log, created_at, ended_at)
            VALUES ('\(id)', 1, gen_random_uuid(), 'dev.slipway.tenant.ready', 'delivered', 1,
                    '[{"at":"2026-11-21T00:00:00Z","durationMilliseconds":7,"status":204,
                      "answer":"","error":null}]', now(), now())
            RETURNING event_id
            """
        )
        return (id, try #require(delivery[0][0]))
    }
}
