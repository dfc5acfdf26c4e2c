import JSON

/// A step on the way to a field of an object.
enum FieldStep: Sendable, Hashable {
    case field(String)
    case element(Int)
    /// The element of a list that has this name.
    case named(String)

    /// The steps as people write them: `.spec.workers[md-0].replicas`.
    static func text(_ path: [FieldStep]) -> String {
        path.map { step in
            switch step {
            case .field(let name): name.contains(".") ? "[\(name)]" : ".\(name)"
            case .element(let index): "[\(index)]"
            case .named(let name): "[\(name)]"
            }
        }
        .joined()
    }
}

/// Who set which field of an object, by its `managedFields`.
struct FieldOwners {
    /// Who applies what Slipway renders: Slipway itself, Flux or Argo CD.
    static let appliers: Set<String> = [
        "slipway", "kustomize-controller", "argocd-controller", "argocd-application-controller",
    ]
    /// The most characters of a manager's name.
    private static let nameLengthMax = 128

    private let entries: [(manager: String, fields: JSON)]

    init(of object: SeenObject) {
        let managed = object.json["metadata"]?["managedFields"]?.array ?? []
        entries = managed.compactMap { entry in
            guard let manager = entry["manager"]?.string, let fields = entry["fieldsV1"] else {
                return nil
            }
            return (String(manager.prefix(Self.nameLengthMax)), fields)
        }
    }

    /// Who else set the field, or what it is part of; nil where nobody says so.
    func stranger(at path: [FieldStep]) -> String? {
        entries.last { entry in
            // Whoever owns nothing at all has an empty list, not the whole object.
            !Self.appliers.contains(entry.manager) && entry.fields.object?.isEmpty == false
                && Self.covers(entry.fields, path[...])
        }?
        .manager
    }

    private static func covers(_ fields: JSON, _ path: ArraySlice<FieldStep>) -> Bool {
        guard let members = fields.object else { return false }
        // A field without fields below it is owned as a whole; `.` is the field itself.
        guard members.contains(where: { $0.key != "." }) else { return true }
        guard let step = path.first else { return true }
        switch step {
        case .field(let name):
            return members["f:\(name)"].map { covers($0, path.dropFirst()) } ?? false
        case .named(let name):
            return members.contains { member in
                member.key.hasPrefix("k:") && names(member.key.dropFirst(2), name)
                    && covers(member.value, path.dropFirst())
            }
        case .element: return false
        }
    }

    /// Whether the key of a list's element, `{"name":"x"}`, has that name.
    private static func names(_ key: Substring, _ name: String) -> Bool {
        // A key that is no JSON names nothing.
        (try? JSON.parse(String(key)))?["name"]?.string == name
    }
}
