/// A `kustomization.yaml` of the management repository: what it lists, in order.
///
/// Whatever else people wrote into the file stays where it is.
struct ResourceIndex {
    /// The lines up to and including `resources:`.
    private var head: [Substring]
    private(set) var names: [String]
    private var tail: [Substring]

    /// An index of those files.
    init(of names: [String]) {
        head = ["apiVersion: \"kustomize.config.k8s.io/v1beta1\"", "kind: \"Kustomization\""]
        self.names = names
        tail = [""]
    }

    /// Reads the file; nil where it has no list of resources that can be told apart.
    init?(parsing bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        head = []
        names = []
        while let line = lines.first, !line.hasPrefix("resources:") {
            head.append(line)
            lines.removeFirst()
        }
        guard let line = lines.popFirst() else { return nil }
        let rest = line.dropFirst("resources:".count).filter { $0 != " " }
        guard rest.isEmpty || rest == "[]" else { return nil }
        while let name = lines.first.flatMap(Self.name) {
            names.append(name)
            lines.removeFirst()
        }
        tail = Array(lines)
    }

    /// An entry of the list: `  - "acme"`, with or without quotes.
    private static func name(of line: Substring) -> String? {
        let entry = line.drop { $0 == " " }
        guard entry.hasPrefix("- ") else { return nil }
        var name = entry.dropFirst(2)
        while name.last == " " { name.removeLast() }
        if name.count >= 2, let quote = name.first, quote == "\"" || quote == "'",
            name.last == quote
        {
            name = name.dropFirst().dropLast()
        }
        return String(name)
    }

    mutating func insert(_ name: String) {
        guard !names.contains(name) else { return }
        names.append(name)
    }

    mutating func remove(_ name: String) {
        names.removeAll { $0 == name }
    }

    /// The file: entries sorted by their bytes, each once.
    var bytes: [UInt8] {
        let sorted = Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var lines = head.map(String.init)
        lines.append(sorted.isEmpty ? "resources: []" : "resources:")
        lines += sorted.map { "  - \($0.yaml)" }
        lines += tail.map(String.init)
        return Array(lines.joined(separator: "\n").utf8)
    }
}

extension String {
    /// The text as a double-quoted YAML scalar, which no reader takes for anything else.
    var yaml: String {
        var quoted = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
