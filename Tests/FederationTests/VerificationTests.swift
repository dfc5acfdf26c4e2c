import Domain
import JSON
import Secrets
import Testing

@testable import Federation

@Suite struct VerificationTests {
    @Test func `a token that its issuer signed for a run is taken`() async throws {
        try await IssuerTrial.run { trial in
            let verified = try await trial.federation.verify(try await trial.token())
            #expect(verified.claims.repository == "acme/shop")
            #expect(verified.claims.audiences == ["https://slipway.example"])
            #expect(verified.identity == "1")
            #expect(trial.asked.asked == 1)
        }
    }

    @Test func `keys are fetched once for all that come at the same time`() async throws {
        try await IssuerTrial.run { trial in
            let token = try await trial.token()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { #expect(await trial.refusal(of: token) == nil) }
                }
            }
            #expect(trial.asked.asked == 1)
        }
    }

    @Test(arguments: ["none", "HS256", "hs256", "ES256K", ""])
    func `a signature that everybody could have made is refused`(algorithm: String) async throws {
        try await IssuerTrial.run { trial in
            let header: JSONObject = ["alg": .string(algorithm), "kid": "first"]
            guard
                case .refused(let detail) = await trial.refusal(
                    of: try await trial.token(header: header)
                )
            else {
                Issue.record("it was taken")
                return
            }
            #expect(detail.contains("RS256"))
            #expect(trial.asked.asked == 0)
        }
    }

    @Test func `a changed token, another key and another algorithm are refused`() async throws {
        try await IssuerTrial.run { trial in
            let parts = try await trial.token().split(separator: ".").map(String.init)
            let other = Base64URL.encode(
                JSON.object(trial.claims { $0["repository"] = "acme/other" }).serialized()
            )
            let tries = [
                "\(parts[0]).\(other).\(parts[2])", "\(parts[0]).\(parts[1]).", "a.b", "a.b.c.d",
                "\(parts[0]).\(parts[1]).\(parts[2].dropLast(8))",
                try await trial.token(header: ["alg": "RS256", "kid": "first"]),
                try await trial.token(header: ["alg": "ES384", "kid": "first"]),
                try await trial.token(header: ["alg": "ES256"]),
                try await trial.token(header: ["alg": "ES256", "kid": "first", "crit": ["exp"]]),
                try await trial.token(by: "second", header: ["alg": "ES256", "kid": "first"]),
                String(repeating: "a", count: 20_000),
            ]
            for text in tries {
                guard case .refused = await trial.refusal(of: text) else {
                    Issue.record("\(text.prefix(60)) was taken")
                    continue
                }
            }
        }
    }

    @Test func `a key that everybody shares is no key`() async throws {
        try await IssuerTrial.run { trial in
            let shared = try await trial.token(header: ["alg": "ES256", "kid": "shared"])
            #expect(await trial.refusal(of: shared) != nil)
        }
    }

    @Test func `a token has a time, an identity and an issuer that is allowed`() async throws {
        try await IssuerTrial.run { trial in
            let now = Int(trial.clock.now.microseconds / 1_000_000)
            let changes: [@Sendable (inout JSONObject) -> Void] = [
                { $0["exp"] = JSON(integerLiteral: now - 61) },
                { $0["nbf"] = JSON(integerLiteral: now + 61) },
                { $0["iat"] = JSON(integerLiteral: now + 61) },
                { $0["iat"] = JSON(integerLiteral: now - 3_601) },
                { $0["exp"] = nil }, { $0["iat"] = nil }, { $0["jti"] = nil }, { $0["jti"] = "" },
                { $0["exp"] = "tomorrow" }, { $0["iss"] = "https://evil.example" },
                { $0["iss"] = nil },
            ]
            for (place, change) in changes.enumerated() {
                guard case .refused = await trial.refusal(of: try await trial.token(change)) else {
                    Issue.record("number \(place) was taken")
                    continue
                }
            }
        }
    }

    @Test func `a new key of the issuer is found when its first token comes`() async throws {
        try await IssuerTrial.run { trial in
            _ = try await trial.federation.verify(try await trial.token())
            trial.issuer.rotate(to: "second")
            #expect(await trial.refusal(of: try await trial.token(by: "second")) == nil)
            #expect(trial.asked.asked == 2)
            guard case .refused = await trial.refusal(of: try await trial.token()) else {
                Issue.record("a key that is gone was believed")
                return
            }
        }
    }

    @Test func `keys that there are none of do not have the issuer asked without end`()
        async throws
    {
        try await IssuerTrial.run { trial in
            let strange = try await trial.token(header: ["alg": "ES256", "kid": "strange"])
            for _ in 0..<IssuerKeys.asksAtOnceMax {
                guard case .refused = await trial.refusal(of: strange) else {
                    Issue.record("it was taken")
                    return
                }
            }
            guard case .unavailable(_, let seconds) = await trial.refusal(of: strange) else {
                Issue.record("the issuer was asked once more")
                return
            }
            #expect((1...15).contains(seconds) && trial.asked.asked == IssuerKeys.asksAtOnceMax)
            #expect(await trial.refusal(of: try await trial.token()) == nil)
            trial.issuer.rotate(to: "second")
            trial.clock.advance(by: IssuerKeys.askEvery)
            #expect(await trial.refusal(of: try await trial.token(by: "second")) == nil)
        }
    }

    @Test func `what is remembered of a token has a bound in time and in bytes`() async throws {
        try await IssuerTrial.run { trial in
            let now = Int(trial.clock.now.microseconds / 1_000_000)
            let long = try await trial.token { $0["exp"] = JSON.integer(now + 100 * 365 * 86_400) }
            let verified = try await trial.federation.verify(long)
            #expect(verified.endsAt == trial.clock.now.advanced(by: .seconds(3_660)))
            let emoji = String(repeating: "\u{1F600}", count: 129)
            guard
                case .refused = await trial.refusal(
                    of: try await trial.token { $0["jti"] = .string(emoji) }
                )
            else {
                Issue.record("an identity of 516 bytes was taken")
                return
            }
        }
    }

    @Test func `keys outlive an issuer that is away, for a day`() async throws {
        try await IssuerTrial.run { trial in
            _ = try await trial.federation.verify(try await trial.token())
            trial.issuer.behave(.broken)
            trial.clock.advance(by: IssuerKeys.freshFor)
            #expect(await trial.refusal(of: try await trial.token()) == nil)
            #expect(trial.asked.asked == 2 && trial.asked.answered == 1)
            trial.clock.advance(by: IssuerKeys.usableFor)
            guard
                case .unavailable(let reason, _) = await trial.refusal(
                    of: try await trial.token()
                )
            else {
                Issue.record("keys of yesterday were believed")
                return
            }
            #expect(reason.contains("answered 500"))
        }
    }

    @Test(arguments: [
        PlayedIssuer.Manner.redirecting, .huge, .foreign, .elsewhere, .broken,
    ])
    func `keys from where they should not be are not taken`(
        manner: PlayedIssuer.Manner
    ) async throws {
        try await IssuerTrial.run { trial in
            trial.issuer.behave(manner)
            guard case .unavailable = await trial.refusal(of: try await trial.token()) else {
                Issue.record("it was taken")
                return
            }
        }
    }

    @Test func `an issuer that hangs is given up when the server ends`() async throws {
        try await IssuerTrial.run { trial in
            trial.issuer.behave(.hanging)
            let token = try await trial.token()
            // Awaited below.
            let waiting = Task { await trial.refusal(of: token) }
            while trial.issuer.isWaiting == false { await Task.yield() }
            await trial.federation.close()
            guard case .unavailable = await waiting.value else {
                Issue.record("it was taken")
                return
            }
        }
    }

    @Test(arguments: [
        ("https://gitlab.com", true), ("https://git.example:8443/oidc", true),
        ("http://127.0.0.1:80", true), ("http://localhost:9", true), ("http://[::1]:9", true),
        ("http://git.example", false), ("https://gitlab.com/", false), ("https://u@h", false),
        ("http://127.0.0.1.evil.example", false), ("ftp://h", false), ("https://", false),
        ("https://h?x", false), ("http://localhost.evil.example", false),
    ])
    func `issuers are https, or on this machine`(text: String, isOne: Bool) {
        #expect((Issuer(text) != nil) == isOne)
    }
}
