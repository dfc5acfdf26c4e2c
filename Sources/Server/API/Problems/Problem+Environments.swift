import Domain
import JSON

extension Problem {
    /// Why a wish about an environment is refused.
    init(_ refusal: EnvironmentRefusal) {
        switch refusal {
        case .isProtected:
            self.init(.deleteProtected, "Set `spec.deleteProtection` to false first.")
        case .invalid(let faults):
            self.init(invalid: faults.map(Fault.init))
        case .overQuota(let standings): self.init(beyond: standings)
        case .isNeeded(let others):
            self = .inUse(
                "Others depend on the environment",
                others.map(\.text),
                remedy: "Let them go or sleep first, or depend on something else."
            )
        case .keepsServices(let services):
            self = .inUse(
                "Services of the environment are protected",
                services.map(\.text),
                remedy: "Set their `spec.deleteProtection` to false first."
            )
        case .isCompanion(let owner):
            self = .inUse(
                "It is a companion of an environment, which alone decides on it",
                [owner.text],
                remedy: "Change the `spec.dependencies` there."
            )
        case .companion(let index, let refusal):
            self = Problem(refusal).moved(toCompanionAt: index)
        case .isFrozen, .isLocked, .isNotHeld, .needsNoApproval, .mayNotApprove, .isOwnRollOut,
            .isNotSteered, .isNotWatched, .isHeldBack, .isApplied, .isStale:
            self.init(.stateConflict, Self.hurdle(in: refusal))
        case .beyondTrust(let detail): self.init(.beyondTrust, detail)
        default: self.init(.stateConflict, Self.detail(of: refusal))
        }
    }

    /// The problem of a companion as one of the order of the environment: at its dependency.
    func moved(toCompanionAt index: Int) -> Problem {
        let own: Set<String> = ["name", "version"]
        let place = ["spec", "dependencies", "\(index)"]
        var moved = Problem(
            kind,
            kind == .invalidInput ? detail : "The dependency \(index): \(detail)",
            faults: faults.map { fault in
                guard case .body(let pointer) = fault.place else { return fault }
                let isOwn = pointer.tokens.count <= 2
                let member = pointer.tokens.last.flatMap { isOwn && own.contains($0) ? $0 : nil }
                let body = JSONPointer(place + [member ?? "service"])
                return Fault(.body(body), code: fault.code, detail: fault.detail)
            }
        )
        moved.retryAfter = retryAfter
        return moved
    }

    private static func detail(of refusal: EnvironmentRefusal) -> String {
        switch refusal {
        case .isDeleting:
            "The environment is being deleted; nothing about it changes any more. Ask for it "
                + "anew once it is gone."
        case .tenantIsDeleting: "The tenant is being deleted; it gets no more environments."
        case .isGoverned:
            "Approvals or a freeze are set for it (`spec.approvals`, `spec.freeze`), so that its "
                + "end is for admins of the tenant and of the platform. Ask one of them."
        case .hasGuests(let guests):
            "The cluster that was made for it goes with it, and these environments live there: "
                + "\(guests.map(\.text).joined(separator: ", ")). Delete them first."
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
        default: ""
        }
    }

    /// What keeps a roll-out from beginning or going on, and what to do about it.
    private static func hurdle(in refusal: EnvironmentRefusal) -> String {
        switch refusal {
        case .isFrozen(let reason, let until):
            "Nothing is rolled out now: \(reason)\(ending(until)). Send it again then."
        case .isLocked(let lock):
            "\(lock.by) has locked the environment until \(lock.until): \(lock.reason). Unlock it "
                + "first."
        case .isNotHeld:
            "Nothing holds this roll-out: it has begun, or it is over. Its record says which."
        case .needsNoApproval:
            "Nobody need approve roll-outs of this environment; its record says what it waits for."
        case .mayNotApprove(let others):
            "You may not approve it; these may: \(others.joined(separator: ", "))."
        case .isOwnRollOut:
            "Who asked for a roll-out does not approve it here (`spec.approvals.fourEyes`). Ask "
                + "somebody else."
        case .isNotSteered:
            "This roll-out is not under way, or takes over all at once: there is nothing to steer."
        case .isHeldBack(let pause):
            "\(pause.by) has paused the roll-out: \(pause.reason). Resume it first, or abort it."
        case .isApplied: "The plan has been applied; its `deployment` says what became of it."
        case .isStale(let moved):
            "The plan is stale, because this is not as it was: \(moved.joined(separator: "; ")). "
                + "Plan it anew."
        case .isNotWatched(let phase):
            "The roll-out is \(phase.rawValue) just now and cannot be steered. Look at it again "
                + "in a moment."
        default: ""
        }
    }

    private static func ending(_ until: Instant?) -> String {
        until.map { ", until \($0)" } ?? ""
    }

    private static func revision(of rollOut: RollOut) -> String {
        rollOut.content.source?.revision.map { " of \($0)" } ?? ""
    }
}
