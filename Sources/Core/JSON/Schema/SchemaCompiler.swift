/// Turns a schema document into nodes, one for each place that is a schema.
struct SchemaCompiler {
    let root: JSON
    let formats: JSONSchema.FormatRule
    private var nodes: [SchemaNode] = []
    private var ids: [JSONPointer: SchemaNode.ID] = [:]
    private var waiting: [(id: SchemaNode.ID, pointer: JSONPointer, schema: JSON)] = []
    private var anchors: [ByteKey: SchemaNode.ID] = [:]
    private var anchorReferences: [(from: SchemaNode.ID, anchor: String, at: JSONPointer)] = []
    /// The root's `$id`, by which the document may refer to itself.
    private var identifier: String?

    init(root: JSON, formats: JSONSchema.FormatRule) {
        self.root = root
        self.formats = formats
    }

    mutating func compile() throws(SchemaFault) -> [SchemaNode] {
        _ = try node(for: root, at: .root)
        while let next = waiting.popLast() {
            nodes[next.id] = try read(next.schema, at: next.pointer, id: next.id)
        }
        for reference in anchorReferences {
            guard let target = anchors[ByteKey(reference.anchor)] else {
                throw SchemaFault(reference.at, "no schema here has the anchor \(reference.anchor)")
            }
            nodes[reference.from].composition?.reference = target
        }
        try SchemaChains(nodes: nodes).check()
        return nodes
    }

    /// The node of the schema at `pointer`, made when it is asked for first.
    mutating func node(
        for schema: JSON,
        at pointer: JSONPointer
    ) throws(SchemaFault) -> SchemaNode.ID {
        if let id = ids[pointer] { return id }
        guard nodes.count < JSONSchema.nodesMax else {
            throw SchemaFault(pointer, "a schema may have at most \(JSONSchema.nodesMax) parts")
        }
        let id = nodes.count
        nodes.append(SchemaNode())
        ids[pointer] = id
        waiting.append((id, pointer, schema))
        return id
    }

    private mutating func read(
        _ schema: JSON,
        at pointer: JSONPointer,
        id: SchemaNode.ID
    ) throws(SchemaFault) -> SchemaNode {
        var node = SchemaNode()
        switch schema {
        case .bool(let allowsAll):
            node.isNever = !allowsAll
        case .object(let object):
            let reader = SchemaKeywords(object: object, pointer: pointer)
            try readIdentity(reader, id: id)
            node.types = try reader.types()
            node.enumeration = try reader.array("enum")
            node.constant = object["const"]
            node.defaultValue = object["default"]
            node.numbers = try numbers(reader)
            node.texts = try texts(reader)
            node.objects = try objects(reader)
            node.arrays = try arrays(reader)
            node.composition = try composition(reader, id: id)
        case .null, .number, .string, .array:
            throw SchemaFault(
                pointer,
                "a schema is an object, true or false, not \(schema.kindInWords)"
            )
        }
        return node
    }

    private mutating func readIdentity(
        _ reader: SchemaKeywords,
        id: SchemaNode.ID
    ) throws(SchemaFault) {
        if let draft = try reader.text("$schema") {
            let known = "https://json-schema.org/draft/2020-12/schema"
            guard draft == known || draft == known + "#" else {
                throw reader.fault("$schema", "only \"\(known)\" is supported")
            }
        }
        if let identifier = try reader.text("$id") {
            guard reader.pointer == .root else {
                throw reader.fault("$id", "below the root use $anchor or a place in $defs")
            }
            self.identifier = identifier
        }
        if reader.object["$dynamicRef"] != nil {
            throw reader.fault("$dynamicRef", "this is not supported; use $ref")
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            guard let anchor = try reader.text(keyword) else { continue }
            guard anchors.updateValue(id, forKey: ByteKey(anchor)) == nil else {
                throw reader.fault(keyword, "the anchor \(anchor) is given twice")
            }
        }
        for keyword in ["$defs", "definitions"] where reader.object[keyword]?.object != nil {
            _ = try subschemas(reader, keyword)
        }
    }

    private mutating func composition(
        _ reader: SchemaKeywords,
        id: SchemaNode.ID
    ) throws(SchemaFault) -> SchemaNode.Composition? {
        let keywords = ["$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else"]
        guard reader.hasAny(of: keywords) else { return nil }
        var result = SchemaNode.Composition()
        result.allOf = try list(reader, "allOf")
        result.anyOf = try list(reader, "anyOf")
        result.oneOf = try list(reader, "oneOf")
        result.not = try subschema(reader, "not")
        result.condition = try subschema(reader, "if")
        result.consequence = try subschema(reader, "then")
        result.alternative = try subschema(reader, "else")
        if let reference = try reader.text("$ref") {
            result.reference = try resolve(reference, reader, id: id)
        }
        if result.condition == nil {
            result.consequence = nil
            result.alternative = nil
        }
        return result
    }

    /// The node that a `$ref` names; one that names an anchor is filled in at the end.
    private mutating func resolve(
        _ reference: String,
        _ reader: SchemaKeywords,
        id: SchemaNode.ID
    ) throws(SchemaFault) -> SchemaNode.ID? {
        let own = SchemaReference(reference, within: identifier)
        switch own {
        case .place(let pointer):
            guard let target = root.value(at: pointer) else {
                throw reader.fault("$ref", "there is nothing at \(reference)")
            }
            return try node(for: target, at: pointer)
        case .anchor(let name):
            anchorReferences.append((id, name, reader.pointer.appending("$ref")))
            return nil
        case nil:
            throw reader.fault(
                "$ref",
                "only places in this schema can be referred to, as \"#/$defs/name\""
            )
        }
    }

    mutating func subschema(
        _ reader: SchemaKeywords,
        _ keyword: String
    ) throws(SchemaFault) -> SchemaNode.ID? {
        guard let schema = reader.object[keyword] else { return nil }
        return try node(for: schema, at: reader.pointer.appending(keyword))
    }

    mutating func list(
        _ reader: SchemaKeywords,
        _ keyword: String
    ) throws(SchemaFault) -> [SchemaNode.ID] {
        guard let schemas = try reader.array(keyword) else { return [] }
        guard !schemas.isEmpty else { throw reader.fault(keyword, "the list must not be empty") }
        var result: [SchemaNode.ID] = []
        for (place, schema) in schemas.enumerated() {
            let pointer = reader.pointer.appending(keyword).appending(place)
            result.append(try node(for: schema, at: pointer))
        }
        return result
    }

    mutating func subschemas(
        _ reader: SchemaKeywords,
        _ keyword: String
    ) throws(SchemaFault) -> [(name: String, id: SchemaNode.ID)] {
        guard let members = try reader.members(keyword) else { return [] }
        var result: [(name: String, id: SchemaNode.ID)] = []
        for member in members {
            let pointer = reader.pointer.appending(keyword).appending(member.key)
            result.append((member.key, try node(for: member.value, at: pointer)))
        }
        return result
    }
}

/// A `$ref` within its own document.
private enum SchemaReference {
    case place(JSONPointer)
    case anchor(String)

    /// Nil for a reference to another document, or one that cannot be read.
    init?(_ reference: String, within identifier: String?) {
        var fragment = reference
        if let identifier, !identifier.isEmpty, fragment.hasPrefix(identifier) {
            fragment.removeFirst(identifier.count)
            if fragment.isEmpty { fragment = "#" }
        }
        guard fragment.hasPrefix("#"), let name = Self.decode(fragment.dropFirst()) else {
            return nil
        }
        if name.isEmpty || name.hasPrefix("/") {
            guard let pointer = JSONPointer(parsing: name) else { return nil }
            self = .place(pointer)
        } else {
            self = .anchor(name)
        }
    }

    /// Percent-decoding of RFC 3986.
    private static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let decoded = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(decoded)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

/// Checks that no value can keep a schema going round in itself.
private struct SchemaChains {
    private let nodes: [SchemaNode]
    private var lengths: [Int?]
    private var isOpen: [Bool]

    init(nodes: [SchemaNode]) {
        self.nodes = nodes
        lengths = Array(repeating: nil, count: nodes.count)
        isOpen = Array(repeating: false, count: nodes.count)
    }

    consuming func check() throws(SchemaFault) {
        for id in nodes.indices { _ = try length(from: id, depth: 0) }
    }

    private mutating func length(from id: SchemaNode.ID, depth: Int) throws(SchemaFault) -> Int {
        if let known = lengths[id] { return known }
        guard !isOpen[id] else {
            throw SchemaFault(.root, "a $ref leads back to itself without entering the value")
        }
        guard depth <= JSONSchema.chainMax else { throw Self.tooLong }
        isOpen[id] = true
        var longest = 0
        for next in nodes[id].inPlace {
            longest = max(longest, try length(from: next, depth: depth + 1))
        }
        isOpen[id] = false
        guard longest < JSONSchema.chainMax else { throw Self.tooLong }
        lengths[id] = longest + 1
        return longest + 1
    }

    private static let tooLong = SchemaFault(
        .root,
        "more than \(JSONSchema.chainMax) schemas in a row apply to one value"
    )
}
