package import JSON

/// How something stands by a scorecard.
package struct ScorecardResult: Sendable, Equatable {
    /// Findings that are told of one rule.
    package static let findingsMax = 50

    /// How one rule came out.
    package struct Outcome: Sendable, Equatable {
        /// The rule.
        package let rule: Scorecard.Rule
        /// Where it does not hold; empty where it does.
        package let findings: [Place]

        /// Whether it holds.
        package var isMet: Bool { findings.isEmpty }
    }

    /// A place where a rule does not hold.
    package struct Place: Sendable, Equatable {
        /// The path of the file in the repository; nil where it is about none.
        package let file: String?
        /// The line, from 1; nil where it is about no line.
        package let line: Int?
        /// The address of the environment, service or cluster; nil where it is about none.
        package let object: String?
        /// What to do.
        package let detail: String

        /// Puts together the parts as they are.
        package init(
            file: String? = nil,
            line: Int? = nil,
            object: String? = nil,
            detail: String
        ) {
            self.file = file
            self.line = line
            self.object = object
            self.detail = detail
        }

        func write(to writer: inout JSONWriter) {
            writer.object { writer in
                writer.member("file", ifPresent: file)
                if let line { writer.member("line", line) }
                writer.member("object", ifPresent: object)
                writer.member("detail", detail)
            }
        }
    }

    /// The scorecard.
    package let scorecard: Scorecard
    /// Each rule, in the order of the scorecard.
    package let outcomes: [Outcome]

    init(scorecard: Scorecard, outcomes: [Outcome]) {
        self.scorecard = scorecard
        self.outcomes = outcomes
    }

    /// Judges a repository by what its files came to; of other rules nothing is found.
    package init(_ scorecard: Scorecard, of repository: RepositoryFacts) {
        self.scorecard = scorecard
        outcomes = scorecard.rules.map { rule in
            Outcome(rule: rule, findings: repository.findings(by: rule.check))
        }
    }

    /// The highest level of which everything holds, and of all below it; nil where not even the
    /// lowest is reached.
    package var level: String? {
        scorecard.levels.prefix { level in
            outcomes.allSatisfy { $0.rule.level != level || $0.isMet }
        }.last
    }

    /// How many rules hold.
    package var met: Int { outcomes.count { $0.isMet } }

    /// The result as it is stored and shown.
    package func write(to writer: inout JSONWriter) {
        writer.array(outcomes) { writer, outcome in
            writer.object { writer in
                writer.member("id", outcome.rule.id)
                writer.member("title", outcome.rule.title)
                writer.member("level", outcome.rule.level)
                writer.member("met", outcome.isMet)
                writer.key("findings")
                writer.array(outcome.findings) { $1.write(to: &$0) }
            }
        }
    }
}
