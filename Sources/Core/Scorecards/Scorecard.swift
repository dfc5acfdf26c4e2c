package import Catalog
package import Domain
package import JSON

/// Rules by which something is judged, and the levels that they lead to, as data.
package struct Scorecard: Sendable, Equatable {
    /// The most rules of one scorecard.
    package static let rulesMax = 100
    /// The most levels of one scorecard.
    package static let levelsMax = 10
    /// The most patterns, or filters, of one rule.
    package static let alternativesMax = 20
    /// The most characters of a title.
    package static let titleMax = 200
    /// The most characters of a description.
    package static let summaryMax = 2_000

    /// One thing that is asked.
    package struct Rule: Sendable, Equatable {
        /// How it is found out.
        package enum Check: Sendable, Equatable {
            /// A question to each workload in the manifests of a repository.
            case manifests(ManifestCheck)
            /// Whether one of these patterns meets a file of the repository.
            case files([String])
            /// Whether one of these sets of conditions holds for the entity, and how they read.
            case entity(EntityFilter, [String])
            /// A question to what Slipway last saw of what runs.
            case live(LiveCheck)
            /// Whether every cluster runs such a version of Kubernetes.
            case kubernetes(VersionRange)
        }

        /// Its name within the scorecard.
        package let id: String
        /// What is asked, in words.
        package let title: String
        /// The level that it belongs to.
        package let level: String
        /// How it is found out.
        package let check: Check

        /// Whether the answer comes from a repository.
        package var asksRepository: Bool {
            switch check {
            case .manifests, .files: true
            case .entity, .live, .kubernetes: false
            }
        }

        /// Whether the answer comes from what Slipway saw of what runs.
        package var asksWhatRuns: Bool {
            switch check {
            case .live, .kubernetes: true
            case .manifests, .files, .entity: false
            }
        }
    }

    /// The scorecard as it was written, without its status.
    package let document: JSONObject
    /// The name, unique among scorecards.
    package let name: ScorecardName
    /// The name for people.
    package let title: String
    /// What it is about.
    package let summary: String
    /// Which entities are judged.
    package let entities: EntityFilter
    /// The levels, the lowest first: each asks for what those below it ask for, and its own.
    package let levels: [String]
    /// What is asked.
    package let rules: [Rule]

    /// Puts together what was read.
    init(
        document: JSONObject,
        name: ScorecardName,
        title: String,
        summary: String,
        entities: EntityFilter,
        levels: [String],
        rules: [Rule]
    ) {
        self.document = document
        self.name = name
        self.title = title
        self.summary = summary
        self.entities = entities
        self.levels = levels
        self.rules = rules
    }

    /// Reads a scorecard.
    ///
    /// - Throws: everything that is wrong with it.
    package init(reading document: JSON) throws(EntityFaults) {
        var reader = ScorecardReader()
        guard let read = reader.read(document) else { throw reader.faults }
        self = read
    }

    /// Whether two were written alike, member for member.
    package static func == (left: Scorecard, right: Scorecard) -> Bool {
        left.document == right.document
    }
}

/// The name of a scorecard.
package typealias ScorecardName = ResourceName<Scorecard>
