/// Why an API server did not do what it was asked, by what can be done about it.
///
/// Reasons are the server's words, shortened and without control characters.
package enum KubernetesFault: Error, Equatable, Sendable {
    /// No connection came about, so nothing was done: the server may be away.
    case unreachable(reason: String)
    /// The answer was lost or late: what was asked may have been done.
    case interrupted(reason: String)
    /// The two sides do not trust each other's certificates.
    case untrusted(reason: String)
    /// The server has too much to do for now.
    case throttled(retryAfter: Duration)
    /// The server, or one that it depends on (a webhook, an aggregated API), failed in passing.
    case unavailable(retryAfter: Duration?, reason: String)
    /// The server does not know who asks: the token or certificate is wrong or has expired.
    case unauthorized(reason: String)
    /// Who asks may not do this to that resource.
    case forbidden(verb: String, resource: String, reason: String)
    /// The object, or the namespace or owner it needs, is not there.
    case notFound(reason: String)
    /// No such kind is installed.
    case noSuchKind(GroupKind)
    /// The kind is installed, but not in this version.
    case versionNotServed(GroupKind, version: String, served: [String])
    /// An object of this name is there already.
    case alreadyExists(reason: String)
    /// The object was changed meanwhile: read it again.
    case modified(reason: String)
    /// Other field managers own what was to be changed.
    case owned([FieldConflict])
    /// What the request counted on (another UID) is not so.
    case precondition(reason: String)
    /// The object is wrong as it stands.
    case invalid(reason: String, [FieldCause])
    /// A webhook, policy or quota said no.
    case denied(reason: String)
    /// The namespace or object is on its way out: nothing can be put in until it is gone.
    case terminating(reason: String)
    /// The state asked for is too old: list again.
    case expired(reason: String)
    /// Request or answer are larger than is taken.
    case tooLarge(reason: String)
    /// The answer is none that an API server gives, or the request cannot be sent.
    case malformed(reason: String)
    /// Anything else.
    case unexpected(status: Int, reason: String)
    /// As many requests as allowed are under way in this process.
    case busy
    /// The caller gave up.
    case cancelled
}

/// A field that another manager owns.
package struct FieldConflict: Sendable, Hashable {
    /// The field as the server writes it, such as `.spec.replicas`.
    package let field: String
    /// Who owns it, such as `kubectl-client-side-apply`.
    package let manager: String

    /// A field and its owner.
    package init(field: String, manager: String) {
        self.field = field
        self.manager = manager
    }
}

/// What is wrong with a field.
package struct FieldCause: Sendable, Hashable {
    /// The field as the server writes it, such as `spec.replicas`; may be empty.
    package let field: String
    /// One word for programs, such as `FieldValueInvalid`.
    package let reason: String
    /// A sentence for people.
    package let message: String

    /// What is wrong with which field.
    package init(field: String, reason: String, message: String) {
        self.field = field
        self.reason = reason
        self.message = message
    }
}

extension KubernetesFault {
    /// The same, with the server that it is about where it is about the server as a whole.
    func about(_ server: String?) -> KubernetesFault {
        guard let server else { return self }
        return switch self {
        case .unreachable(let reason): .unreachable(reason: "\(server): \(reason)")
        case .interrupted(let reason): .interrupted(reason: "\(server): \(reason)")
        case .untrusted(let reason): .untrusted(reason: "\(server): \(reason)")
        case .unauthorized(let reason): .unauthorized(reason: "\(server): \(reason)")
        case .unavailable(let delay, let reason):
            .unavailable(retryAfter: delay, reason: "\(server): \(reason)")
        default: self
        }
    }
}

extension KubernetesFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let reason): "the API server cannot be reached: \(reason)"
        case .interrupted(let reason): "the API server's answer was lost: \(reason)"
        case .untrusted(let reason): "the API server's certificate or ours is not taken: \(reason)"
        case .throttled(let delay):
            "the API server has too much to do; it asks to wait \(delay.components.seconds) s"
        case .unavailable(_, let reason): "the API server failed in passing: \(reason)"
        case .unauthorized(let reason):
            "the API server does not take our credentials: \(reason)"
        case .forbidden(let verb, let resource, let reason):
            "Slipway may not \(verb) \(resource): \(reason)"
        case .notFound(let reason): reason
        case .noSuchKind(let kind): "the cluster has no kind \(kind)"
        case .versionNotServed(let kind, let version, let served):
            "the cluster serves \(kind) as \(served.joined(separator: ", ")), not as \(version)"
        case .alreadyExists(let reason), .modified(let reason), .precondition(let reason),
            .denied(let reason), .terminating(let reason), .expired(let reason),
            .tooLarge(let reason), .malformed(let reason):
            reason
        case .owned(let conflicts): Self.words(conflicts)
        case .invalid(let reason, let causes): causes.isEmpty ? reason : Self.words(causes)
        case .unexpected(let status, let reason):
            "the API server answered with status \(status): \(reason)"
        case .busy: "too many requests to API servers are under way"
        case .cancelled: "the request was given up"
        }
    }

    private static func words(_ conflicts: [FieldConflict]) -> String {
        let fields = conflicts.map { "\($0.field) (\($0.manager))" }
        return "fields belong to other managers: \(fields.joined(separator: ", "))"
    }

    private static func words(_ causes: [FieldCause]) -> String {
        let words = causes.map { $0.field.isEmpty ? $0.message : "\($0.field): \($0.message)" }
        return "the API server refuses the object: \(words.joined(separator: "; "))"
    }
}
