import JSON

/// A JSON Patch (RFC 6902).
struct JSONPatch {
    /// The most operations of one patch, as the API server has it: 10,000.
    private static let operationsMax = 10_000

    private let operations: [JSON]

    init(_ json: JSON) throws(SandboxStatus) {
        guard let operations = json.array, operations.count <= Self.operationsMax else {
            let text = "a JSON patch is a list of at most \(Self.operationsMax) operations"
            throw SandboxStatus(.badRequest, text)
        }
        self.operations = operations
    }

    /// The value after all operations.
    ///
    /// - Throws: `.invalid` where one of them does not fit.
    func applied(to value: JSON) throws(SandboxStatus) -> JSON {
        var result = value
        for operation in operations { try apply(operation, to: &result) }
        return result
    }

    private func apply(_ operation: JSON, to value: inout JSON) throws(SandboxStatus) {
        let path = try pointer(operation, "path")
        switch operation["op"]?.string {
        case "add": try value.change(path.tokens[...], .add(member(operation)))
        case "replace":
            try value.change(path.tokens[...], .remove)
            try value.change(path.tokens[...], .add(member(operation)))
        case "remove": try value.change(path.tokens[...], .remove)
        case "move":
            let from = try pointer(operation, "from")
            let moved = try found(from, in: value)
            try value.change(from.tokens[...], .remove)
            try value.change(path.tokens[...], .add(moved))
        case "copy":
            let copied = try found(pointer(operation, "from"), in: value)
            try value.change(path.tokens[...], .add(copied))
        case "test":
            guard value.value(at: path) == operation["value"] else {
                throw JSON.refused("testing value \(path) failed")
            }
        default: throw SandboxStatus(.badRequest, "unknown operation in a JSON patch")
        }
    }

    private func member(_ operation: JSON) throws(SandboxStatus) -> JSON {
        if let value = operation["value"] { return value }
        throw SandboxStatus(.badRequest, "an operation of the JSON patch has no value")
    }

    private func pointer(_ operation: JSON, _ field: String) throws(SandboxStatus) -> JSONPointer {
        let text = operation[field]?.string
        if let pointer = text.flatMap({ JSONPointer(parsing: $0) }) { return pointer }
        throw SandboxStatus(.badRequest, "an operation of the JSON patch has no \(field)")
    }

    private func found(_ path: JSONPointer, in value: JSON) throws(SandboxStatus) -> JSON {
        if let found = value.value(at: path) { return found }
        throw JSON.missing
    }
}

/// What happens at the end of a path.
private enum PatchStep {
    case add(JSON)
    case remove
}

extension JSON {
    fileprivate static func refused(_ reason: String) -> SandboxStatus {
        let text = "the server rejected our request due to an error in our request"
        return SandboxStatus(.invalid, "\(text): \(reason)")
    }

    fileprivate static var missing: SandboxStatus {
        refused("a path of the JSON patch does not exist")
    }

    fileprivate mutating func change(
        _ path: ArraySlice<String>,
        _ step: PatchStep
    ) throws(SandboxStatus) {
        guard let token = path.first else {
            self = if case .add(let value) = step { value } else { .null }
            return
        }
        let rest = path.dropFirst()
        switch self {
        case .object(var object):
            if rest.isEmpty, case .add(let value) = step {
                object[token] = value
            } else {
                guard var child = object[token] else { throw JSON.missing }
                if rest.isEmpty {
                    object[token] = nil
                } else {
                    try child.change(rest, step)
                    object[token] = child
                }
            }
            self = .object(object)
        case .array(var list):
            let index = token == "-" ? list.count : Int(token) ?? -1
            if rest.isEmpty, case .add(let value) = step {
                guard (0...list.count).contains(index) else { throw JSON.missing }
                list.insert(value, at: index)
            } else {
                guard list.indices.contains(index) else { throw JSON.missing }
                if rest.isEmpty {
                    list.remove(at: index)
                } else {
                    try list[index].change(rest, step)
                }
            }
            self = .array(list)
        default: throw JSON.missing
        }
    }
}
