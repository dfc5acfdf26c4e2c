package import JSON
import Yams

/// A YAML document read as JSON, with the place of every value.
///
/// Tags are refused, and anchors unless asked for; keys must be plain names and unique; size and
/// depth are limited, so that a small file cannot become large work.
package struct YAMLDocument {
    /// Bytes of one document.
    static let bytesMax = 1 << 20
    /// Values of one document.
    static let valuesMax = 50_000
    /// How deep values may be nested.
    static let depthMax = 64
    /// Bytes of all its texts, with what aliases stand for counted each time.
    static let textBytesMax = 4 << 20

    /// Whether `&name` and `*name` are taken.
    package enum Anchors: Sendable {
        case refused
        /// What an alias stands for counts each time against every limit.
        case resolved
    }

    /// The document as JSON.
    package let value: JSON
    private let marks: [String: Mark]
    private let linesBefore: Int

    /// Reads the only document in the text, which may start at another line than the first of its
    /// file.
    ///
    /// - Throws: every problem, with line and column.
    package init(
        parsing bytes: [UInt8],
        anchors: Anchors = .refused,
        fromLine firstLine: Int = 1
    ) throws(YAMLFault) {
        do throws(YAMLFault) {
            try self.init(bytes, anchors, linesBefore: firstLine - 1)
        } catch {
            throw error.moved(down: firstLine - 1)
        }
    }

    private init(
        _ bytes: [UInt8],
        _ anchors: Anchors,
        linesBefore: Int
    ) throws(YAMLFault) {
        guard bytes.count <= Self.bytesMax else {
            throw YAMLFault(YAMLProblem(.limit, "the file is larger than 1 MiB"))
        }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw YAMLFault(YAMLProblem(.syntax, "the file is not UTF-8"))
        }
        if let problem = YAMLGuard.problem(in: bytes, anchors: anchors) {
            throw YAMLFault(problem)
        }
        var reader = YAMLReader()
        let node: Node?
        do {
            node = try Yams.Parser(yaml: text, encoding: .utf8).singleRoot()
        } catch {
            throw YAMLFault(YAMLProblem(error))
        }
        guard let node else { throw YAMLFault(YAMLProblem(.syntax, "the file is empty")) }
        value = reader.json(node, at: .root, depth: 0)
        marks = reader.marks
        self.linesBefore = linesBefore
        guard reader.fault.problems.isEmpty else { throw reader.fault }
    }

    /// The line and column of a value.
    package func place(of pointer: JSONPointer) -> (line: Int, column: Int)? {
        marks[pointer.description].map { ($0.line + linesBefore, $0.column) }
    }
}

/// Turns nodes into JSON.
private struct YAMLReader {
    var marks: [String: Mark] = [:]
    var fault = YAMLFault()
    private var count = 0
    private var textBytes = 0

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
            textBytes += scalar.string.utf8.count
            guard textBytes <= YAMLDocument.textBytesMax else {
                if count <= YAMLDocument.valuesMax {
                    add(.limit, node, "the texts are larger than 4 MiB, aliases resolved")
                }
                count = YAMLDocument.valuesMax + 2
                return .null
            }
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
            add(.syntax, node, "aliases are not taken; write the value again")
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
                add(.syntax, key, "a key must be a plain name")
                continue
            }
            let child = json(value, at: pointer.appending(name.string), depth: depth + 1)
            if !object.append(name.string, child) {
                add(.syntax, key, "the key \(name.string) appears twice; keep one")
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

    private mutating func add(_ kind: YAMLProblem.Kind, _ node: Node, _ message: String) {
        fault.add(
            YAMLProblem(kind, line: node.mark?.line, column: node.mark?.column, message)
        )
    }
}
