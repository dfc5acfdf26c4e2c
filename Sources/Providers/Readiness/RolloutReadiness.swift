package import Domain
package import Drivers

/// How far the objects of one roll-out have come, together.
package struct RolloutReadiness: Sendable, Hashable {
    /// Objects that are listed at most; those that lack something come first.
    package static let listedMax = 100

    /// One object, and how far it has come.
    package struct Entry: Sendable, Hashable {
        /// The API group; empty for the core.
        package let group: String
        /// The kind.
        package let kind: String
        /// The namespace; nil for objects that are in none.
        package let namespace: String?
        /// The name.
        package let name: String
        /// How far it has come.
        package var readiness: ObjectReadiness
    }

    /// The objects: failed ones, then those that wait, then the ready.
    package private(set) var entries: [Entry]
    /// How many there are, also of those that are not listed.
    package let count: Int

    /// How far `objects` have come; what they keep is looked for in `seen`, and where `rules` name
    /// a kind, they hold for its objects.
    package init(
        of objects: [SeenObject],
        among seen: SeenObjects,
        events: [SeenEvent] = [],
        by rules: [ReadinessRule] = []
    ) {
        count = objects.count
        entries = objects.map { object in
            Entry(
                group: object.group,
                kind: object.kind,
                namespace: object.namespace,
                name: object.name,
                readiness: ObjectReadiness(of: object, among: seen, events: events, by: rules)
            )
        }
        entries.sort(by: Self.precedes)
        entries.removeLast(max(0, entries.count - Self.listedMax))
    }

    /// Failed before waiting before ready, then by name.
    private static func precedes(_ left: Entry, _ right: Entry) -> Bool {
        let ranks = (rank(left.readiness.state), rank(right.readiness.state))
        guard ranks.0 == ranks.1 else { return ranks.0 < ranks.1 }
        return (left.kind, left.namespace ?? "", left.name)
            < (right.kind, right.namespace ?? "", right.name)
    }

    private static func rank(_ state: ObjectReadiness.State) -> Int {
        switch state {
        case .failed: 0
        case .waiting: 1
        case .ready: 2
        }
    }

    /// Failed where one object has; waiting while one does.
    package var state: ObjectReadiness.State { entries.first?.readiness.state ?? .ready }

    /// The object that says most about why not everything is ready; nil where everything is.
    ///
    /// A reason that names somebody who can act tells more than that something takes its time.
    package var obstacle: Entry? {
        let lacking = entries.filter { $0.readiness.state != .ready }
        return lacking.first { $0.readiness.state == .failed }
            ?? lacking.first { $0.readiness.releasedBy != nil } ?? lacking.first
    }
}
