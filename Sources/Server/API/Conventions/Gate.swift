import Domain
import EventLoop
import HTTP
import Secrets
import Storage

/// Decides who is calling and whether the caller may go on: tokens, rates, roles.
struct Gate: Sendable {
    /// What the gate found out.
    struct Admission: Sendable {
        /// Who calls; nil on operations for everybody.
        let caller: Principal?
        /// What is left of the caller's allowance.
        let rate: RateLimiter.Verdict?
        /// The allowance itself, as `RateLimit-Policy` tells it.
        let policy: String
    }

    /// Why the gate stays shut, with the caller where one is known, for the audit log.
    struct Refusal: Error {
        let problem: Problem
        let caller: Principal?
        let rate: RateLimiter.Verdict?
    }

    private let storage: Storage
    private let clock: @Sendable () -> Domain.Instant
    private let cache = PrincipalCache()
    private let uses: TokenUses
    private let tokens: RateLimiter
    private let addresses: RateLimiter
    /// Of its own, so that readers of public pages do not keep callers behind their address out.
    private let pages: RateLimiter
    /// Of its own, for what forges deliver.
    private let forges: RateLimiter
    /// Of its own, so that readers of public pages do not keep pipelines out.
    private let exchanges: RateLimiter

    init(_ services: APIServices) {
        storage = services.storage
        clock = services.clock
        tokens = RateLimiter(services.limits.perToken)
        addresses = RateLimiter(services.limits.perAddress)
        pages = RateLimiter(services.limits.perAddress)
        forges = RateLimiter(services.limits.perForge)
        exchanges = RateLimiter(services.limits.perExchange)
        uses = TokenUses(services.storage, clock: services.clock)
    }

    /// Lets a request to `endpoint` in, or says why not; nil where the caller has to be looked up
    /// first: then `admitStranger` decides.
    func admit(_ request: Request, to endpoint: Endpoint) throws(Refusal) -> Admission? {
        if endpoint.conventions.contains(.unlimited) {
            return Admission(caller: nil, rate: nil, policy: "")
        }
        guard endpoint.needsToken else {
            let limiter =
                endpoint.conventions.contains(.delivers)
                ? forges : endpoint.conventions.contains(.exchanges) ? exchanges : pages
            let rate = limiter.take(Self.key(of: request.peer), at: .now())
            let passed = try Self.pass(rate, caller: nil)
            return Admission(caller: nil, rate: passed, policy: limiter.policy)
        }
        let digest = TokenDigest(SHA256.hash(try token(of: request, endpoint)))
        let known = cache.principal(for: digest, at: .now())
        return try known.map { caller throws(Refusal) in try admit(caller, request, endpoint) }
    }

    /// The same for a request whose caller is not remembered.
    func admitStranger(
        _ request: Request,
        to endpoint: Endpoint
    ) async throws(Refusal) -> Admission {
        let caller = try await lookUp(try token(of: request, endpoint), request)
        return try admit(caller, request, endpoint)
    }

    /// Forgets whom tokens stand for.
    func forget() {
        cache.forget()
    }

    private func admit(
        _ caller: Principal,
        _ request: Request,
        _ endpoint: Endpoint
    ) throws(Refusal) -> Admission {
        if let end = caller.expiresAt, end <= clock() {
            throw refusal(of: request, "The token is unknown, expired or revoked.")
        }
        let rate = try Self.pass(tokens.take(caller.token.low, at: .now()), caller: caller)
        guard endpoint.admits(caller) else {
            throw Refusal(problem: .notFound, caller: caller, rate: rate)
        }
        return Admission(caller: caller, rate: rate, policy: tokens.policy)
    }

    private func token(
        of request: Request,
        _ endpoint: Endpoint
    ) throws(Refusal) -> String {
        let passwords = endpoint.conventions.contains(.passwords)
        switch Credentials(of: request.headers, passwords: passwords) {
        case .none: throw refusal(of: request, "Send `Authorization: Bearer <token>`.")
        case .malformed:
            throw refusal(of: request, "`Authorization` is not `Bearer` and one token.")
        case .token(let text): return text
        }
    }

    private func lookUp(
        _ text: String,
        _ request: Request
    ) async throws(Refusal) -> Principal {
        let readAt = MonotonicTime.now()
        let digest = TokenDigest(SHA256.hash(text))
        // The checksum refuses typing errors and inventions without a look into the database, and
        // an address that has guessed too often is not looked up at all, unless its token worked
        // lately: a neighbour behind the same address must not be locked out by it.
        guard (try? Token(parsing: text)) != nil else {
            throw refusal(of: request, "The token is not a Slipway token, or mistyped.")
        }
        if !cache.worked(digest, at: readAt) {
            let address = Self.key(of: request.peer)
            _ = try Self.pass(addresses.look(address, at: readAt), caller: nil)
        }
        let found: Principal?
        do {
            found = try await storage.tokens.principal(ofTokenHash: digest.bytes)
        } catch {
            throw Refusal(problem: Problem(explaining: error), caller: nil, rate: nil)
        }
        guard let found else {
            cache.drop(digest)
            throw refusal(of: request, "The token is unknown, expired or revoked.")
        }
        cache.keep(found, for: digest, readAt: readAt)
        uses.note(found.token)
        return found
    }

    /// A failed try counts against the address, which is told when it has used up its tries.
    private func refusal(of request: Request, _ detail: String) -> Refusal {
        let rate = addresses.take(Self.key(of: request.peer), at: .now())
        if let rate, !rate.isAllowed {
            return Refusal(problem: .rateLimited(rate), caller: nil, rate: rate)
        }
        return Refusal(
            problem: Problem(.unauthenticated, detail),
            caller: nil,
            rate: rate
        )
    }

    private static func pass(
        _ rate: RateLimiter.Verdict?,
        caller: Principal?
    ) throws(Refusal) -> RateLimiter.Verdict? {
        if let rate, !rate.isAllowed {
            throw Refusal(problem: .rateLimited(rate), caller: caller, rate: rate)
        }
        return rate
    }

    /// Spreads addresses evenly; seeded anew in each process, so that nobody can aim at a slot.
    private static func key(of peer: String) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(peer)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}

extension Problem {
    static func rateLimited(_ rate: RateLimiter.Verdict) -> Problem {
        Problem(
            .rateLimited,
            "Wait \(max(rate.reset, 1)) s and send the request again.",
            retryAfter: max(rate.reset, 1)
        )
    }
}
