import Domain
import EventLoop
import HTTP
import Routing
import Secrets

/// One authenticated, admitted request on its way through an operation.
final class Invocation: Sendable {
    let services: APIServices
    let request: Request
    let endpoint: Endpoint
    let path: PathValues
    let query: Query
    let identity: RequestIdentity
    /// Who calls; nil on operations for everybody.
    let caller: Principal?
    /// The name of the caller's token; empty on operations for everybody.
    var callerName: String { caller?.name ?? "" }
    let preferences: Preferences
    let conditions: Conditions
    let idempotencyKey: IdempotencyKey?
    /// What makes a repeated call the same one: SHA-256 of method, target and body; empty where
    /// the call has no idempotency key.
    let fingerprint: [UInt8]

    /// What `If-Match` and `If-None-Match` ask.
    struct Conditions: Sendable, Hashable {
        var match: EntityTagCondition?
        var noneMatch: EntityTagCondition?
    }

    init(
        services: APIServices,
        request: Request,
        endpoint: Endpoint,
        path: PathValues,
        identity: RequestIdentity,
        caller: Principal?,
        bytes: [UInt8]
    ) throws(Problem) {
        self.services = services
        self.request = request
        self.endpoint = endpoint
        self.path = path
        self.identity = identity
        self.caller = caller
        if let text = request.query {
            let isPortal = endpoint.conventions.contains(.portal)
            let isBroker = endpoint.conventions.contains(.broker)
            query = try Query(
                parsing: text,
                known: endpoint.query,
                ignoringOthers: isPortal || isBroker,
                repeating: isPortal
            )
        } else {
            query = .none
        }
        let headers = request.headers
        conditions = Conditions(
            match: try Self.condition("If-Match", .ifMatch, headers),
            noneMatch: try Self.condition("If-None-Match", .ifNoneMatch, headers)
        )
        let conventions = endpoint.conventions
        preferences =
            conventions.contains(.waits)
            ? Preferences(parsing: headers.values(of: .prefer)) : .none
        let key = conventions.contains(.changes) ? try IdempotencyKey.read(headers) : nil
        idempotencyKey = key
        fingerprint = key == nil ? [] : Self.fingerprint(request, bytes)
    }

    /// What Slipway itself does in the name of somebody who asked for it before.
    convenience init(of services: APIServices, on actor: String) throws {
        guard
            let caller = Principal(
                token: TokenID(high: 0, low: 0),
                name: actor,
                role: .platformAdmin,
                tenant: nil,
                expiresAt: nil
            )
        else { preconditionFailure("a role on the platform is of no tenant") }
        let request = try Request(.post, "/")
        try self.init(
            services: services,
            request: request,
            endpoint: ReplaceEnvironment.endpoint,
            path: .none,
            identity: RequestIdentity(of: request.headers, issuer: RequestIDIssuer(seed: 0)),
            caller: caller,
            bytes: []
        )
    }

    private static func fingerprint(_ request: Request, _ bytes: [UInt8]) -> [UInt8] {
        let target = "\(request.method.name) \(request.path)?\(request.query ?? "")\n"
        return SHA256.hash(Array(target.utf8) + bytes)
    }

    private static func condition(
        _ field: String,
        _ name: HeaderName,
        _ headers: HeaderFields
    ) throws(Problem) -> EntityTagCondition? {
        guard headers.contains(name) else { return nil }
        guard let condition = EntityTagCondition(parsing: headers.values(of: name)) else {
            throw .invalidHeader(
                field,
                "invalid-value",
                "Send `*` or up to \(EntityTagCondition.tagsMax) ETags as the server gave them, "
                    + "in double quotes with commas between."
            )
        }
        return condition
    }

    /// What the caller may see and do.
    var access: Access {
        guard let caller else { preconditionFailure("an open operation asked who calls") }
        return caller.access
    }

    /// Whose shares the call takes from.
    var tokenID: TokenID {
        guard let caller else { preconditionFailure("an open operation asked who calls") }
        return caller.token
    }

    /// The moment by the wall clock.
    var now: Domain.Instant { services.clock() }
}
