import Domain
import HTTP
import JSON
import Secrets
import Storage

/// A new token, whose secret is shown in this answer and never again.
struct CreateToken: Operation {
    static let endpoint = Endpoint(
        "createToken",
        .post,
        "/v1/tokens",
        for: .permitted(.manageTokens),
        body: .json,
        [.changes, .creates, .plans]
    )

    private let wish: TokenWish
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        isDryRun = try inputs.isDryRun()
        let now = inputs.call.now
        wish = try inputs.read { TokenWish(&$0, at: now) }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let secret = Token.generate(wish.role == .ci ? .service : .person)
        let token = try await token(call, secret)
        if isDryRun {
            let resource = TokenView.bytes(new: token, secret: nil, at: call.now)
            return Plan(
                action: .create,
                resource: resource,
                before: .null,
                after: try token.wish(),
                job: nil
            ).answer(call)
        }
        return try await store(token, secret, call)
    }

    private func token(_ call: Invocation, _ secret: Token) async throws -> AccessToken {
        var tenant: TenantReference?
        if let name = wish.tenant {
            let found = try await call.services.storage.tenants.find(name, as: call.access)
            guard let found else { throw TokenWish.unknownTenant }
            tenant = TenantReference(id: found.id, name: found.name)
        } else if case .tenant = call.access {
            throw TokenWish.ownTenantOnly
        }
        var random = SecureRandom()
        return AccessToken(
            id: TokenID(at: call.now, using: &random),
            name: wish.name,
            labels: wish.labels,
            prefix: secret.hint,
            role: wish.role,
            tenant: tenant,
            groups: wish.groups,
            createdAt: call.now,
            createdBy: call.caller?.name ?? "system",
            expiresAt: wish.expiresAt
        )
    }

    /// What is kept for a repeated call has no secret in it.
    private func store(
        _ token: AccessToken,
        _ secret: Token,
        _ call: Invocation
    ) async throws -> Answer {
        let change = Change(
            effect: .created(at: "/v1/tokens/\(token.id)"),
            resource: TokenView.bytes(new: token, secret: nil, at: call.now),
            revision: token.revision,
            job: nil
        )
        var isNew = false
        var answer = try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                let outcome = try await call.services.storage.tokens.create(
                    token,
                    hash: secret.hash,
                    event: call.occasion.event,
                    for: circumstances
                )
                isNew = outcome == .written
                return outcome
            },
            current: { nil }
        )
        if isNew {
            answer.body = .bytes(TokenView.bytes(new: token, secret: secret, at: call.now))
        }
        answer.isSecret = true
        return answer
    }
}

/// What a caller wants of a new token, read from a body.
struct TokenWish: Sendable {
    let name: String
    let labels: Labels
    let role: Role
    let tenant: TenantName?
    let groups: [GroupName]
    let expiresAt: Domain.Instant

    init?(_ reader: inout ObjectReader, at now: Domain.Instant) {
        let name = reader.required("name", Reading.text(1...AccessToken.nameLengthMax))
        let labels = reader.labels()
        let latest = now.advanced(by: AccessToken.lifetimeMax)
        let spec = reader.object("spec", isRequired: true) { reader in
            let role = reader.required("role", Reading.choice(Role.self))
            let tenant: TenantName? = reader.optional("tenant", orNull: true, Reading.name)
            let groups: [GroupName] = reader.groups(countMax: AccessToken.groupsMax)
            let end = reader.optional("expiresAt", orNull: true) { value throws(ReadingFault) in
                try Self.end(value, from: now, to: latest)
            }
            if let role { Self.check(role, tenant, &reader) }
            return role.map { ($0, tenant, groups, end) }
        }
        guard let name, let (role, tenant, groups, end) = spec else { return nil }
        self.name = name
        self.labels = labels ?? Labels()
        self.role = role
        self.tenant = tenant
        self.groups = groups
        expiresAt = end ?? now.advanced(by: AccessToken.lifetimeDefault)
    }

    private static func end(
        _ value: JSON,
        from now: Domain.Instant,
        to latest: Domain.Instant
    ) throws(ReadingFault) -> Domain.Instant {
        let end = try Reading.instant(value)
        guard end > now, end <= latest else {
            throw ReadingFault("out-of-range", "Expected a moment within the next 366 days.")
        }
        return end
    }

    private static func check(_ role: Role, _ tenant: TenantName?, _ reader: inout ObjectReader) {
        let isGiven = reader.has("tenant") && tenant != nil
        if role.isTenantRole, !isGiven {
            reader.refuse("tenant", "missing", "The role `\(role.rawValue)` needs a tenant.")
        }
        if !role.isTenantRole, isGiven {
            reader.refuse(
                "tenant",
                "not-allowed",
                "The role `\(role.rawValue)` holds for the platform."
            )
        }
    }

    static let unknownTenant = Problem(invalidSpec: "tenant", "unknown", "There is no such tenant.")
    static let ownTenantOnly = Problem(
        invalidSpec: "role",
        "not-allowed",
        "You can only give roles in your own tenant."
    )
}

extension ObjectReader {
    /// The names of groups in member `groups`, each once; none where it is left out.
    mutating func groups(countMax: Int) -> [GroupName] {
        let groups: [GroupName] = array("groups", countMax: countMax, Reading.name) ?? []
        if Set(groups).count < groups.count {
            refuse("groups", "repeated", "Name each group once.")
        }
        return groups
    }
}
