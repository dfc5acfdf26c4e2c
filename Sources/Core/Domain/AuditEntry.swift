/// One line of the audit log: who did what to which object, from where, with which result.
package struct AuditEntry: Sendable, Equatable {
    /// How a call ended.
    package enum Result: String, Sendable, CaseIterable {
        /// The call was accepted and its effect written.
        case allowed
        /// The caller may not do this, or may not see the object.
        case denied
        /// The caller may, but the state of things or the input did not allow it.
        case refused
    }

    /// The position in the log.
    package var id: Int64
    /// When the call was decided on.
    package var at: Instant
    /// The token that was shown; nil for calls without a valid one and for Slipway itself.
    package var token: TokenID?
    /// The name of the principal, `anonymous` or `system`.
    package var actor: String
    /// The operation id of the API, or the command.
    package var operation: String
    /// What the call was about, or what followed from it.
    package var object: ObjectReference
    /// What it follows from, such as the environment that a service was ordered with; nil for what
    /// was called for itself.
    package var cause: ObjectReference?
    /// The tenant whose administrators may read the entry.
    package var tenant: TenantID?
    /// How the call ended.
    package var result: Result
    /// The stable code of the refusal; nil where the call was allowed.
    package var code: String?
    /// The address of the caller.
    package var peer: String
    /// The id of the request, also in the logs.
    package var requestID: String

    /// An entry of these parts.
    package init(
        id: Int64,
        at: Instant,
        token: TokenID?,
        actor: String,
        operation: String,
        object: ObjectReference,
        cause: ObjectReference? = nil,
        tenant: TenantID?,
        result: Result,
        code: String?,
        peer: String,
        requestID: String
    ) {
        self.id = id
        self.at = at
        self.token = token
        self.actor = actor
        self.operation = operation
        self.object = object
        self.cause = cause
        self.tenant = tenant
        self.result = result
        self.code = code
        self.peer = peer
        self.requestID = requestID
    }
}
