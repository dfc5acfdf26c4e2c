import Domain
import HTTP
import JSON
import Secrets
import Storage
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// What strangers can have this server do, and which source a delivery is for.
    @Suite struct HookIntakeTests {
        private static let path = "/v1/tenants/acme/sources/shop"
        private static let shop = #"{"full_name":"acme/shop"}"#

        private func run(
            limits: APILimits = APILimits(),
            _ body: (Platform) async throws -> Void
        ) async throws {
            try await Platform.run(limits: limits) { platform in
                try await platform.plantEnvironments()
                try platform.database.run("DELETE FROM source_delivery")
                try platform.database.run("DELETE FROM job")
                try await body(platform)
            }
        }

        private static func ping(_ key: String, more: String = "") -> SentHook {
            SentHook(.github, "ping", key: key, #"{"repository":\#(shop)\#(more)}"#)
        }

        @Test func `what a stranger sends is not parsed, and what is proven must be JSON`()
            async throws
        {
            try await run { platform in
                let broken = Self.ping("one", more: ",no JSON")
                let stranger = try await platform.deliver(broken, secret: "sixteen or more chars")
                #expect(stranger.status == 404, "\(stranger.text)")
                let proven = try await platform.deliver(broken)
                #expect(proven.status == 400 && proven.code == "invalid-json", "\(proven.text)")
                // Two repositories in one body: that it was found by the first does not count.
                let twice = Self.ping("two", more: #","repository":{"full_name":"globex/shop"}"#)
                #expect(try await platform.deliver(twice).status == 400)
            }
        }

        @Test func `bodies of one address are held up to a limit, and let go again`()
            async throws
        {
            var limits = APILimits()
            limits.deliveryBytesMax = 3_000
            limits.deliveryBytesPerAddressMax = 2_000
            try await run(limits: limits) { platform in
                let small = try await platform.deliver(Self.ping("small"))
                #expect(small.status == 200, "\(small.text)")
                let large = Self.ping("large", more: String(repeating: " ", count: 2_000))
                let refused = try await platform.deliver(large)
                #expect(refused.status == 429 && refused.headers[.retryAfter] == "2")
                #expect(platform.services.deliveries.bytesHeld == 0)
                let place = platform.services.deliveries.place(for: "192.0.2.1")
                try place.take(2_000)
                let full = Self.ping("full", more: String(repeating: " ", count: 1_500))
                let late = try await platform.deliver(full)
                #expect(late.status == 503 && late.headers[.retryAfter] == "2", "\(late.text)")
                withExtendedLifetime(place) {}
            }
        }

        @Test func `an address delivers up to a rate`() async throws {
            var limits = APILimits()
            limits.perForge = RateLimit(perSecond: 1, burst: 2)
            try await run(limits: limits) { platform in
                for key in ["one", "two"] {
                    #expect(try await platform.deliver(Self.ping(key)).status == 200)
                }
                let refused = try await platform.deliver(Self.ping("three"))
                #expect(refused.status == 429 && refused.headers[.retryAfter] != nil)
            }
        }

        @Test func `sources of others hide none, however many there are`() async throws {
            try await run { platform in
                let others = HookStore.candidatesPerPage * 2 + 1
                try platform.database.run(
                    """
                    INSERT INTO forge (id, name, labels, label_terms, kind, spec, phase, message,
                        since, generation, revision, created_at, updated_at)
                    SELECT gen_random_uuid(), 'forge-' || n, '{}', '{}', 'github',
                        '{"url":"https://git.example.com"}', 'silent', '', now(), 1, 1, now(), now()
                      FROM generate_series(1, \(others)) n
                    """
                )
                try platform.database.run(
                    """
                    INSERT INTO source (id, tenant_id, name, labels, label_terms, spec, forge_id,
                        repository_key, secret, generation, revision, created_at, updated_at)
                    SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, t.id,
                        'theirs-' || n, '{}', '{}', s.spec, f.id, 'acme/shop', s.secret, 1, 1,
                        now(), now()
                      FROM generate_series(1, \(others)) n
                      JOIN forge f ON f.name = 'forge-' || n
                      JOIN tenant t ON t.name = 'globex' JOIN source s ON s.tenant_id = t.id
                    """
                )
                let taken = try await platform.deliver(Self.ping("one"))
                #expect(taken.status == 200, "\(taken.text)")
                let wrong = try await platform.deliver(Self.ping("two"), secret: "sixteen or more")
                #expect(wrong.status == 404)
            }
        }

        @Test func `a tenant has one source for each service of a repository, as others have`()
            async throws
        {
            try await run { platform in
                func put(
                    _ name: String,
                    _ repository: String,
                    service: String = "shop"
                ) async throws -> Reply {
                    let spec =
                        #"{"forge":"github","repository":"\#(repository)","service":"\#(service)"}"#
                    return try await platform.send(
                        .put,
                        "/v1/tenants/acme/sources/\(name)",
                        json: #"{"spec":\#(spec)}"#
                    )
                }
                let second = try await put("again", "Acme/Shop")
                #expect(second.status == 409 && second.code == "state-conflict", "\(second.text)")
                #expect(try await put("cart", "acme/shop", service: "cart").status == 201)
                #expect(try await put("other", "acme/other").status == 201)
                #expect(try await put("other", "acme/shop").status == 409)
                #expect(try await put("other", "globex/shop").status == 200)
            }
        }

        @Test func `of two sources or forges that are made at once for the last place one is`()
            async throws
        {
            try await run { platform in
                try platform.database.run(
                    """
                    INSERT INTO source (id, tenant_id, name, labels, label_terms, spec, forge_id,
                        repository_key, secret, generation, revision, created_at, updated_at)
                    SELECT gen_random_uuid(), tenant_id, 'more-' || n, '{}', '{}', spec, forge_id,
                        'acme/more-' || n, secret, 1, 1, now(), now()
                      FROM source, generate_series(2, \(Source.countMax) - 1) n
                     WHERE repository_key = 'acme/shop'
                    """
                )
                try platform.database.run(
                    """
                    INSERT INTO forge (id, name, labels, label_terms, kind, spec, phase, message,
                        since, generation, revision, created_at, updated_at)
                    SELECT gen_random_uuid(), 'forge-' || n, '{}', '{}', 'github',
                        '{"url":"https://git.example.com"}', 'silent', '', now(), 1, 1, now(), now()
                      FROM generate_series(2, \(Forge.countMax) - 1) n
                    """
                )
                let source = #"{"spec":{"forge":"github","repository":"acme/last-"#
                let tries = [
                    ("/v1/tenants/acme/sources/last-", source),
                    ("/v1/forges/last-", #"{"spec":{"kind":"github","url":"https://x/"#),
                ]
                for (path, body) in tries {
                    async let first = platform.send(.put, "\(path)1", json: "\(body)1\"}}")
                    async let second = platform.send(.put, "\(path)2", json: "\(body)2\"}}")
                    let replies = try await [first, second]
                    #expect(
                        replies.map(\.status).sorted() == [201, 409],
                        "\(replies.map(\.text))"
                    )
                }
            }
        }

        @Test func `a delivery whose source goes meanwhile is as unknown as any`() async throws {
            try await run { platform in
                let hooks = platform.storage.hooks
                let now = platform.clock.now
                let delivery = HookDelivery(
                    id: HookDeliveryID(high: 9, low: 9),
                    key: "one",
                    event: HookEvent(repository: "acme/shop", subject: .ping, at: nil),
                    job: JobID(high: 9, low: 9),
                    at: now
                )
                let reception = try await platform.onLoop {
                    let found = try await hooks.candidates(
                        for: "acme/shop",
                        on: .github,
                        after: nil,
                        at: now
                    )
                    let gone = try #require(found.first)
                    try platform.database.run("DELETE FROM source WHERE id = '\(gone.id)'")
                    return try await hooks.take(delivery, digest: [1], for: gone, traceparent: nil)
                }
                guard case .unknown = reception else {
                    Issue.record("it was taken")
                    return
                }
            }
        }
    }
}
