extension JSON {
    /// The value changed by `patch` as RFC 7396 says: members of objects are merged, `null`
    /// removes, everything else replaces.
    package func merging(patch: JSON) -> JSON {
        guard case .object(let changes) = patch else { return patch }
        var result = object ?? JSONObject()
        for member in changes {
            guard !member.value.isNull else {
                result[member.key] = nil
                continue
            }
            result[member.key] = (result[member.key] ?? .null).merging(patch: member.value)
        }
        return .object(result)
    }
}
