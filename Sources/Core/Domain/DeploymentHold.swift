package import JSON

/// What keeps a roll-out from beginning, and who let it go on: a part of its record.
package struct DeploymentHold: Sendable, Hashable {
    /// One thing that it waits for.
    package struct Cause: Sendable, Hashable {
        /// What kind of thing.
        package enum Kind: String, Sendable, CaseIterable {
            case approval, freeze, lock, pause
        }

        /// What kind of thing.
        package var kind: Kind
        /// What it waits for, in words that follow "waiting for".
        package var on: String
        /// When that ends by itself; nil where it does not, or not in sight.
        package var until: Instant?
        /// Who can release it, in words.
        package var releasedBy: String
    }

    /// That somebody agreed.
    package struct Approval: Sendable, Hashable {
        /// Who.
        package var by: String
        /// By which token.
        package var token: TokenID?
        /// When.
        package var at: Instant
        /// What they said to it; nil where nothing.
        package var comment: String?
    }

    /// That somebody let it go on although a freeze or a lock holds it.
    package struct Override: Sendable, Hashable {
        /// Who.
        package var by: String
        /// When.
        package var at: Instant
        /// Why, in their words.
        package var reason: String

        /// That somebody did, for that reason.
        package init(by: String, at: Instant, reason: String) {
            self.by = by
            self.at = at
            self.reason = reason
        }
    }

    /// The most characters of a comment or a reason.
    package static let textLengthMax = 500

    /// Since when it waits.
    package var since: Instant
    /// When it began or was given up; nil while it waits.
    package var endedAt: Instant?
    /// When it is given up unless enough people have approved it; nil where nobody need.
    package var expiresAt: Instant?
    /// The token of who asked for the roll-out.
    package var requester: TokenID?
    /// What it waits for.
    package var causes: [Cause]
    /// Who agreed, in their order.
    package var approvals: [Approval]
    /// Who let it go on although a freeze or a lock holds it; nil where nobody did.
    package var override: Override?

    /// A wait for those things.
    package init(
        since: Instant,
        endedAt: Instant? = nil,
        expiresAt: Instant? = nil,
        requester: TokenID? = nil,
        causes: [Cause],
        approvals: [Approval] = [],
        override: Override? = nil
    ) {
        self.since = since
        self.endedAt = endedAt
        self.expiresAt = expiresAt
        self.requester = requester
        self.causes = causes
        self.approvals = approvals
        self.override = override
    }
}

/// A roll-out that has not begun because something holds it.
package struct HeldRollOut: Sendable, Hashable {
    /// What is to be rolled out, and the job that is going to do it.
    package var rollOut: RollOut
    /// What it came from.
    package var origin: Deployment.Origin
    /// Who asked for it.
    package var by: String
    /// What it changes.
    package var difference: DeploymentDifference
    /// What holds it.
    package var hold: DeploymentHold

    /// The record of it as it stands so.
    func record(of environment: Environment, _ state: Deployment.State) -> Deployment {
        Deployment(
            id: rollOut.deployment,
            environment: environment.id,
            environmentName: environment.name,
            tenant: environment.tenant,
            number: rollOut.number,
            state: state,
            origin: origin,
            content: rollOut.content,
            difference: difference,
            by: by,
            job: rollOut.job,
            hold: hold,
            createdAt: rollOut.since
        )
    }
}

/// What becomes of the record of a roll-out that was held.
package struct DeploymentTurn: Sendable, Hashable {
    /// The record.
    package var deployment: DeploymentID
    /// Where it stands from now on; nil where it has come to its end.
    package var state: Deployment.State?
    /// What held it, or still does.
    package var hold: DeploymentHold
}

extension DeploymentHold {
    /// Writes the wait as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("since", since.description)
            writer.member("endedAt", orNull: endedAt?.description)
            writer.member("expiresAt", orNull: expiresAt?.description)
            writer.member("requester", orNull: requester?.description)
            writer.key("waiting")
            writer.array(causes) { writer, cause in
                writer.object { writer in
                    writer.member("type", cause.kind.rawValue)
                    writer.member("on", cause.on)
                    writer.member("until", orNull: cause.until?.description)
                    writer.member("releasedBy", cause.releasedBy)
                }
            }
            writer.key("approvals")
            writer.array(approvals) { $1.write(to: &$0) }
            writer.key("override")
            if let override {
                writer.object { writer in
                    writer.member("by", override.by)
                    writer.member("at", override.at.description)
                    writer.member("reason", override.reason)
                }
            } else {
                writer.null()
            }
        }
    }

    /// Reads what `write` wrote; nil where there is none.
    package init?(reading document: JSON?) {
        guard let document, let since = Instant(stored: document["since"]) else { return nil }
        self.init(
            since: since,
            endedAt: Instant(stored: document["endedAt"]),
            expiresAt: Instant(stored: document["expiresAt"]),
            requester: (document["requester"]?.string).flatMap(TokenID.init(stored:)),
            causes: (document["waiting"]?.array ?? []).compactMap(Cause.init(reading:)),
            approvals: (document["approvals"]?.array ?? []).compactMap(Approval.init(reading:)),
            override: Override(reading: document["override"])
        )
    }
}

extension DeploymentHold.Cause {
    fileprivate init?(reading document: JSON) {
        guard let kind = (document["type"]?.string).flatMap(Kind.init(rawValue:)) else {
            return nil
        }
        self.init(
            kind: kind,
            on: document["on"]?.string ?? "",
            until: Instant(stored: document["until"]),
            releasedBy: document["releasedBy"]?.string ?? ""
        )
    }
}

extension DeploymentHold.Approval {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("by", by)
            writer.member("token", orNull: token?.description)
            writer.member("at", at.description)
            writer.member("comment", orNull: comment)
        }
    }

    init?(reading document: JSON) {
        guard let by = document["by"]?.string, let at = Instant(stored: document["at"]) else {
            return nil
        }
        self.init(
            by: by,
            token: (document["token"]?.string).flatMap(TokenID.init(stored:)),
            at: at,
            comment: document["comment"]?.string
        )
    }
}

extension DeploymentHold.Override {
    fileprivate init?(reading document: JSON?) {
        guard let by = document?["by"]?.string, let at = Instant(stored: document?["at"]) else {
            return nil
        }
        self.init(by: by, at: at, reason: document?["reason"]?.string ?? "")
    }
}
