import JSON

extension JSON {
    /// The value, or none at all: not `null`, which is what `nil` alone would be read as.
    static func present(_ value: JSON, if isPresent: Bool) -> JSON? {
        guard isPresent else { return Optional.none }
        return value
    }

    /// The value at the path, or nil.
    func value(at path: [String]) -> JSON? { value(at: JSONPointer(path)) }

    /// Sets the value at the path, with objects made on the way; nil removes the member.
    ///
    /// An index leads into an array that has that element; anything else on the way that is no
    /// object is replaced.
    mutating func set(_ value: JSON?, at path: some Collection<String>) {
        guard let first = path.first else {
            self = value ?? .null
            return
        }
        if case .array(var elements) = self, let index = Int(first) {
            guard elements.indices.contains(index) else { return }
            elements[index].set(value, at: path.dropFirst())
            self = .array(elements)
            return
        }
        var object = self.object ?? JSONObject()
        if path.count == 1 {
            object[first] = value
        } else if value != nil || object[first] != nil {
            var child = object[first] ?? .object(JSONObject())
            child.set(value, at: path.dropFirst())
            object[first] = child
        }
        self = .object(object)
    }

    /// The value with every text replaced for which `change` has another.
    func replacingTexts(_ change: (String) -> String?) -> JSON {
        switch self {
        case .string(let text):
            return change(text).map { .string($0) } ?? self
        case .array(let elements):
            return .array(elements.map { $0.replacingTexts(change) })
        case .object(var object):
            object.changeValues { $1.replacingTexts(change) }
            return .object(object)
        case .null, .bool, .number:
            return self
        }
    }

    /// The value with every object in it, innermost first, replaced by what `change` makes of it.
    func replacingObjects(_ change: (JSONObject) -> JSONObject) -> JSON {
        switch self {
        case .array(let elements):
            return .array(elements.map { $0.replacingObjects(change) })
        case .object(var object):
            object.changeValues { $1.replacingObjects(change) }
            return .object(change(object))
        case .null, .bool, .number, .string:
            return self
        }
    }

    /// Calls `visit` for every object in the value.
    func forEachObject(_ visit: (JSONObject) -> Void) {
        switch self {
        case .array(let elements):
            for element in elements { element.forEachObject(visit) }
        case .object(let object):
            visit(object)
            for member in object { member.value.forEachObject(visit) }
        case .null, .bool, .number, .string:
            break
        }
    }

    /// The value without members that are null, which the API server takes for absent.
    func withoutNulls() -> JSON {
        replacingObjects { object in
            guard object.contains(where: { $0.value.isNull }) else { return object }
            var kept = JSONObject(reserving: object.count)
            for member in object where !member.value.isNull { kept[member.key] = member.value }
            return kept
        }
    }
}
