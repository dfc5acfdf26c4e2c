/// Reads the keywords of one schema, refusing values of the wrong kind.
struct SchemaKeywords {
    let object: JSONObject
    let pointer: JSONPointer

    func fault(_ keyword: String, _ reason: String) -> SchemaFault {
        SchemaFault(pointer.appending(keyword), reason)
    }

    func hasAny(of keywords: [String]) -> Bool { keywords.contains { object[$0] != nil } }

    private func value<Value>(
        _ keyword: String,
        _ kind: String,
        _ read: (JSON) -> Value?
    ) throws(SchemaFault) -> Value? {
        guard let value = object[keyword] else { return nil }
        guard let result = read(value) else {
            throw fault(keyword, "\(kind) is needed, not \(value.kindInWords)")
        }
        return result
    }

    func text(_ keyword: String) throws(SchemaFault) -> String? {
        try value(keyword, "a string") { $0.string }
    }

    func bool(_ keyword: String) throws(SchemaFault) -> Bool? {
        try value(keyword, "true or false") { $0.bool }
    }

    func number(_ keyword: String) throws(SchemaFault) -> JSONNumber? {
        try value(keyword, "a number") { $0.number }
    }

    func array(_ keyword: String) throws(SchemaFault) -> [JSON]? {
        try value(keyword, "an array") { $0.array }
    }

    func members(_ keyword: String) throws(SchemaFault) -> JSONObject? {
        try value(keyword, "an object") { $0.object }
    }

    /// A length or number of things.
    func count(_ keyword: String) throws(SchemaFault) -> Int? {
        guard let number = try number(keyword) else { return nil }
        guard let count = number.int64, count >= 0 else {
            throw fault(keyword, "a whole number, 0 or more, is needed")
        }
        return Int(count)
    }

    func texts(_ keyword: String) throws(SchemaFault) -> [String] {
        var result: [String] = []
        for element in try array(keyword) ?? [] {
            guard let text = element.string else {
                throw fault(keyword, "only strings may stand here, not \(element.kindInWords)")
            }
            result.append(text)
        }
        return result
    }

    func types() throws(SchemaFault) -> SchemaTypes? {
        guard let value = object["type"] else { return nil }
        var types: SchemaTypes = []
        for name in value.array ?? [value] {
            guard let text = name.string, let type = SchemaTypes(name: text) else {
                let near = name.string.flatMap { nearest(to: $0, in: SchemaTypes.names) }
                let hint = near.map { "; did you mean \"\($0)\"?" } ?? ""
                throw fault("type", "there is no type \(name)\(hint)")
            }
            types.formUnion(type)
        }
        return types
    }
}
