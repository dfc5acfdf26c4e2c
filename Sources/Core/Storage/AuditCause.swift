import Domain
import Postgres

/// Who is named for a change in the audit log and, where nobody called for the change itself, for
/// the sake of what it was.
struct AuditCause: Sendable {
    /// What the change follows from; nil for what was called for itself.
    private let object: ObjectReference?
    private let token: TokenID?
    private let actor: String
    private let peer: String
    private let requestID: String

    /// A call about that object brings it with it.
    init(_ object: ObjectReference, by call: Call) {
        self.init(following: object, call)
    }

    /// Somebody called for the change itself.
    init(by call: Call) {
        self.init(following: nil, call)
    }

    private init(following object: ObjectReference?, _ call: Call) {
        self.object = object
        token = call.token
        actor = call.actor
        peer = call.peer
        requestID = call.requestID
    }

    /// It comes by itself with that object, when time or a job has come so far.
    init(_ object: ObjectReference) {
        self.object = object
        token = nil
        actor = "system"
        peer = "local"
        requestID = "job"
    }

    /// The same for what follows from another object, which itself follows from this one.
    func passed(to object: ObjectReference) -> AuditCause {
        AuditCause(object, like: self)
    }

    private init(_ object: ObjectReference, like other: AuditCause) {
        self.object = object
        token = other.token
        actor = other.actor
        peer = other.peer
        requestID = other.requestID
    }

    /// The entry of a change, under the name of the call that would have made it alone; once for
    /// each row of a relation that the statement around it names.
    func entry(
        of operation: String,
        on changed: ObjectReference,
        of tenant: TenantID?,
        at now: Domain.Instant,
        from source: StaticString = "(VALUES (1)) AS one"
    ) -> SQL {
        """
        INSERT INTO audit (
            at, token_id, actor, operation, object_kind, object_id, object_name, tenant_id,
            result, peer, request_id, cause_kind, cause_id, cause_name)
        SELECT \(now), \(token), \(actor), \(operation), \(changed.kind.rawValue), \(changed.id),
               \(changed.name), \(tenant), 'allowed', \(peer), \(requestID),
               \(object?.kind.rawValue), \(object?.id), \(object?.name)
          FROM \(unsafeSQL: source.description)
        """
    }
}
