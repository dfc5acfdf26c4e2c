package import Domain
package import EventLoop
import JWTKit
import Outbound
import Synchronization

/// Says whether tokens of issuers are good: signed by a key that the issuer has now, for a run that
/// is not over.
package final class Federation: Sendable {
    private struct Known {
        var keys = IssuerKeys()
        /// The one fetch that is under way; everybody else waits for it.
        var fetch: Task<FetchFault?, Never>?
    }

    /// The issuers whose word is taken.
    package let issuers: [Issuer]
    /// Told after an issuer was asked: its address, and whether it answered.
    private let asked: @Sendable (String, Bool) -> Void
    private let client: OutboundClient
    private let loop: EventLoop
    private let clock: @Sendable () -> Instant
    private let known: Mutex<[String: Known]>

    /// Takes the word of those issuers; asks them for their keys on that loop.
    package init(
        _ issuers: [Issuer],
        on loop: EventLoop,
        clock: @escaping @Sendable () -> Instant,
        asked: @escaping @Sendable (String, Bool) -> Void = { _, _ in }
    ) {
        self.issuers = issuers
        self.asked = asked
        self.loop = loop
        self.clock = clock
        var limits = LaneLimits()
        // Whom the operator lists may be in their own network, but never their cloud's secrets.
        limits.addresses = .beyondLink
        client = OutboundClient(on: loop, limits: limits)
        known = Mutex(
            Dictionary(issuers.map { ($0.url, Known()) }, uniquingKeysWith: { first, _ in first })
        )
    }

    /// What a token says.
    ///
    /// - Throws: why it is not good, or that nobody can tell now.
    package func verify(_ text: String) async throws(VerificationFault) -> VerifiedToken {
        let token = try SignedToken(text)
        guard let issuer = issuers.first(where: { $0.url == token.issuer }) else {
            throw .refused(
                "The issuer of the subject token is not on this server's list; its "
                    + "operators add it with --oidc-issuer."
            )
        }
        let key = try await key(token.keyID, of: issuer)
        guard try await Self.isSigned(token, with: key) else {
            throw .refused("The signature of the subject token is wrong.")
        }
        return try token.verified(at: clock())
    }

    /// Ends everything under way and closes the connections.
    package func close() async {
        await client.close()
        let fetches = known.withLock { $0.values.compactMap(\.fetch) }
        for fetch in fetches { _ = await fetch.value }
    }

    private func key(_ id: String, of issuer: Issuer) async throws(VerificationFault) -> JWK {
        var asked: Bool?
        var reason = "its keys were asked for a moment ago"
        while true {
            switch answer(for: id, of: issuer, asked: asked) {
            case .key(let key): return key
            case .absent:
                throw .refused("The issuer has no key of the id that the subject token names.")
            case .unknown(let seconds):
                throw .unavailable(
                    "The keys of \(issuer.url) are not known: \(reason).",
                    retryAfter: seconds
                )
            case .ask:
                let fault = await fetch(issuer).value
                if let fault { reason = fault.reason }
                asked = fault == nil
            }
        }
    }

    private func answer(
        for id: String,
        of issuer: Issuer,
        asked: Bool?
    ) -> IssuerKeys.Answer {
        known.withLock { known in
            let found = known[issuer.url] ?? Known()
            let answer = found.keys.answer(for: id, asked: asked, at: clock())
            // Whoever comes while the issuer is asked waits for its answer.
            if case .unknown = answer, asked == nil, found.fetch != nil { return .ask }
            return answer
        }
    }

    /// The fetch that is under way, or a new one.
    private func fetch(_ issuer: Issuer) -> Task<FetchFault?, Never> {
        known.withLock { known in
            if let under = known[issuer.url]?.fetch { return under }
            known[issuer.url]?.keys.ask(at: clock())
            // Ends by its time limit; closing the client ends it at once, and `close` awaits it.
            let fetch = Task(executorPreference: loop) { await self.renew(issuer) }
            known[issuer.url]?.fetch = fetch
            return fetch
        }
    }

    private func renew(_ issuer: Issuer) async -> FetchFault? {
        var fault: FetchFault?
        var keys: [String: JWK]?
        do throws(FetchFault) {
            keys = try await KeyFetch(client: client).keys(of: issuer)
        } catch {
            fault = error
        }
        known.withLock { [keys] known in
            if let keys { known[issuer.url]?.keys.take(keys, at: clock()) }
            known[issuer.url]?.fetch = nil
        }
        asked(issuer.url, fault == nil)
        return fault
    }

    /// Whether the key made the signature, by the algorithm that the token names, which must be one
    /// of the key's.
    private static func isSigned(
        _ token: SignedToken,
        with key: JWK
    ) async throws(VerificationFault) -> Bool {
        do {
            if let own = key.algorithm, own.rawValue != token.algorithm { return false }
            let keys = try await JWTKeyCollection().add(jwk: key)
            let algorithm = try await keys.getKey(
                for: JWKIdentifier(string: token.keyID),
                alg: token.algorithm
            )
            guard algorithm.name == token.algorithm else { return false }
            return try algorithm.verify(token.signature, signs: token.signed)
        } catch {
            return false
        }
    }
}
