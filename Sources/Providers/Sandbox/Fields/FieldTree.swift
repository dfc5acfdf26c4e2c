import JSON

/// A set of fields of an object, as `fieldsV1` writes it.
///
/// Steps are written `f:name` for a member, `k:{"name":"x"}` for an item of a list that is a map,
/// `v:"x"` for an item of one that is a set.
struct FieldTree: Equatable, Sendable {
    /// Whether the field itself belongs to the set, and not only fields below it.
    var isOwned = false
    /// The fields below, by step.
    var children: [String: FieldTree] = [:]

    /// A field without any below.
    static let leaf = FieldTree(isOwned: true)

    /// Whether no field is in the set.
    var isEmpty: Bool { !isOwned && children.isEmpty }

    /// The fields of either.
    func union(_ other: FieldTree) -> FieldTree {
        FieldTree(
            isOwned: isOwned || other.isOwned,
            children: children.merging(other.children) { $0.union($1) }
        )
    }

    /// The fields that are in both.
    func intersection(_ other: FieldTree) -> FieldTree {
        var result = FieldTree(isOwned: isOwned && other.isOwned)
        for (step, child) in children {
            guard let match = other.children[step] else { continue }
            let both = child.intersection(match)
            if !both.isEmpty { result.children[step] = both }
        }
        return result
    }

    /// The fields that are not in the other set.
    func subtracting(_ other: FieldTree) -> FieldTree {
        var result = FieldTree(isOwned: isOwned && !other.isOwned)
        for (step, child) in children {
            let rest = other.children[step].map { child.subtracting($0) } ?? child
            if !rest.isEmpty { result.children[step] = rest }
        }
        return result
    }

    /// The steps to each field of the set, in a fixed order.
    var paths: [[String]] {
        var paths: [[String]] = isOwned ? [[]] : []
        for (step, child) in children.sorted(by: { $0.key < $1.key }) {
            paths += child.paths.map { [step] + $0 }
        }
        return paths
    }

    /// The set below a step, where there is one.
    subscript(step: String) -> FieldTree? { children[step] }

    /// The steps as messages write them: `.spec.containers[name="web"].image`.
    static func description(of path: [String]) -> String {
        path.map { step in
            let rest = String(step.dropFirst(2))
            guard step.hasPrefix("k:") else {
                return step.hasPrefix("f:")
                    ? ".\(rest)" : "[\(step.hasPrefix("v:") ? "=" : "")\(rest)]"
            }
            // Written by `ListShape`; a foreign one that is no JSON is shown as it is.
            let keys = (try? JSON.parse(rest))?.object.map { object in
                object.map { "\($0.key)=\($0.value.text)" }.joined(separator: ",")
            }
            return "[\(keys ?? rest)]"
        }.joined()
    }
}

extension FieldTree {
    /// Reads `fieldsV1`; what is no object holds no field.
    init(_ fields: JSON) {
        for member in fields.object ?? JSONObject() {
            if member.key == "." {
                isOwned = true
            } else {
                var child = FieldTree(member.value)
                if child.isEmpty { child.isOwned = true }
                children[member.key] = child
            }
        }
    }

    /// The set as `fieldsV1`.
    var json: JSON {
        var object = JSONObject()
        if isOwned, !children.isEmpty { object["."] = .object(JSONObject()) }
        for (step, child) in children.sorted(by: { $0.key < $1.key }) {
            object[step] = child.json
        }
        return .object(object)
    }
}
