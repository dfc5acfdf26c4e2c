package import JSON

/// What a forge is told of the environment of a pull request or branch.
package struct EnvironmentReport: Sendable, Equatable {
    /// The most characters of the summary: GitHub takes no more of a status.
    package static let summaryLengthMax = 140
    /// The most characters of a sentence that comes from elsewhere.
    private static let sentenceLengthMax = 1_000

    /// How it stands.
    package enum State: String, Sendable, CaseIterable {
        case pending, success, failure
        /// There is no environment, or soon none.
        case gone
    }

    /// How it stands.
    package var state: State
    /// The commit that it is about.
    package var revision: String
    /// The name of the environment; nil before there was one.
    package var environment: EnvironmentName?
    /// What the environment is for.
    package var type: EnvironmentType
    /// How it stands, in a few words.
    package var summary: String
    /// Where the environment answers; nil where it does not.
    package var url: String?
    /// The pull request; nil for a branch.
    package var pullRequest: Int?
    /// What the comment says, in Markdown, without its marker.
    package var comment: String

    /// What is told of a pull request or branch whose environment is as given; nil where there is
    /// nothing to tell.
    package init?(of thread: SourceThread, in source: Source, _ environment: Environment?) {
        guard let revision = thread.revision ?? environment?.spec.source?.revision else {
            return nil
        }
        self.revision = revision
        self.environment = thread.environment
        type = environment?.spec.type ?? .ephemeral
        pullRequest = thread.key.hasPrefix("pull/") ? Int(thread.key.dropFirst(5)) : nil
        url = nil
        comment = ""
        (state, summary) = Self.standing(of: thread, environment)
        summary = Self.cut(summary, to: Self.summaryLengthMax)
        if state != .gone { url = environment?.status.url }
        comment = text(of: thread, in: source, environment)
    }

    private static func standing(
        of thread: SourceThread,
        _ environment: Environment?
    ) -> (State, String) {
        if thread.isHeld { return (.pending, "Waits for somebody's approval.") }
        if let refusal = thread.refusal { return (.failure, refusal) }
        guard let environment, environment.status.phase != .deleting, thread.isOpen else {
            return (.gone, "There is no environment any more.")
        }
        let reason = environment.status.conditions.first { $0.type == "Ready" }?.message
        return switch environment.status.phase {
        case .pending, .deploying: (.pending, "The environment is on its way.")
        case .ready, .asleep: standing(of: thread, live: environment)
        case .degraded, .failed: (.failure, reason ?? "The environment is not ready.")
        case .deleting: (.gone, "The environment goes.")
        }
    }

    /// What runs is not what was pushed where a roll-out is held, failed or went back.
    private static func standing(
        of thread: SourceThread,
        live environment: Environment
    ) -> (State, String) {
        let status = environment.status
        if let wanted = thread.revision, let live = status.live?.content.source?.revision,
            live != wanted
        {
            if status.held != nil {
                return (.pending, "The roll-out is held; its record says on what.")
            }
            guard status.open.isEmpty else { return (.pending, "The environment is on its way.") }
            return (.failure, "What was pushed does not run: its roll-out has ended.")
        }
        return status.phase == .asleep
            ? (.success, "The environment sleeps.") : (.success, "The environment is ready.")
    }

    private func text(
        of thread: SourceThread,
        in source: Source,
        _ environment: Environment?
    ) -> String {
        let name = thread.environment?.text ?? "none"
        let icon =
            switch state {
            case .pending: "⏳"
            case .success: "✅"
            case .failure: "❌"
            case .gone: "⚪"
            }
        var lines = ["**\(icon) Environment `\(name)`**", ""]
        lines.append("| | |")
        lines.append("| --- | --- |")
        if let url { lines.append("| URL | \(Self.plain(url)) |") }
        lines.append("| State | \(Self.plain(sentence(environment))) |")
        lines.append("| Revision | `\(revision.prefix(12))` |")
        if state != .gone, let expiry = environment?.status.expiry {
            lines.append("| Ends | \(expiry.at) |")
        }
        lines.append("")
        let path = "/v1/tenants/\(source.tenant.name)"
        switch (state, thread.isHeld) {
        case (_, true):
            lines.append(
                "This pull request is from a fork. Somebody of the team must look at the revision "
                    + "and approve it: `POST \(path)/sources/\(source.name)/"
                    + "\(thread.key.replacing("pull/", with: "pull-requests/")):approve`."
            )
        case (.gone, _):
            if thread.isOpen { lines.append("A push makes it again.") }
        default:
            lines.append(
                "A push begins its time anew; so does `POST \(path)/environments/\(name):extend`. "
                    + "`:keep` keeps it longer, with a reason."
            )
        }
        return lines.joined(separator: "\n")
    }

    private func sentence(_ environment: Environment?) -> String {
        guard state == .failure, let environment else { return summary }
        let reason = environment.status.conditions.first { $0.type == "Ready" }?.message
        return Self.cut(reason ?? summary, to: Self.sentenceLengthMax)
    }

    private static func cut(_ text: String, to length: Int) -> String {
        text.count <= length ? text : text.prefix(length - 1) + "…"
    }

    /// Text that ends no cell of a table and begins no markup.
    private static func plain(_ text: String) -> String {
        var plain = ""
        for character in text {
            switch character {
            case "|", "<", ">", "`", "[", "]", "@": plain += "\\\(character)"
            case _ where character.isNewline: plain += " "
            default: plain.append(character)
            }
        }
        return plain
    }
}

/// What stands on a forge of one pull request or branch, as far as Slipway put it there.
package struct ReportTrace: Sendable, Equatable {
    /// The id of the comment.
    package var comment: String?
    /// The id of the deployment.
    package var deployment: String?
    /// The revision that the deployment is of.
    package var deploymentOf: String?
    /// What was told last, of each kind.
    package var said: [String: String]

    /// Nothing.
    package init() { said = [:] }

    /// Writes the trace as it is stored.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("comment", orNull: comment)
            writer.member("deployment", orNull: deployment)
            writer.member("deploymentOf", orNull: deploymentOf)
            writer.key("said")
            writer.object { writer in
                for (kind, text) in said.sorted(by: { $0.key < $1.key }) {
                    writer.key(named: kind)
                    writer.string(text)
                }
            }
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) {
        self.init()
        comment = document["comment"]?.string
        deployment = document["deployment"]?.string
        deploymentOf = document["deploymentOf"]?.string
        for member in document["said"]?.object ?? JSONObject() {
            said[member.key] = member.value.string
        }
    }
}

/// The right to talk to one forge; who has it has it alone.
package struct ForgeLane: Sendable, Hashable {
    /// The forge.
    package var forge: ForgeID
    /// What tells this right from earlier ones.
    package var lease: ID<ForgeLane>
    /// The generation that the address and the token are of.
    package var generation: Int64
    /// The program that it runs.
    package var kind: ForgeKind
    /// The base of its API.
    package var url: String
    /// The sealed token.
    package var token: String
    /// Whether it is to be looked at.
    package var isCheckDue: Bool
    /// How often in a row it did not answer.
    package var failures: Int

    /// That right.
    package init(
        forge: ForgeID,
        lease: ID<ForgeLane>,
        generation: Int64,
        kind: ForgeKind,
        url: String,
        token: String,
        isCheckDue: Bool,
        failures: Int
    ) {
        self.forge = forge
        self.lease = lease
        self.generation = generation
        self.kind = kind
        self.url = url
        self.token = token
        self.isCheckDue = isCheckDue
        self.failures = failures
    }

    /// How long a forge is checked to be as it should be: five minutes.
    package static let checkEvery = Duration.seconds(300)
    /// The longest that a forge that does not answer is left alone: five minutes.
    package static let pauseMax = Duration.seconds(300)
    /// The longest that a forge's own word on when to come back is followed: an hour.
    package static let askedPauseMax = Duration.seconds(3_600)
    /// How long what a forge refuses is left before it is tried again: ten minutes.
    package static let refusedPause = Duration.seconds(600)

    /// How long the forge is left alone after one more failure.
    package func pause(asked: Duration?) -> Duration {
        let own = Duration.seconds(1 << min(failures, 9))
        return max(min(own, Self.pauseMax), min(asked ?? .zero, Self.askedPauseMax))
    }
}

/// A pull request or branch of which a forge is to be told.
package struct ReportCase: Sendable {
    /// Its source.
    package var source: Source
    /// What is known of it.
    package var thread: SourceThread
    /// What stands on the forge.
    package var trace: ReportTrace
    /// Its environment; nil where there is none.
    package var environment: Environment?
    /// Up to which change of the thread this tells.
    package var wanted: Int64

    /// Puts together what is known.
    package init(
        source: Source,
        thread: SourceThread,
        trace: ReportTrace,
        environment: Environment?,
        wanted: Int64
    ) {
        self.source = source
        self.thread = thread
        self.trace = trace
        self.environment = environment
        self.wanted = wanted
    }
}
