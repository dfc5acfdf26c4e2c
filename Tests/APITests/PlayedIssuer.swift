import Domain
import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension APIFederation {
    /// The issuer that Platform's trusts name.
    static let issuer = "https://token.actions.githubusercontent.com"

    /// An issuer without keys: whatever a token says in plain JSON is believed.
    ///
    /// Any other text is the run of a pull request. Signatures are tested with the targets that
    /// check them.
    static let played = APIFederation(issuers: [issuer, "https://gitlab.com"]) { text in
        let usual: JSONObject = [
            "repository": "acme/shop", "ref": "refs/pull/7/merge", "event_name": "pull_request",
            "run_id": "4711",
        ]
        // Anything else is the usual run.
        let claims = (try? JSON.parse(Array(text.utf8)))?.object ?? usual
        return VerifiedToken(
            claims: PipelineClaims(
                issuer: claims["iss"]?.string ?? issuer,
                audiences: [claims["aud"]?.string ?? "https://slipway.example"],
                all: claims
            ),
            identity: claims["jti"]?.string ?? text,
            endsAt: Instant(microseconds: 4_000_000_000_000_000)
        )
    }
}

extension Platform {
    /// A trust in the pull requests of acme/shop.
    func plantTrust(of tenant: String, _ more: String = "") async throws {
        let made = try await send(
            .post,
            "/v1/tenants/\(tenant)/trusts",
            json: """
                {"name":"shop-ci","spec":{"issuer":"\(APIFederation.issuer)",\
                "repository":"acme/shop"\(more)}}
                """
        )
        #expect(made.status == 201, "\(made.text)")
    }

    /// Exchanges a token of the played issuer.
    func exchange(
        _ subject: String,
        for tenant: String = "acme",
        _ more: String = ""
    ) async throws -> Reply {
        try await send(
            .post,
            "/v1/token-exchange",
            as: nil,
            json: Self.form([
                ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
                ("subject_token", subject),
                ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
                ("resource", "https://slipway.example/v1/tenants/\(tenant)"),
            ]) + more,
            [(.contentType, "application/x-www-form-urlencoded")]
        )
    }

    /// Tokens end by the database's clock, which is not the test's.
    func letTokensLive() throws {
        try database.run(
            "UPDATE access_token SET expires_at = now() + interval '1 h' WHERE trust_id IS NOT NULL"
        )
    }

    /// A form as browsers and curl send it.
    static func form(_ members: [(String, String)]) -> String {
        members.map { "\($0.0)=\(Query.encode($0.1))" }.joined(separator: "&")
    }
}
