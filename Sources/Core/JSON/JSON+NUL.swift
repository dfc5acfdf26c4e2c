extension JSON {
    /// Where the first text holds U+0000, as a value or in a member's name; nil when none does.
    ///
    /// JSON allows the character, PostgreSQL stores it neither in `text` nor in `jsonb`.
    package var placeOfNUL: JSONPointer? {
        switch self {
        case .null, .bool, .number:
            return nil
        case .string(let text):
            return text.utf8.contains(0) ? .root : nil
        case .array(let elements):
            for (place, element) in elements.enumerated() {
                guard let found = element.placeOfNUL else { continue }
                return JSONPointer([String(place)] + found.tokens)
            }
        case .object(let object):
            for member in object.members {
                let isNameBad = member.key.utf8.contains(0)
                guard let found = isNameBad ? .root : member.value.placeOfNUL else { continue }
                return JSONPointer([member.key] + found.tokens)
            }
        }
        return nil
    }
}
