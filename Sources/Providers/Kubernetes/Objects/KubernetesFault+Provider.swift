package import Contract

extension KubernetesFault {
    /// How long jobs wait before they try again what people or controllers must change first, such
    /// as refused credentials: haste changes nothing.
    static let repairDelay = Duration.seconds(5)
    /// How long jobs wait before they try an API server again that is away.
    static let awayDelay = Duration.seconds(3)

    /// The same for the job engine, by who acts next.
    package var providerFault: ProviderFault {
        switch self {
        case .cancelled: .cancelled
        case .busy: .busy(reason: description)
        case .throttled(let delay): away(delay, "whoever else keeps that API server busy")
        case .unavailable(let delay, _): away(delay, "whoever runs what failed there")
        case .unreachable, .interrupted:
            away(nil, "whoever runs that API server, or the network to it")
        case .unauthorized, .untrusted:
            away(Self.repairDelay, "whoever renews the kubeconfig that Slipway was given")
        case .modified, .expired, .terminating, .precondition, .notFound, .alreadyExists:
            .transient(reason: description)
        case .forbidden(let verb, let resource, _):
            .refused(reason: "\(description); grant `\(verb)` on `\(resource)` and try again")
        case .owned:
            .refused(
                reason: "\(description); let them go there, or leave the fields out here"
            )
        case .noSuchKind, .versionNotServed:
            away(Self.repairDelay, "whoever installs what brings that kind")
        case .invalid, .denied, .tooLarge, .malformed, .unexpected:
            .refused(reason: description)
        }
    }

    /// What others must bring back first: jobs wait for it, however long that takes.
    private func away(_ delay: Duration?, _ releasedBy: String) -> ProviderFault {
        .away(
            reason: description,
            releasedBy: releasedBy,
            retryAfter: delay ?? Self.awayDelay
        )
    }
}
