import JSON

/// A JSON Patch (RFC 6902).
struct JSONPatch {
    /// The most operations of one patch, as the API server has it: 10,000.
    private static let operationsMax = 10_000

    private let operations: [JSON]

    init(_ json: JSON) throws(SandboxStatus) {
        guard let operations = json.array, operations.count <= Self.operationsMax else {
            throw SandboxStatus(
                .badRequest,
                "a JSON patch is a list of at most \(Self.operationsMax) operations"
            )
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
        case "add": value = try value.adding(member(operation), at: path.tokens[...])
        case "replace":
            _ = try found(path, in: value)
            value = try value.removing(at: path.tokens[...])
                .adding(member(operation), at: path.tokens[...])
        case "remove": value = try value.removing(at: path.tokens[...])
        case "move":
            let from = try pointer(operation, "from")
            let moved = try found(from, in: value)
            value = try value.removing(at: from.tokens[...]).adding(moved, at: path.tokens[...])
        case "copy":
            let copied = try found(pointer(operation, "from"), in: value)
            value = try value.adding(copied, at: path.tokens[...])
        case "test":
            guard value.value(at: path) == operation["value"] else {
                throw SandboxStatus(
                    .invalid,
                    "the server rejected our request due to an error in our request: testing "
                        + "value \(path) failed"
                )
            }
        default: throw SandboxStatus(.badRequest, "unknown operation in a JSON patch")
        }
    }

    private func member(_ operation: JSON) throws(SandboxStatus) -> JSON {
        guard let value = operation["value"] else {
            throw SandboxStatus(.badRequest, "an operation of the JSON patch has no value")
        }
        return value
    }

    private func pointer(
        _ operation: JSON,
        _ field: String
    ) throws(SandboxStatus) -> JSONPointer {
        guard let pointer = operation[field]?.string.flatMap({ JSONPointer(parsing: $0) }) else {
            throw SandboxStatus(.badRequest, "an operation of the JSON patch has no \(field)")
        }
        return pointer
    }

    private func found(_ path: JSONPointer, in value: JSON) throws(SandboxStatus) -> JSON {
        guard let found = value.value(at: path) else { throw JSON.missing }
        return found
    }
}

extension JSON {
    fileprivate static var missing: SandboxStatus {
        SandboxStatus(
            .invalid,
            "the server rejected our request due to an error in our request: a path of the JSON "
                + "patch does not exist"
        )
    }

    fileprivate func adding(
        _ value: JSON,
        at path: ArraySlice<String>
    ) throws(SandboxStatus) -> JSON {
        guard let token = path.first else { return value }
        let rest = path.dropFirst()
        switch self {
        case .object(var object):
            guard !rest.isEmpty else {
                object[token] = value
                return .object(object)
            }
            guard let child = object[token] else { throw JSON.missing }
            object[token] = try child.adding(value, at: rest)
            return .object(object)
        case .array(var list):
            let index = token == "-" ? list.count : Int(token) ?? -1
            guard index >= 0, index <= list.count else { throw JSON.missing }
            if rest.isEmpty {
                list.insert(value, at: index)
            } else {
                guard index < list.count else { throw JSON.missing }
                list[index] = try list[index].adding(value, at: rest)
            }
            return .array(list)
        default: throw JSON.missing
        }
    }

    fileprivate func removing(at path: ArraySlice<String>) throws(SandboxStatus) -> JSON {
        guard let token = path.first else { return .null }
        let rest = path.dropFirst()
        switch self {
        case .object(var object):
            guard let child = object[token] else { throw JSON.missing }
            if rest.isEmpty {
                object[token] = nil
            } else {
                object[token] = try child.removing(at: rest)
            }
            return .object(object)
        case .array(var list):
            guard let index = Int(token), list.indices.contains(index) else { throw JSON.missing }
            if rest.isEmpty {
                list.remove(at: index)
            } else {
                list[index] = try list[index].removing(at: rest)
            }
            return .array(list)
        default: throw JSON.missing
        }
    }
}
