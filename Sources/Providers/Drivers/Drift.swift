package import Domain
import JSON

/// What is no longer as it was applied.
package struct Drift {
    /// The most fields that are told.
    package static let countMax = 20
    /// After which time an object that is not there is missing, not merely late.
    package static let missingAfter = Duration.seconds(300)

    private let set: ManifestSet
    private let seen: SeenObjects
    private let isSettled: Bool

    /// The drift of the objects that were seen from those that are wanted.
    ///
    /// Until what is wanted has been delivered (`isSettled`), only what somebody else owns counts.
    package init(of seen: SeenObjects, from set: ManifestSet, isSettled: Bool) {
        self.isSettled = isSettled
        self.set = set
        self.seen = seen
    }

    /// The fields, as `Kind/name .field (who)`, in the order of the objects.
    ///
    /// Only objects of `watched` kinds can be missing: of others none is ever seen.
    package func fields(watched: [WatchedName], at now: Instant) -> [String] {
        let root = seen.all.compactMap(\.createdAt).min()
        let isOld = root.map { now - $0 > Self.missingAfter } ?? false
        var found: [String] = []
        for entry in set.entries {
            guard found.count < Self.countMax, let wanted = entry.object.object else { break }
            let object = SeenObject(wanted)
            guard let live = seen.first(object.kind, object.name, group: object.group) else {
                let isWatched = watched.contains(
                    WatchedName(group: object.group, kind: object.kind)
                )
                if isWatched, isOld, isSettled { found.append("\(object.title) (missing)") }
                continue
            }
            guard live.deletedAt == nil else { continue }
            found += fields(of: live, from: wanted)
        }
        return Array(found.prefix(Self.countMax))
    }

    private func fields(of live: SeenObject, from wanted: JSONObject) -> [String] {
        let owners = FieldOwners(of: live)
        let areQuantities = live.kind == "ResourceQuota" || live.kind == "LimitRange"
        var comparison = Comparison(areQuantities: areQuantities)
        for member in wanted where member.key != "apiVersion" && member.key != "kind" {
            comparison.compare(
                member.value,
                live.json[member.key],
                at: [.field(member.key)]
            )
        }
        return comparison.changed.compactMap { path in
            let stranger = owners.stranger(at: path)
            guard isSettled || stranger != nil else { return nil }
            let who = stranger ?? "unknown"
            return "\(live.title) \(FieldStep.text(path)) (\(who))"
        }
    }
}

/// The group and the kind of objects that are watched.
package struct WatchedName: Sendable, Hashable {
    /// The group; empty for the core.
    package let group: String
    /// The kind.
    package let kind: String

    /// That kind of that group.
    package init(group: String, kind: String) {
        self.group = group
        self.kind = kind
    }
}

/// Compares what is wanted with what is there; what is there beyond it does not count.
private struct Comparison {
    let areQuantities: Bool
    var changed: [[FieldStep]] = []

    init(areQuantities: Bool) {
        self.areQuantities = areQuantities
    }

    mutating func compare(_ wanted: JSON, _ live: JSON?, at path: [FieldStep]) {
        guard changed.count < Drift.countMax else { return }
        switch (wanted, live) {
        case (.object(let members), .object(let there)?):
            for member in members {
                compare(member.value, there[member.key], at: path + [.field(member.key)])
            }
        // The API server leaves out what is empty.
        case (.object(let members), nil) where members.isEmpty: break
        case (.array(let elements), nil) where elements.isEmpty: break
        case (.bool(false), nil): break
        case (.array(let elements), .array(let there)?):
            compare(elements, there, at: path)
        default:
            guard live.map({ isSame(wanted, $0) }) ?? false else {
                changed.append(path)
                return
            }
        }
    }

    private mutating func compare(_ wanted: [JSON], _ live: [JSON], at path: [FieldStep]) {
        let names = wanted.map { $0["name"]?.string }
        if !wanted.isEmpty, names.allSatisfy({ $0 != nil }) {
            for (element, name) in zip(wanted, names) {
                guard let name else { continue }
                let there = live.first { $0["name"]?.string == name }
                compare(element, there, at: path + [.named(name)])
            }
        } else if path == [.field("metadata"), .field("finalizers")] {
            if !wanted.allSatisfy(live.contains) { changed.append(path) }
        } else if wanted.count != live.count {
            changed.append(path)
        } else {
            for (index, (element, there)) in zip(wanted, live).enumerated() {
                compare(element, there, at: path + [.element(index)])
            }
        }
    }

    private func isSame(_ wanted: JSON, _ live: JSON) -> Bool {
        if wanted == live { return true }
        guard areQuantities, let left = wanted.string.flatMap(Quantity.init),
            let right = live.string.flatMap(Quantity.init)
        else { return false }
        return left == right
    }
}
