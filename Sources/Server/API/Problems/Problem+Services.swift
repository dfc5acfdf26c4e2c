import Domain

extension Problem {
    /// Why a wish about a service or a binding is refused.
    init(_ refusal: ServiceRefusal) {
        switch refusal {
        case .isProtected:
            self.init(.deleteProtected, "Set `spec.deleteProtection` to false first.")
        case .invalid(let faults):
            self.init(invalid: faults.map(Fault.init))
        case .overQuota(let standings): self.init(beyond: standings)
        case .isBound(let bindings):
            self = .inUse(
                "Bindings depend on the service",
                bindings.map(\.text),
                remedy: "Revoke them first, or delete with `bindings=wait` or `bindings=revoke`."
            )
        case .isNeeded(let environment):
            self = .inUse(
                "An environment depends on the service, which was ordered with it",
                [environment.text],
                remedy: "Take it out of the `spec.dependencies` there."
            )
        case .secretTaken(let holder): self.init(taking: holder)
        default: self.init(.stateConflict, Self.detail(of: refusal))
        }
    }

    /// A Secret has one binding.
    private init(taking holder: SecretHolder) {
        let remedy =
            holder.isRevoking
            ? "It is being revoked; ask again once it is gone, or name another Secret in "
                + "`spec.secret`."
            : "Name another one in `spec.secret`, or revoke that binding first."
        self.init(
            .secretTaken,
            "The consumer has the Secret \(holder.secret) through the binding \(holder.binding) of "
                + "service \(holder.service). \(remedy)"
        )
    }

    private static func detail(of refusal: ServiceRefusal) -> String {
        switch refusal {
        case .isDeleting:
            "It is on its way out; nothing about it changes any more. Ask for it anew once it is "
                + "gone."
        case .tenantIsDeleting: "The tenant is being deleted; it gets no more services."
        case .isPaused:
            "The service is paused: what is there stays as it is. Set `spec.paused` to false first."
        case .cannotBeBound(let offering): "Services of \(offering) cannot be bound."
        case .tooManyBindings(let limit): "A service has at most \(limit) bindings. Revoke one."
        case .tooManyCredentials(let limit):
            "\(limit) credentials wait for their end already; `status.retiring` says when. Ask "
                + "again then."
        case .hasNothingNewer(let why): why
        default: ""
        }
    }
}
