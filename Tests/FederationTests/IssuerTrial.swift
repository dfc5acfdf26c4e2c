import Domain
import EventLoop
import HTTP
import JSON
import JWTKit
import Secrets
import Synchronization
import TestSupport
import Testing

@testable import Federation

/// An issuer over real HTTP with keys of its own, and a server that is to believe it, on a clock of
/// the test's.
struct IssuerTrial: Sendable {
    let issuer: PlayedIssuer
    let federation: Federation
    let clock: TrialClock
    let asked: Counts

    static func run(
        _ body: @escaping @Sendable (IssuerTrial) async throws -> Void
    ) async throws {
        let group = try EventLoopGroup(count: 1)
        group.start()
        let loop = group.loops[0]
        let issuer = PlayedIssuer()
        let server = Server(group: group, handler: issuer, limits: ServerLimits(), tls: nil)
        let address = try server.listen(on: .host("127.0.0.1", port: 0))
        issuer.url.withLock { $0 = "http://\(address)" }
        let clock = TrialClock()
        let asked = Counts()
        let federation = Federation(
            [try #require(Issuer("http://\(address)"))],
            on: loop,
            clock: { clock.now },
            asked: { _, isAnswered in asked.count(isAnswered) }
        )
        let trial = IssuerTrial(
            issuer: issuer,
            federation: federation,
            clock: clock,
            asked: asked
        )
        let result = await Task(executorPreference: loop) { try await body(trial) }.result
        issuer.release()
        await federation.close()
        await server.drain(within: .seconds(1))
        group.stop()
        try result.get()
    }

    /// What a good token says, changed by `change`.
    func claims(_ change: (inout JSONObject) -> Void = { _ in }) -> JSONObject {
        let now = Int(clock.now.microseconds / 1_000_000)
        var claims: JSONObject = [
            "iss": .string(issuer.url.withLock { $0 }), "aud": "https://slipway.example",
            "iat": .number(now), "nbf": .number(now), "exp": .number(now + 300), "jti": "1",
            "repository": "acme/shop",
        ]
        change(&claims)
        return claims
    }

    /// A token signed by the key of that id, with more in its header.
    func token(
        by key: String = "first",
        header: JSONObject? = nil,
        _ change: (inout JSONObject) -> Void = { _ in }
    ) async throws -> String {
        let header = header ?? ["alg": "ES256", "kid": .string(key), "typ": "JWT"]
        let parts = [JSON.object(header), .object(claims(change))]
            .map { Base64URL.encode($0.serialized()) }
        let signed = parts.joined(separator: ".")
        let signature = try await issuer.sign(Array(signed.utf8), by: key)
        return "\(signed).\(Base64URL.encode(signature))"
    }

    /// Why the token is not taken; nil where it is.
    func refusal(of token: String) async -> VerificationFault? {
        do throws(VerificationFault) {
            _ = try await federation.verify(token)
            return nil
        } catch {
            return error
        }
    }
}

extension JSON {
    fileprivate static func number(_ value: Int) -> JSON { JSON(integerLiteral: value) }
}

/// A clock that stands until it is moved.
final class TrialClock: Sendable {
    private let moment = Mutex(Domain.Instant(microseconds: 1_795_222_800_000_000))

    var now: Domain.Instant { moment.withLock { $0 } }

    func advance(by duration: Duration) {
        moment.withLock { $0 = $0.advanced(by: duration) }
    }
}

/// How often the issuer was asked, and how often it answered.
final class Counts: Sendable {
    private let all = Mutex((asked: 0, answered: 0))

    var asked: Int { all.withLock { $0.asked } }
    var answered: Int { all.withLock { $0.answered } }

    func count(_ isAnswered: Bool) {
        all.withLock { all in
            all.asked += 1
            if isAnswered { all.answered += 1 }
        }
    }
}

/// Serves a discovery document and a key set, or what it is told to.
final class PlayedIssuer: RequestHandler {
    /// How it answers where its keys should be.
    enum Manner: Sendable {
        case keys, broken, redirecting, huge, hanging, foreign, elsewhere
    }

    let url = Mutex("")
    let manner = Mutex(Manner.keys)
    private let keys = Mutex<[String: ES256PrivateKey]>(["first": ES256PrivateKey()])
    private let waiting = Mutex<[Wakeup<Void, Never>]>([])

    /// Whether a request is held back.
    var isWaiting: Bool { waiting.withLock { !$0.isEmpty } }

    func behave(_ next: Manner) { manner.withLock { $0 = next } }

    /// Takes a new key in place of all others.
    func rotate(to id: String) {
        keys.withLock { $0 = [id: ES256PrivateKey()] }
    }

    func release() {
        let waiters = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for waiter in waiters { waiter.resume() }
    }

    func sign(_ bytes: [UInt8], by id: String) async throws -> [UInt8] {
        let key = keys.withLock { $0[id] } ?? ES256PrivateKey()
        let collection = await JWTKeyCollection().add(ecdsa: key, kid: "it")
        return try await collection.getKey(for: "it").sign(bytes)
    }

    func respond(to request: Request) async -> Response {
        let manner = manner.withLock { $0 }
        if request.path.hasSuffix("openid-configuration") {
            let own = url.withLock { $0 }
            let said = manner == .foreign ? "https://evil.example" : own
            let keys = manner == .elsewhere ? "https://evil.example/keys" : "\(own)/keys"
            return Self.json(["issuer": .string(said), "jwks_uri": .string(keys)])
        }
        switch manner {
        case .broken: return Response(status: .internalServerError)
        case .redirecting:
            return Response(status: Status(code: 302), headers: [.location: "/other"])
        case .huge:
            return Self.json(["keys": [.string(String(repeating: "x", count: 300_000))]])
        case .hanging:
            await Wakeup<Void, Never>.wait { wakeup in
                waiting.withLock { $0.append(wakeup) }
            }
        default: break
        }
        return keySet()
    }

    /// With keys that are passed over: another use, another kind, no id.
    private func keySet() -> Response {
        var set: [JSON] = [
            ["kty": "oct", "kid": "shared", "k": "c2VjcmV0"], ["kty": "EC", "crv": "P-256"],
        ]
        for (id, key) in keys.withLock({ $0 }) {
            let point = key.parameters
            set.append([
                "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": .string(id),
                "x": Self.coordinate(point?.x), "y": Self.coordinate(point?.y),
            ])
        }
        return Self.json(["keys": .array(set)])
    }

    /// Base64url, as RFC 7518 §6.2.1.2 asks.
    private static func coordinate(_ base64: String?) -> JSON {
        .string(Base64URL.encode(Base64.decode(base64 ?? "") ?? []))
    }

    private static func json(_ object: JSONObject) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: .bytes(JSON.object(object).serialized())
        )
    }

    func answer(to fault: RequestFault, from peer: String) -> Response {
        Response(status: .badRequest)
    }

    func ended(_ exchange: Exchange) {}
}
