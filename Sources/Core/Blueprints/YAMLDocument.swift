import JSON
import Yams

/// A YAML document read as JSON, with the place of every value.
///
/// Anchors, aliases and tags are refused, keys must be plain names and unique, and size and depth
/// are limited, so that a small file cannot become large work.
struct YAMLDocument {
    /// Bytes of one document.
    static let bytesMax = 1 << 20
    /// Values of one document.
    static let valuesMax = 20_000
    /// How deep values may be nested.
    static let depthMax = 64

    /// The document as JSON.
    let value: JSON
    private let marks: [String: Mark]

    /// Reads the only document in the text.
    init(parsing bytes: [UInt8], file: String) throws(RenderFault) {
        guard bytes.count <= Self.bytesMax else {
            throw RenderFault(
                Finding(.limit, file: file, message: "the file is larger than 1 MiB")
            )
        }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw RenderFault(Finding(.badManifest, file: file, message: "the file is not UTF-8"))
        }
        if let finding = YAMLGuard.finding(in: bytes, file: file) { throw RenderFault(finding) }
        var reader = YAMLReader(file: file)
        let node: Node?
        do {
            node = try Yams.Parser(yaml: text, encoding: .utf8).singleRoot()
        } catch {
            throw RenderFault(Self.finding(error, file: file))
        }
        guard let node else {
            throw RenderFault(Finding(.badManifest, file: file, message: "the file is empty"))
        }
        value = reader.json(node, at: .root, depth: 0)
        marks = reader.marks
        guard reader.fault.isEmpty else { throw reader.fault }
    }

    /// The line and column of a value.
    func place(of pointer: JSONPointer) -> (line: Int, column: Int)? {
        marks[pointer.description].map { ($0.line, $0.column) }
    }

    private static func finding(_ error: any Error, file: String) -> Finding {
        guard let error = error as? YamlError else {
            return Finding(.badManifest, file: file, message: "the YAML could not be read")
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return Finding(
                .badManifest,
                file: file,
                line: mark.line,
                column: mark.column,
                message: problem
            )
        case .duplicatedKeysInMapping(let duplicates, let context):
            return Finding(
                .badManifest,
                file: file,
                line: context.mark.line,
                column: context.mark.column,
                message: "the key \(duplicates.joined(separator: ", ")) appears twice; keep one"
            )
        case .reader(let problem, _, _, _):
            return Finding(.badManifest, file: file, message: problem)
        default:
            return Finding(.badManifest, file: file, message: "the YAML could not be read")
        }
    }
}

/// Turns nodes into JSON.
private struct YAMLReader {
    let file: String
    var marks: [String: Mark] = [:]
    var fault = RenderFault()
    private var count = 0

    init(file: String) {
        self.file = file
    }

    mutating func json(_ node: Node, at pointer: JSONPointer, depth: Int) -> JSON {
        count += 1
        if let mark = node.mark { marks[pointer.description] = mark }
        guard count <= YAMLDocument.valuesMax, depth <= YAMLDocument.depthMax else {
            if count <= YAMLDocument.valuesMax + 1 {
                add(.limit, node, "the file holds more or deeper values than are taken")
            }
            return .null
        }
        switch node {
        case .scalar(let scalar):
            return Self.scalar(scalar)
        case .sequence(let sequence):
            return .array(
                sequence.enumerated().map { index, element in
                    json(element, at: pointer.appending(index), depth: depth + 1)
                }
            )
        case .mapping(let mapping):
            return object(mapping, at: pointer, depth: depth)
        case .alias:
            add(.badManifest, node, "aliases are not taken; write the value again")
            return .null
        }
    }

    private mutating func object(
        _ mapping: Node.Mapping,
        at pointer: JSONPointer,
        depth: Int
    ) -> JSON {
        var object = JSONObject(reserving: mapping.count)
        for (key, value) in mapping {
            guard case .scalar(let name) = key, name.string != "<<" else {
                add(.badManifest, key, "a key must be a plain name")
                continue
            }
            let child = json(value, at: pointer.appending(name.string), depth: depth + 1)
            if !object.append(name.string, child) {
                add(.badManifest, key, "the key \(name.string) appears twice; keep one")
            }
        }
        return .object(object)
    }

    /// The core schema of YAML 1.2: what is quoted is a string, and `yes` and `on` are strings too.
    private static func scalar(_ scalar: Node.Scalar) -> JSON {
        guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
        switch scalar.string {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: return number(scalar.string) ?? .string(scalar.string)
        }
    }

    private static func number(_ text: String) -> JSON? {
        guard let first = text.utf8.first, first == UInt8(ascii: "-") || first.isDigit else {
            return nil
        }
        // What is no JSON number stays the text that it is.
        guard let value = try? JSON.parse(Array(text.utf8)), case .number = value else {
            return nil
        }
        return value
    }

    private mutating func add(_ code: Finding.Code, _ node: Node, _ message: String) {
        fault.add(
            Finding(
                code,
                file: file,
                line: node.mark?.line,
                column: node.mark?.column,
                message: message
            )
        )
    }
}
