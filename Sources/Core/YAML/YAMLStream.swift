import JSON
import Yams

/// Reads a stream of manifests, with everything that could make small text large work bounded.
enum YAMLStream {
    /// Bytes of one stream.
    static let bytesMax = 4 << 20
    /// Values of all documents, with what aliases stand for counted each time.
    static let valuesMax = 200_000
    /// Bytes of all texts, counted likewise.
    static let textBytesMax = 16 << 20
    /// How deep values may be nested.
    static let depthMax = 64
    /// Documents of one stream, empty ones not counted.
    static let documentsMax = 1_000

    static func read(_ bytes: [UInt8]) throws(YAMLFault) -> [YAMLManifest] {
        guard bytes.count <= bytesMax else {
            throw YAMLFault(YAMLProblem(.limit, "the text is larger than \(bytesMax >> 20) MiB"))
        }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw YAMLFault(YAMLProblem(.syntax, "the text is not UTF-8"))
        }
        if let line = YAMLGuard.aliasedKey(in: bytes) {
            throw YAMLFault(
                YAMLProblem(.syntax, line: line, "an alias as a key is not taken; write the key")
            )
        }
        var reader = ManifestReader()
        do {
            let parser = try Yams.Parser(yaml: text, resolver: .basic, encoding: .utf8)
            while let node = try parser.nextRoot() { reader.document(node) }
        } catch {
            reader.fault.add(YAMLProblem(error))
        }
        guard reader.fault.problems.isEmpty else { throw reader.fault }
        return reader.manifests
    }
}

/// Turns nodes into manifests.
private struct ManifestReader {
    private(set) var manifests: [YAMLManifest] = []
    var fault = YAMLFault()
    private var count = 0
    private var textBytes = 0
    private var isExhausted = false

    mutating func document(_ node: Node) {
        guard !isExhausted else { return }
        let value = json(node, depth: 0)
        guard !value.isNull else { return }
        if manifests.count == YAMLStream.documentsMax {
            exhaust(node, "there are more than \(YAMLStream.documentsMax) documents")
        } else {
            manifests.append(YAMLManifest(value: value, line: node.mark?.line ?? 1))
        }
    }

    private mutating func json(_ node: Node, depth: Int) -> JSON {
        guard !isExhausted else { return .null }
        count += 1
        if count > YAMLStream.valuesMax {
            exhaust(node, "there are more than \(YAMLStream.valuesMax) values, aliases resolved")
            return .null
        }
        if depth > YAMLStream.depthMax {
            exhaust(node, "values are nested deeper than \(YAMLStream.depthMax)")
            return .null
        }
        switch node {
        case .scalar(let scalar):
            return value(scalar, node)
        case .sequence(let sequence):
            return .array(sequence.map { json($0, depth: depth + 1) })
        case .mapping(let mapping):
            return .object(object(mapping, depth: depth))
        case .alias:
            add(.syntax, node, "the alias has no anchor")
            return .null
        }
    }

    /// Members in their order; what `<<` brings comes first and gives way to what is written.
    private mutating func object(_ mapping: Node.Mapping, depth: Int) -> JSONObject {
        var object = JSONObject(reserving: mapping.count)
        var merged: Set<String> = []
        for (key, value) in mapping where isMerge(key) {
            for source in mergeSources(value) {
                guard case .object(let members) = json(source, depth: depth + 1) else {
                    add(.syntax, value, "`<<` takes a mapping or a list of mappings")
                    continue
                }
                for member in members where object.append(member.key, member.value) {
                    merged.insert(member.key)
                }
            }
        }
        for (key, value) in mapping where !isMerge(key) {
            guard !isExhausted else { break }
            guard let name = name(key) else {
                add(.syntax, key, "a key must be a text, a number or a boolean")
                continue
            }
            let child = json(value, depth: depth + 1)
            if merged.remove(name) != nil {
                object[name] = child
            } else if !object.append(name, child) {
                add(.syntax, key, "the key \(name) appears twice; keep one")
            }
        }
        return object
    }

    private func isMerge(_ key: Node) -> Bool {
        guard case .scalar(let scalar) = key else { return false }
        return scalar.string == "<<" && isUnquoted(scalar)
    }

    private func mergeSources(_ value: Node) -> [Node] {
        guard case .sequence(let sequence) = value else { return [value] }
        return Array(sequence)
    }

    /// A key as sigs.k8s.io/yaml spells it: booleans and numbers become their text.
    private mutating func name(_ key: Node) -> String? {
        guard case .scalar(let scalar) = key else { return nil }
        // The parser has noted «text» as the tag of every key when it looked for duplicates.
        let value = isUnquoted(scalar) ? YAMLScalar.value(of: scalar.string) : nil
        textBytes += scalar.string.utf8.count
        switch value ?? .string(scalar.string) {
        case .string(let text): return text
        case .bool(let flag): return flag ? "true" : "false"
        case .number(let number): return number.text
        case .null, .array, .object: return nil
        }
    }

    private mutating func value(_ scalar: Node.Scalar, _ node: Node) -> JSON {
        textBytes += scalar.string.utf8.count
        if textBytes > YAMLStream.textBytesMax {
            exhaust(node, "the texts are larger than \(YAMLStream.textBytesMax >> 20) MiB")
            return .null
        }
        switch scalar.tag.description {
        case "tag:yaml.org,2002:str": return .string(scalar.string)
        case "", "!", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool",
            "tag:yaml.org,2002:null", "tag:yaml.org,2002:timestamp":
            break
        case let tag:
            add(.syntax, node, "the tag \(tag) is not taken")
            return .null
        }
        let isTagged = scalar.tag.description.hasPrefix("tag:")
        guard isUnquoted(scalar) || isTagged, scalar.tag.description != "!" else {
            return .string(scalar.string)
        }
        guard let value = YAMLScalar.value(of: scalar.string) else {
            add(.syntax, node, "JSON has no \(scalar.string)")
            return .null
        }
        return value
    }

    private func isUnquoted(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .plain || scalar.style == .any
    }

    private mutating func exhaust(_ node: Node, _ message: String) {
        isExhausted = true
        add(.limit, node, message)
    }

    private mutating func add(_ kind: YAMLProblem.Kind, _ node: Node, _ message: String) {
        fault.add(
            YAMLProblem(kind, line: node.mark?.line, column: node.mark?.column, message)
        )
    }
}
