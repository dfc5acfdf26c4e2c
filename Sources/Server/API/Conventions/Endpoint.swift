package import Domain
package import HTTP

/// What the conventions need to know of an operation: where it is, who may call it, and which of
/// the conventions' inputs it takes.
///
/// Everything that all operations share follows from it.
package final class Endpoint: Sendable {
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
        /// A form, as OAuth uses them.
        case form
        /// Bytes of one of these media types, as they were sent; what proves them is within.
        case raw(contentTypes: [String], bytesMax: Int)
        /// Bytes of one media type, read as they come.
        case stream(contentType: String)
    }

    /// The conventions that an operation takes part in.
    package struct Conventions: OptionSet, Sendable, Hashable {
        package let rawValue: UInt16

        package init(rawValue: UInt16) {
            self.rawValue = rawValue
        }

        /// It changes something: it takes `Idempotency-Key`, and its refusals are audited.
        package static let changes = Conventions(rawValue: 1)
        /// It changes something without an idempotency key; its refusals are audited.
        package static let audited = Conventions(rawValue: 2)
        /// It makes something new: storing it is what finds out about a repeated call.
        package static let creates = Conventions(rawValue: 4)
        /// It takes `If-Match` and, with `PUT`, `If-None-Match`.
        package static let conditional = Conventions(rawValue: 8)
        /// Its work goes on after the answer: it takes `Prefer`.
        package static let waits = Conventions(rawValue: 16)
        /// It takes `dryRun`.
        package static let plans = Conventions(rawValue: 32)
        /// Its callers are not counted: probes must get through.
        package static let unlimited = Conventions(rawValue: 64)
        /// The token may come as the password of Basic authentication, as `git` sends it.
        package static let passwords = Conventions(rawValue: 128)
        /// It takes tokens away: what is remembered of them is forgotten.
        package static let revokes = Conventions(rawValue: 256)
        /// Its callers are forges, which are many people behind one address.
        package static let delivers = Conventions(rawValue: 512)
        /// Its callers are pipelines, which have no token yet.
        package static let exchanges = Conventions(rawValue: 1_024)
        /// It speaks as Backstage does: parameters may be repeated, unknown ones are passed over,
        /// and errors are in Backstage's form.
        package static let portal = Conventions(rawValue: 2_048)
        /// It speaks as Open Service Broker does: unknown parameters are passed over, and errors
        /// are in its form.
        package static let broker = Conventions(rawValue: 4_096)
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
    package let conventions: Conventions
    /// The query parameters of its own.
    private let parameters: [String]

    init(
        _ operation: String,
        _ method: Method,
        _ path: String,
        for audience: Audience,
        parameters: [String] = [],
        body: Body = .none,
        _ conventions: Conventions = []
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
        admits { role.permissions.contains($0) }
    }

    /// Whether a caller may call at all.
    func admits(_ caller: Principal) -> Bool {
        admits(caller.access.allows)
    }

    private func admits(_ allows: (Permission) -> Bool) -> Bool {
        switch audience {
        case .everybody, .anyRole: true
        case .permitted(let permission): allows(permission)
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
