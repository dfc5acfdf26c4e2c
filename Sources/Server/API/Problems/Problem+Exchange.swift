import Domain
import Storage

extension Problem {
    /// The words of RFC 6749 §5.2 and RFC 8693 §2.2.2 for what is wrong with an exchange.
    enum ExchangeError: String {
        case invalidRequest = "invalid_request"
        case invalidGrant = "invalid_grant"
        case invalidScope = "invalid_scope"
        case invalidTarget = "invalid_target"
        case unsupportedGrantType = "unsupported_grant_type"
    }

    /// A problem that clients of OAuth read as well.
    static func exchange(_ error: ExchangeError, _ detail: String) -> Problem {
        var problem = Problem(error == .invalidGrant ? .tokenRefused : .invalidExchange, detail)
        problem.exchangeError = error.rawValue
        return problem
    }

    /// Why a token of an issuer is not taken.
    init(_ fault: VerificationFault) {
        switch fault {
        case .refused(let detail): self = .exchange(.invalidGrant, detail)
        case .unavailable(let detail, let seconds):
            self.init(.issuerUnreachable, detail, retryAfter: seconds)
        }
    }

    /// What Storage refused of a trust or an exchange.
    init(trusting fault: StorageFault) {
        switch fault {
        case .trustsExhausted:
            self.init(
                .quotaExceeded,
                "There are \(Trust.countMax) trusts already, as many as may be. Delete one."
            )
        case .tokensExhausted:
            self.init(
                .rateLimited,
                "\(Trust.tokensMax) tokens of this trust work at once already. Wait until some "
                    + "have ended.",
                retryAfter: 60
            )
        case .alreadyExchanged:
            self = .exchange(
                .invalidGrant,
                "The subject token was exchanged before; each works once. Request a new one from "
                    + "the issuer, or run the job again."
            )
        default: self = .internalError
        }
    }

    /// The same whether there is no such tenant, none of its trusts is for that issuer, or none
    /// takes the run: what is told is what the caller's own token says.
    static func untrusted(_ run: PipelineClaims, by tenant: TenantName) -> Problem {
        func said(_ name: String, _ value: String?) -> String {
            value.map { " \(name) `\($0.prefix(200))`," } ?? ""
        }
        let run =
            said("issuer", run.issuer)
            + said("audience", run.audiences.first) + said("repository", run.repository)
            + said("repository id", run.repositoryID) + said("ref", run.ref)
            + said("event", run.event) + said("environment", run["environment"])
            + said("sub", run["sub"])
        return .exchange(
            .invalidGrant,
            "No trust of the tenant `\(tenant)` takes this run:\(run.dropLast()). Ask a "
                + "tenant-admin to compare this with GET /v1/tenants/\(tenant)/trusts."
        )
    }
}
