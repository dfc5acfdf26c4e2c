import Domain

extension Problem {
    /// Why a wish about an environment is refused.
    init(_ refusal: EnvironmentRefusal) {
        switch refusal {
        case .isProtected:
            self.init(.deleteProtected, "Set `spec.deleteProtection` to false first.")
        case .invalid(let faults):
            self.init(
                .invalidInput,
                "Correct what `errors` lists and send the request again.",
                faults: faults.prefix(Self.faultsMax).map(Fault.init)
            )
        case .overQuota(let standings): self.init(beyond: standings)
        default: self.init(.stateConflict, Self.detail(of: refusal))
        }
    }

    private static func detail(of refusal: EnvironmentRefusal) -> String {
        switch refusal {
        case .isDeleting:
            "The environment is being deleted; nothing about it changes any more. Ask for it "
                + "anew once it is gone."
        case .tenantIsDeleting: "The tenant is being deleted; it gets no more environments."
        case .isPaused:
            "The environment is paused: what runs is left as it is. Set `spec.paused` to false "
                + "first."
        case .isRollingOut(let rollOut):
            "Roll-out \(rollOut.number)\(revision(of: rollOut)) is still under way, and "
                + "`spec.concurrency` is `reject`. Send it again when that is done."
        case .queueIsFull(let limit):
            "\(limit) roll-outs wait already. Send it again when one of them is done."
        case .hasNoEnd: "Nothing ends the environment, so that there is nothing to put off."
        case .staysToTheMost(let end):
            "The environment stays until \(end) already, which is as long as `lifetime.max` "
                + "allows."
        case .hasNothingLive(let name):
            "Nothing is live in \(name) yet. Wait until its first roll-out is done."
        case .isNotPinned(let images):
            "These images do not name their content: \(images.joined(separator: ", ")). Roll them "
                + "out with `@sha256:` and their digest, so that exactly that is promoted."
        case .isProtected, .invalid, .overQuota: ""
        }
    }

    private static func revision(of rollOut: RollOut) -> String {
        rollOut.content.source?.revision.map { " of \($0)" } ?? ""
    }
}
