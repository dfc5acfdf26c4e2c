import Domain
import HTTP

/// What a token exchange asks for (RFC 8693 §2.1), read from its form.
struct ExchangeRequest {
    static let grantType = "urn:ietf:params:oauth:grant-type:token-exchange"
    static let accessToken = "urn:ietf:params:oauth:token-type:access_token"
    private static let subjectTypes = [
        "urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token",
    ]
    /// What is read; anything else is passed over, as RFC 6749 §3.2 asks.
    private static let members = [
        "grant_type", "subject_token", "subject_token_type", "requested_token_type", "resource",
        "audience", "scope", "actor_token",
    ]
    private static let collection = "/v1/tenants/"

    let subject: String
    let tenant: TenantName
    /// What the token is to be allowed; everything that the trust gives, unless said otherwise.
    let permissions: Set<Permission>

    init(_ bytes: [UInt8]) throws(Problem) {
        let form = try Self.form(bytes)
        guard form["grant_type"] == Self.grantType else {
            throw .exchange(.unsupportedGrantType, "Send `grant_type=\(Self.grantType)`.")
        }
        guard let subject = form["subject_token"], !subject.isEmpty else {
            throw .exchange(.invalidRequest, "Send the issuer's token as `subject_token`.")
        }
        guard let type = form["subject_token_type"], Self.subjectTypes.contains(type) else {
            let types = Self.subjectTypes.joined(separator: " or ")
            throw .exchange(.invalidRequest, "Send `subject_token_type` as \(types).")
        }
        guard form["requested_token_type"] ?? Self.accessToken == Self.accessToken else {
            throw .exchange(.invalidRequest, "Only access tokens are given out.")
        }
        guard form["actor_token"] == nil else {
            throw .exchange(.invalidRequest, "Nobody acts for another here: no `actor_token`.")
        }
        self.subject = subject
        tenant = try Self.tenant(form["resource"] ?? form["audience"])
        permissions = try Self.permissions(form["scope"])
    }

    private static func form(_ bytes: [UInt8]) throws(Problem) -> Query {
        do throws(Problem) {
            return try Query(
                parsing: String(decoding: bytes, as: UTF8.self),
                known: members,
                ignoringOthers: true
            )
        } catch {
            let detail = error.faults.first?.detail ?? error.detail
            throw .exchange(.invalidRequest, "The form cannot be read: \(detail)")
        }
    }

    /// The tenant's address, or the path of it.
    private static func tenant(_ text: String?) throws(Problem) -> TenantName {
        let place = text?.firstRange(of: collection)
        let name = place.flatMap { text?[$0.upperBound...] }
        // What is no name is answered as what is missing.
        guard let name, let tenant = try? TenantName(parsing: String(name)) else {
            throw .exchange(
                .invalidTarget,
                "Name the tenant by its address, as in `resource=\(collection)acme`."
            )
        }
        return tenant
    }

    private static func permissions(_ scope: String?) throws(Problem) -> Set<Permission> {
        let most = PipelineGrant.permissionsMost
        guard let scope else { return most }
        var wanted: Set<Permission> = []
        for word in scope.split(separator: " ") {
            guard let permission = Permission(rawValue: String(word)), most.contains(permission)
            else {
                let known = most.map(\.rawValue).sorted().joined(separator: " ")
                throw .exchange(.invalidScope, "A `scope` may hold \(known); or leave it out.")
            }
            wanted.insert(permission)
        }
        return wanted.isEmpty ? most : wanted
    }
}
