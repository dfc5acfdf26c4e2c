import Domain
import HTTP
import JSON
import Secrets
import Storage
import Telemetry

/// A short-lived token for a pipeline, for the token that its forge made for this one run.
struct ExchangeToken: Operation {
    static let endpoint = Endpoint(
        "exchangeToken",
        .post,
        "/v1/token-exchange",
        for: .everybody,
        body: .form,
        [.audited, .exchanges]
    )

    private let request: ExchangeRequest

    init(reading inputs: Inputs) throws(Problem) {
        request = try ExchangeRequest(inputs.bytes)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let counts = call.services.exchanges
        do {
            let answer = try await exchange(call)
            counts.issued.increment()
            return answer
        } catch {
            let isCallers = Problem(explaining: error).kind.isCallers
            (isCallers ? counts.refused : counts.unavailable).increment()
            throw error
        }
    }

    private func exchange(_ call: Invocation) async throws -> Answer {
        let verified: VerifiedToken
        do throws(VerificationFault) {
            verified = try await call.services.federation.verify(request.subject)
        } catch {
            throw Problem(error)
        }
        for _ in 0..<Self.attemptsMax {
            let trust = try await trust(in: verified.claims, call)
            do {
                return try await issue(trust, verified, call)
            } catch StorageFault.stale {
                // The trust was changed meanwhile; perhaps it takes the run no longer.
                continue
            }
        }
        throw StorageFault.keyInProgress
    }

    /// As often as a trust may change while one token is given.
    private static let attemptsMax = 4

    /// The first trust by name that takes the run; none looks as if there were no such tenant.
    private func trust(in claims: PipelineClaims, _ call: Invocation) async throws -> Trust {
        let trusts = try await call.services.storage.trusts.all(
            of: request.tenant,
            in: claims.issuer
        )
        guard let trust = trusts.first(where: { $0.spec.trusts(claims) }) else {
            throw Problem.untrusted(claims, by: request.tenant)
        }
        return trust
    }

    private func issue(
        _ trust: Trust,
        _ verified: VerifiedToken,
        _ call: Invocation
    ) async throws -> Answer {
        let secret = Token.generate(.service)
        let grant = trust.grant(to: verified.claims, permissions: request.permissions)
        let name = "\(trust.name): \(verified.claims.subject)"
        var random = SecureRandom()
        let token = AccessToken(
            id: TokenID(at: call.now, using: &random),
            name: String(name.prefix(AccessToken.nameLengthMax)),
            prefix: secret.hint,
            role: .ci,
            tenant: TenantReference(id: trust.tenant, name: trust.tenantName.text),
            createdAt: call.now,
            createdBy: "trust \(trust.name)",
            expiresAt: call.now.advanced(by: trust.spec.tokenTTL)
        )
        try await call.services.storage.tokens.exchange(
            TokenExchange(
                trust: trust,
                grant: grant,
                digest: SHA256.hash("\(verified.claims.issuer)\n\(verified.identity)"),
                digestEndsAt: verified.endsAt
            ),
            for: token,
            hash: secret.hash,
            event: call.occasion.event,
            on: circumstances(of: token, grant, call)
        )
        return Self.answer(secret, grant, trust.spec.tokenTTL)
    }

    /// Who is noted as the one who did it: the run itself.
    private func circumstances(
        of token: AccessToken,
        _ grant: PipelineGrant,
        _ call: Invocation
    ) -> Call {
        Call(
            access: token.tenant.map { .pipeline($0.id, grant) } ?? .system,
            token: nil,
            actor: token.name,
            operation: call.endpoint.operation,
            peer: call.request.peer,
            requestID: call.identity.id,
            at: call.now,
            traceparent: call.identity.traceparent
        )
    }

    /// RFC 8693 §2.2.1; nobody keeps a copy (RFC 6749 §5.1).
    private static func answer(
        _ secret: Token,
        _ grant: PipelineGrant,
        _ lifetime: Duration
    ) -> Answer {
        var writer = JSONWriter(reserving: 512)
        writer.object { writer in
            writer.member("access_token", secret.revealedText())
            writer.member("issued_token_type", ExchangeRequest.accessToken)
            writer.member("token_type", "Bearer")
            writer.member("expires_in", lifetime.components.seconds)
            writer.member(
                "scope",
                grant.permissions.map(\.rawValue).sorted().joined(separator: " ")
            )
        }
        var answer = Answer.json(.ok, writer.finish())
        answer.isSecret = true
        return answer
    }
}
