package import JSON

extension JSON {
    /// An object of the members that have a value, in their order.
    package static func members(_ members: KeyValuePairs<String, JSON?>) -> JSON {
        var object = JSONObject(reserving: members.count)
        for (key, value) in members {
            guard let value else { continue }
            precondition(object.append(key, value), "the member \(key) is named twice")
        }
        return .object(object)
    }

    /// The value below these members of objects, or nil.
    package func at(_ path: String...) -> JSON? {
        var value = self
        for key in path {
            guard let next = value[key] else { return nil }
            value = next
        }
        return value
    }
}
