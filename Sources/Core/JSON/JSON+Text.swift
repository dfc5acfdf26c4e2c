extension JSON {
    /// The value as a JSON text without white space, members in their order.
    package func serialized() -> [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.finish()
    }

    /// The value as a JSON text whose members are sorted by the bytes of their names: the same
    /// bytes for texts that differ in order and white space only.
    ///
    /// For hashing and comparing.
    package func canonical() -> [UInt8] {
        sorted().serialized()
    }

    /// The value as a JSON text in a `String`.
    package var text: String { String(decoding: serialized(), as: UTF8.self) }

    private func sorted() -> JSON {
        switch self {
        case .null, .bool, .number, .string:
            return self
        case .array(let elements):
            return .array(elements.map { $0.sorted() })
        case .object(let object):
            var result = JSONObject(reserving: object.count)
            for member in object.members.sorted(by: { $0.key.precedesByBytes($1.key) }) {
                _ = result.append(member.key, member.value.sorted())
            }
            return .object(result)
        }
    }
}

extension JSON: CustomStringConvertible {
    /// The JSON text.
    package var description: String { text }
}
