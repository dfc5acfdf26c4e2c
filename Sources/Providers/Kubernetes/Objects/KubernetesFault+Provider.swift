package import Contract

extension KubernetesFault {
    /// How long jobs wait before they try refused credentials again: they are renewed by people
    /// or controllers, not by haste.
    static let credentialDelay = Duration.seconds(60)

    /// The same for the job engine, by who acts next.
    package var providerFault: ProviderFault {
        switch self {
        case .cancelled: .cancelled
        case .busy: .busy(reason: description)
        case .throttled(let delay): .transient(retryAfter: delay, reason: description)
        case .unavailable(let delay, _): .transient(retryAfter: delay, reason: description)
        case .unreachable, .interrupted, .modified, .expired, .terminating, .precondition,
            .notFound, .alreadyExists:
            .transient(reason: description)
        case .unauthorized, .untrusted:
            .transient(
                retryAfter: Self.credentialDelay,
                reason: "\(description); renew the cluster's credentials"
            )
        case .forbidden(let verb, let resource, _):
            .refused(reason: "\(description); grant `\(verb)` on `\(resource)` and try again")
        case .owned:
            .refused(
                reason: "\(description); let them go there, or leave the fields out here"
            )
        case .noSuchKind:
            .refused(reason: "\(description); install what brings it and try again")
        case .invalid, .denied, .versionNotServed, .tooLarge, .malformed, .unexpected:
            .refused(reason: description)
        }
    }
}
