import Blueprints
package import JSON

/// How something stands by a scorecard.
package struct ScorecardResult: Sendable, Equatable {
    /// Findings that are told of one rule.
    package static let findingsMax = 50

    /// How one rule came out.
    package struct Outcome: Sendable, Equatable {
        /// The rule.
        package let rule: Scorecard.Rule
        /// Whether it holds.
        package let isMet: Bool
        /// Where it does not, each `(file, line, detail)`.
        package let findings: [Place]
    }

    /// A place where a rule does not hold.
    package struct Place: Sendable, Equatable {
        /// The path of the file in the repository.
        package let file: String
        /// The line, from 1; nil where it is about no line.
        package let line: Int?
        /// What to do.
        package let detail: String
    }

    /// The scorecard.
    package let scorecard: Scorecard
    /// Each rule, in the order of the scorecard.
    package let outcomes: [Outcome]

    /// Judges a repository by what its files came to; `paths` are all of its files.
    package init(
        _ scorecard: Scorecard,
        reports: [(path: String, report: ManifestReport)],
        paths: [String]
    ) {
        self.scorecard = scorecard
        outcomes = scorecard.rules.map { rule in
            switch rule.check {
            case .files(let patterns):
                let globs = patterns.compactMap(PathGlob.init)
                let isThere = paths.contains { path in globs.contains { $0.matches(path) } }
                let wanted = patterns.joined(separator: "` or `")
                let missing = Place(file: patterns[0], line: nil, detail: "Add `\(wanted)`.")
                return Outcome(rule: rule, isMet: isThere, findings: isThere ? [] : [missing])
            case .manifests(let check):
                var places: [Place] = []
                for (path, report) in reports {
                    for finding in report.findings where finding.check == check {
                        guard places.count < Self.findingsMax else { break }
                        places.append(
                            Place(file: path, line: finding.line, detail: finding.detail)
                        )
                    }
                }
                return Outcome(rule: rule, isMet: places.isEmpty, findings: places)
            }
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
                writer.array(outcome.findings) { writer, place in
                    writer.object { writer in
                        writer.member("file", place.file)
                        if let line = place.line { writer.member("line", line) }
                        writer.member("detail", place.detail)
                    }
                }
            }
        }
    }
}
