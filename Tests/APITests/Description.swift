import CEmbedded
import HTTP
import JSON
import Testing
import YAML

@testable import API

/// openapi.yaml as the program carries it, and the few questions that tests ask of it.
enum Description {
    static let bytes: [UInt8] = {
        var count = 0
        let files = UnsafeBufferPointer(start: embedded_files(&count), count: count)
        guard let file = files.first(where: { String(cString: $0.path) == "openapi.yaml" }) else {
            preconditionFailure("openapi.yaml is embedded")
        }
        return Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
    }()

    static let document: JSON = {
        do {
            return try YAML.parse(bytes)
        } catch {
            preconditionFailure("openapi.yaml cannot be read: \(error)")
        }
    }()

    /// One operation as described.
    struct Described: Sendable, CustomTestStringConvertible {
        let path: String
        let method: String
        let item: JSON
        let operation: JSON

        var id: String { operation["operationId"]?.string ?? "" }
        var testDescription: String { id }

        /// The parameters of the operation and of its path, resolved.
        var parameters: [JSON] {
            let own = operation["parameters"]?.array ?? []
            return ((item["parameters"]?.array ?? []) + own).map(Description.resolve)
        }

        func names(in place: String) -> Set<String> {
            Set(parameters.filter { $0["in"]?.string == place }.compactMap { $0["name"]?.string })
        }

        /// The described answer of a status, resolved.
        func answer(_ status: Int) -> JSON? {
            operation["responses"]?[String(status)].map(Description.resolve)
        }

        /// Every example of the body.
        var examples: [(name: String, type: String, value: JSON)] {
            (operation["requestBody"]?["content"]?.object.map { Array($0) } ?? []).flatMap { type in
                (type.value["examples"]?.object.map { Array($0) } ?? []).compactMap { example in
                    example.value["value"].map { (example.key, type.key, $0) }
                }
            }
        }
    }

    static let operations: [Described] = {
        let methods = ["get", "put", "post", "patch", "delete"]
        return (document["paths"]?.object.map { Array($0) } ?? []).flatMap { path in
            methods.compactMap { method in
                path.value[method].map {
                    Described(path: path.key, method: method, item: path.value, operation: $0)
                }
            }
        }
    }()

    static func operation(_ id: String) -> Described? {
        operations.first { $0.id == id }
    }

    /// Follows one reference.
    static func resolve(_ node: JSON) -> JSON {
        guard let reference = node["$ref"]?.string,
            let pointer = JSONPointer(parsing: String(reference.dropFirst()))
        else { return node }
        return document.value(at: pointer).map(resolve) ?? .null
    }

    /// The node with every reference in it replaced by what it refers to.
    static func expanded(_ node: JSON) -> JSON {
        switch resolve(node) {
        case .object(var object):
            object.changeValues { _, value in expanded(value) }
            return .object(object)
        case .array(let elements): return .array(elements.map(expanded))
        case let value: return value
        }
    }

    /// What is wrong with a value by a schema of the description.
    static func violations(_ value: JSON, _ schema: JSON) throws -> [String] {
        try JSONSchema(parsing: expanded(schema)).validate(value)
            .map { "\($0.pointer): \($0.message)" }
    }
}
