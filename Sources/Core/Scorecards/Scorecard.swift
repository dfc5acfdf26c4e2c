package import JSON

/// Rules by which something is judged, and the levels that they lead to, as data.
package struct Scorecard: Sendable, Equatable {
    /// The most rules of one scorecard.
    package static let rulesMax = 100
    /// The most levels of one scorecard.
    package static let levelsMax = 10

    /// One thing that is asked.
    package struct Rule: Sendable, Equatable {
        /// How it is found out.
        package enum Check: Sendable, Equatable {
            /// A question to each workload in the manifests of a repository.
            case manifests(ManifestCheck)
            /// Whether one of these patterns meets a file of the repository.
            case files([String])
        }

        /// Its name within the scorecard.
        package let id: String
        /// What is asked, in words.
        package let title: String
        /// The level that it belongs to.
        package let level: String
        /// How it is found out.
        package let check: Check
    }

    /// The name, unique among scorecards.
    package let name: String
    /// The name for people.
    package let title: String
    /// What it is about.
    package let summary: String
    /// The levels, the lowest first: each asks for what those below it ask for, and its own.
    package let levels: [String]
    /// What is asked.
    package let rules: [Rule]

    /// Reads a scorecard.
    ///
    /// - Throws: what is wrong with it first.
    package init(reading document: JSON) throws(ScorecardFault) {
        guard document["kind"]?.string == "Scorecard",
            let name = document["metadata"]?["name"]?.string, !name.isEmpty,
            let spec = document["spec"]
        else { throw ScorecardFault("kind, metadata.name and spec are needed") }
        self.name = name
        title = document["metadata"]?["title"]?.string ?? name
        summary = document["metadata"]?["description"]?.string ?? ""
        let levels = (spec["levels"]?.array ?? []).compactMap(\.string)
        guard (1...Self.levelsMax).contains(levels.count), Set(levels).count == levels.count else {
            throw ScorecardFault("spec.levels has 1 to \(Self.levelsMax) names, each once")
        }
        self.levels = levels
        let rules = spec["rules"]?.array ?? []
        guard (1...Self.rulesMax).contains(rules.count) else {
            throw ScorecardFault("spec.rules has 1 to \(Self.rulesMax) rules")
        }
        var read: [Rule] = []
        for rule in rules {
            let next = try Self.rule(rule, levels)
            guard !read.contains(where: { $0.id == next.id }) else {
                throw ScorecardFault("the rule \(next.id) is there twice")
            }
            read.append(next)
        }
        self.rules = read
    }

    private static func rule(
        _ value: JSON,
        _ levels: [String]
    ) throws(ScorecardFault) -> Rule {
        guard let id = value["id"]?.string, let title = value["title"]?.string,
            let level = value["level"]?.string, levels.contains(level)
        else { throw ScorecardFault("a rule needs its id, its title and one of the levels") }
        let check: Rule.Check
        if let name = value["manifests"]?.string {
            guard let known = ManifestCheck(rawValue: name) else {
                let all = ManifestCheck.allCases.map(\.rawValue).joined(separator: ", ")
                throw ScorecardFault("\(id): `\(name)` is none of \(all)")
            }
            check = .manifests(known)
        } else if let patterns = value["files"]?.array?.compactMap(\.string), !patterns.isEmpty {
            check = .files(patterns)
        } else {
            throw ScorecardFault("\(id): say `manifests` or `files`")
        }
        return Rule(id: id, title: title, level: level, check: check)
    }
}

/// Why a document is no scorecard.
package struct ScorecardFault: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
