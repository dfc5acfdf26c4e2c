package import Domain
package import HTTP

/// What the conventions need to know of an operation: where it is, who may call it, and which of
/// the conventions' inputs it takes.
///
/// Everything that all operations share follows from it.
package struct Endpoint: Sendable {
    /// Who may call.
    package enum Audience: Sendable, Hashable {
        /// Anybody, without a token.
        case everybody
        /// Whoever shows a token.
        case anyRole
        /// Whoever has this permission.
        case permitted(Permission)
    }

    /// What the request carries.
    package enum Body: Sendable, Hashable {
        /// Nothing that is read.
        case none
        /// A JSON document.
        case json
        /// A JSON merge patch (RFC 7396).
        case mergePatch
        /// Bytes of one media type, read as they come.
        case stream(contentType: String)
    }

    /// A convention that an operation takes part in.
    package enum Convention: Sendable, Hashable {
        /// It changes something: it takes `Idempotency-Key`, and its refusals are audited.
        case changes
        /// It changes something without an idempotency key; its refusals are audited.
        case audited
        /// It makes something new: storing it is what finds out about a repeated call.
        case creates
        /// It takes `If-Match` and, with `PUT`, `If-None-Match`.
        case conditional
        /// Its work goes on after the answer: it takes `Prefer`.
        case waits
        /// It takes `dryRun`.
        case plans
        /// Its callers are not counted: probes must get through.
        case unlimited
        /// The token may come as the password of Basic authentication, as `git` sends it.
        case passwords
        /// It takes tokens away: what is remembered of them is forgotten.
        case revokes
    }

    /// The `operationId` of openapi.yaml.
    package let operation: String
    /// The method that it answers.
    package let method: Method
    /// Its path, with `{name}` for parameters.
    package let path: String
    /// Who may call it.
    package let audience: Audience
    /// What its request carries.
    package let body: Body
    /// Which conventions it takes part in.
    package let conventions: Set<Convention>
    /// The query parameters of its own.
    private let parameters: [String]

    init(
        _ operation: String,
        _ method: Method,
        _ path: String,
        for audience: Audience,
        parameters: [String] = [],
        body: Body = .none,
        _ conventions: Set<Convention> = []
    ) {
        self.operation = operation
        self.method = method
        self.path = path
        self.audience = audience
        self.parameters = parameters
        self.body = body
        self.conventions = conventions
    }

    /// Every query parameter that is known.
    package var query: [String] {
        conventions.contains(.plans) ? parameters + ["dryRun"] : parameters
    }

    /// Whether a caller of this role may call at all.
    package func admits(_ role: Role) -> Bool {
        switch audience {
        case .everybody, .anyRole: true
        case .permitted(let permission): role.permissions.contains(permission)
        }
    }

    /// Whether refused tries are written into the audit log.
    var isAudited: Bool { conventions.contains(.changes) || conventions.contains(.audited) }

    /// Whether a token is needed.
    package var needsToken: Bool { audience != .everybody }
}

extension Endpoint {
    /// An operation that reads one resource or a part of it.
    static func reading(
        _ operation: String,
        _ path: String,
        _ permission: Permission,
        parameters: [String] = []
    ) -> Endpoint {
        Endpoint(operation, .get, path, for: .permitted(permission), parameters: parameters)
    }

    /// An operation that reads a page of a list.
    static func listing(
        _ operation: String,
        _ path: String,
        _ permission: Permission,
        filters: [String]
    ) -> Endpoint {
        Endpoint(
            operation,
            .get,
            path,
            for: .permitted(permission),
            parameters: ["limit", "cursor"] + filters
        )
    }
}
