import Domain
import HTTP
import JSON
import Secrets
import Testing

@testable import API

extension PlatformTests {
    /// Callers that share an address.
    @Suite struct GateTests {
        private static let limits: APILimits = {
            var limits = APILimits()
            limits.perAddress = RateLimit(perSecond: 1, burst: 3)
            return limits
        }()

        /// Uses up what the address has, by tokens that are none.
        private func exhaust(_ platform: Platform) async throws {
            var statuses: [Int] = []
            for _ in 0..<5 {
                let token = Token.generate(.service).revealedText()
                let reply = try await platform.send(
                    .get,
                    "/v1/me",
                    as: nil,
                    [(.authorization, "Bearer \(token)")]
                )
                statuses.append(reply.status)
            }
            #expect(statuses.last == 429, "\(statuses)")
        }

        @Test func `a token that worked lately is not locked out by bad ones`() async throws {
            try await Platform.run(limits: Self.limits) { platform in
                let viewer = Platform.Holder(role: .viewer, tenant: "acme")
                let ci = Platform.Holder(role: .ci, tenant: "acme")
                #expect(try await platform.send(.get, "/v1/me", as: viewer).status == 200)
                let me = try await platform.send(.get, "/v1/me", as: ci)
                let id = try #require(me.json["id"]?.string ?? me.json["token"]?["id"]?.string)
                // Whom tokens stand for is forgotten, and looked up again.
                #expect(try await platform.send(.delete, "/v1/tokens/\(id)").status < 300)
                try await exhaust(platform)
                #expect(try await platform.send(.get, "/v1/me", as: viewer).status == 200)
                // The revoked one is refused, and has lost its privilege by that.
                #expect(try await platform.send(.get, "/v1/me", as: ci).status == 429)
            }
        }

        @Test func `readers of public pages do not use up the tries of their address`()
            async throws
        {
            try await Platform.run(limits: Self.limits) { platform in
                var last = 0
                for _ in 0..<6 { last = try await platform.send(.get, "/docs", as: nil).status }
                #expect(last == 429)
                let viewer = Platform.Holder(role: .viewer, tenant: "acme")
                #expect(try await platform.send(.get, "/v1/me", as: viewer).status == 200)
                #expect(try await platform.send(.get, "/v1/me", as: nil).status == 401)
            }
        }
    }
}
