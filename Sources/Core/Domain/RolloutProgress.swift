import JSON

/// How far a roll-out has come that takes over by and by, as its job says.
package struct RolloutProgress: Sendable, Hashable {
    /// What is being done.
    package enum Phase: String, Sendable, CaseIterable {
        /// What is new is watched.
        case watching
        /// What is new takes the place of what ran.
        case promoting
        /// What ran gets everything back.
        case restoring
    }

    /// What the answers to one check were.
    package struct Check: Sendable, Hashable {
        /// Failures in a row.
        package var failures: Int
        /// When it was last asked; nil before that.
        package var askedAt: Instant?
        /// What it last said, in words; nil where it could not be asked yet.
        package var answer: String?
        /// Whether the last answer was right; nil where there was none.
        package var isRight: Bool?

        /// A check that was never asked.
        package init() {
            failures = 0
        }
    }

    /// What is being done.
    package var phase: Phase
    /// Which step, from 1.
    package var step: Int
    /// How many there are.
    package var steps: Int
    /// Percent of the requests that what is new gets by chance.
    package var weight: Int
    /// Since when what is new was ready in this step; nil where it is not yet.
    package var readySince: Instant?
    /// Since when it has not been ready again after that; nil where it is, or never was.
    package var unreadySince: Instant?
    /// Since when somebody keeps it at this step; nil where nobody does.
    package var pausedSince: Instant?
    /// When the next step comes by itself; nil where somebody must advance it.
    package var until: Instant?
    /// The answers to the checks, in the order of the spec.
    package var checks: [Check]

    /// That phase of that step.
    package init(
        _ phase: Phase,
        step: Int,
        of steps: Int,
        weight: Int,
        readySince: Instant? = nil,
        until: Instant? = nil,
        checks: [Check] = []
    ) {
        self.phase = phase
        self.step = step
        self.steps = steps
        self.weight = weight
        self.readySince = readySince
        self.until = until
        self.checks = checks
    }
}

/// What people want of a roll-out that takes over by and by.
package enum RolloutWish: Sendable, Hashable {
    /// The step of that number is over.
    case advance(step: Int, by: String)
    /// What ran gets everything back.
    case abort(by: String, reason: String)
}

/// That somebody keeps a roll-out at the step where it is.
package struct RolloutPause: Sendable, Hashable {
    /// Who.
    package var by: String
    /// Why, in their words.
    package var reason: String
    /// Since when.
    package var since: Instant
}

extension RolloutProgress {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("phase", phase.rawValue)
            writer.member("step", step)
            writer.member("steps", steps)
            writer.member("weight", weight)
            writer.member("readySince", orNull: readySince?.description)
            writer.member("unreadySince", orNull: unreadySince?.description)
            writer.member("pausedSince", orNull: pausedSince?.description)
            writer.member("until", orNull: until?.description)
            writer.key("checks")
            writer.array(checks) { writer, check in
                writer.object { writer in
                    writer.member("failures", check.failures)
                    writer.member("askedAt", orNull: check.askedAt?.description)
                    writer.member("answer", orNull: check.answer)
                    writer.member("isRight", check.isRight.map { .bool($0) } ?? .null)
                }
            }
        }
    }

    init?(reading document: JSON?) {
        guard let phase = (document?["phase"]?.string).flatMap(Phase.init(rawValue:)) else {
            return nil
        }
        self.init(
            phase,
            step: document?["step"]?.int ?? 1,
            of: document?["steps"]?.int ?? 1,
            weight: document?["weight"]?.int ?? 0,
            readySince: Instant(stored: document?["readySince"]),
            until: Instant(stored: document?["until"]),
            checks: (document?["checks"]?.array ?? []).map { entry in
                var check = Check()
                check.failures = entry["failures"]?.int ?? 0
                check.askedAt = Instant(stored: entry["askedAt"])
                check.answer = entry["answer"]?.string
                check.isRight = entry["isRight"]?.bool
                return check
            }
        )
        unreadySince = Instant(stored: document?["unreadySince"])
        pausedSince = Instant(stored: document?["pausedSince"])
    }
}

extension RolloutPause {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("by", by)
            writer.member("reason", reason)
            writer.member("since", since.description)
        }
    }

    init?(reading document: JSON?) {
        guard let by = document?["by"]?.string, let since = Instant(stored: document?["since"])
        else { return nil }
        self.init(by: by, reason: document?["reason"]?.string ?? "", since: since)
    }
}

extension RolloutWish {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            switch self {
            case .advance(let step, let who):
                writer.member("advance", step)
                writer.member("by", who)
            case .abort(let who, let reason):
                writer.member("abort", reason)
                writer.member("by", who)
            }
        }
    }

    init?(reading document: JSON?) {
        guard let who = document?["by"]?.string else { return nil }
        if let step = document?["advance"]?.int {
            self = .advance(step: step, by: who)
        } else if let reason = document?["abort"]?.string {
            self = .abort(by: who, reason: reason)
        } else {
            return nil
        }
    }
}
