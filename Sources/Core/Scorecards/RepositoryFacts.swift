import Blueprints
package import JSON

/// What the files of a repository came to at one commit: all that rules about it ask for.
package struct RepositoryFacts: Sendable, Equatable {
    /// The commit that was looked at.
    package let commit: String
    /// The paths of all files.
    package let paths: [String]
    private let places: [ManifestCheck: [ScorecardResult.Place]]

    /// Sums up what files came to; `reports` in the order in which findings are to be told.
    package init(
        commit: String,
        reports: [(path: String, report: ManifestReport)],
        paths: [String]
    ) {
        self.commit = commit
        self.paths = paths
        var places: [ManifestCheck: [ScorecardResult.Place]] = [:]
        for (path, report) in reports {
            for finding in report.findings {
                guard places[finding.check, default: []].count < ScorecardResult.findingsMax else {
                    continue
                }
                let place = ScorecardResult.Place(
                    file: path,
                    line: finding.line,
                    detail: finding.detail
                )
                places[finding.check, default: []].append(place)
            }
        }
        self.places = places
    }

    /// Where a rule about the repository does not hold; nothing where it does.
    func findings(by check: Scorecard.Rule.Check) -> [ScorecardResult.Place] {
        switch check {
        case .manifests(let check): return places[check] ?? []
        case .files(let patterns):
            let globs = patterns.compactMap(PathGlob.init)
            guard !paths.contains(where: { path in globs.contains { $0.matches(path) } }) else {
                return []
            }
            let wanted = patterns.joined(separator: "` or `")
            return [ScorecardResult.Place(file: patterns[0], detail: "Add `\(wanted)`.")]
        case .entity, .live, .kubernetes: return []
        }
    }

    /// Reads what `write` wrote.
    package init(reading value: JSON) {
        commit = value["commit"]?.string ?? ""
        paths = (value["paths"]?.array ?? []).compactMap(\.string)
        var places: [ManifestCheck: [ScorecardResult.Place]] = [:]
        for check in ManifestCheck.allCases {
            guard let found = value["findings"]?[check.rawValue]?.array else { continue }
            places[check] = found.map { place in
                ScorecardResult.Place(
                    file: place["file"]?.string ?? "",
                    line: place["line"]?.int,
                    detail: place["detail"]?.string ?? ""
                )
            }
        }
        self.places = places
    }

    /// The facts as they are stored.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("commit", commit)
            writer.key("findings")
            writer.object { writer in
                for check in ManifestCheck.allCases {
                    guard let places = places[check] else { continue }
                    writer.key(named: check.rawValue)
                    writer.array(places) { $1.write(to: &$0) }
                }
            }
            writer.key("paths")
            writer.array(paths) { $0.string($1) }
        }
    }
}
