import Blueprints
package import YAML

/// A `cluster-template.yaml` as published for `clusterctl`: text with variables, which becomes
/// the manifests of one cluster.
package struct ClusterTemplate: Sendable, Equatable {
    /// Bytes of one template.
    package static let bytesMax = 512 << 10

    /// The text as it was published.
    package let text: [UInt8]
    /// The variables, in the order in which the text first names them.
    package let variables: [TemplateVariable]
    /// Variables that are used with a default and without.
    private let mixed: Set<String>
    /// The text as it is filled in.
    private let source: [UInt8]

    /// Reads the text and lists its variables.
    ///
    /// - Throws: every expression that is not understood, with its line.
    package init(parsing bytes: [UInt8]) throws(ClassFault) {
        guard bytes.count <= Self.bytesMax else {
            let message = "the template is larger than \(Self.bytesMax >> 10) KiB"
            throw ClassFault(ClassFinding(.badTemplate, message))
        }
        var fault = RenderFault()
        source = Self.withoutSpaces(bytes)
        guard let uses = Substitution.uses(in: source, file: "", fault: &fault) else {
            throw ClassFault(fault)
        }
        let bare = Set(uses.filter { $0.fallback == nil && !$0.isOptional }.map(\.name))
        text = bytes
        variables = Self.variables(uses, bare: bare)
        mixed = Set(variables.filter { !$0.defaults.isEmpty }.map(\.name)).intersection(bare)
    }

    /// `${ NAME }` as `${NAME}`: `clusterctl` does the same before it looks for variables.
    private static func withoutSpaces(_ text: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        var rest = text[...]
        while let byte = rest.first {
            if byte == UInt8(ascii: "$"), let name = spacedName(rest) {
                output += Array("${".utf8) + name + Array("}".utf8)
                rest = rest[name.endIndex...].drop { $0 != UInt8(ascii: "}") }.dropFirst()
            } else {
                output.append(byte)
                rest.removeFirst()
            }
        }
        return output
    }

    /// The name in a `${ NAME }` that the text begins with.
    private static func spacedName(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard text.starts(with: "${ ".utf8) || text.starts(with: "${\t".utf8) else { return nil }
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        let inner = text.dropFirst(2).drop(while: isSpace)
        let name = inner.prefix { byte in
            (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
        }
        let next = inner.dropFirst(name.count).drop(while: isSpace).first
        return name.isEmpty || next != UInt8(ascii: "}") ? nil : name
    }

    private static func variables(
        _ uses: [VariableUse],
        bare: Set<String>
    ) -> [TemplateVariable] {
        var variables: [TemplateVariable] = []
        var places: [String: Int] = [:]
        for use in uses {
            let place = places[use.name] ?? variables.count
            if place == variables.count {
                places[use.name] = place
                variables.append(
                    TemplateVariable(name: use.name, defaults: [], lines: [], isRequired: false)
                )
            }
            if variables[place].lines.last != use.line { variables[place].lines.append(use.line) }
            if let fallback = use.fallback, !variables[place].defaults.contains(fallback) {
                variables[place].defaults.append(fallback)
            }
        }
        for place in variables.indices {
            variables[place].isRequired =
                bare.contains(variables[place].name) && variables[place].defaults.isEmpty
        }
        return variables
    }

    /// The text with everything filled in.
    ///
    /// A variable that has a default in one place and none in another has that default in both.
    ///
    /// - Throws: every variable without a value, with its line.
    package func expanded(with values: [String: String]) throws(ClassFault) -> [UInt8] {
        var fault = RenderFault()
        let known = fillingDefaults(in: values)
        let output = Substitution(values: known).expand(source, file: "", fault: &fault)
        guard let output else { throw ClassFault(fault) }
        return output
    }

    /// The manifests, everything filled in.
    ///
    /// - Throws: every variable without a value, or else everything that is not YAML.
    package func manifests(with values: [String: String]) throws(ClassFault) -> [YAMLManifest] {
        let text = try expanded(with: values)
        do throws(YAMLFault) {
            return try YAML.documents(text)
        } catch {
            throw ClassFault(error)
        }
    }

    private func fillingDefaults(in values: [String: String]) -> [String: String] {
        var known = values
        for variable in variables where mixed.contains(variable.name) {
            guard known[variable.name] == nil, let written = variable.defaults.first else {
                continue
            }
            var fault = RenderFault()
            // What a default lacks is told where the variable is used.
            known[variable.name] =
                Substitution(values: known).expand(written, file: "", fault: &fault)
        }
        return known
    }
}

extension ClassFault {
    /// What is wrong with an expression, or which variables have no value.
    init(_ fault: RenderFault) {
        self.init()
        var missing: Set<String> = []
        for finding in fault.findings {
            guard finding.code == .undefinedVariable, let name = finding.variable else {
                add(ClassFinding(.badTemplate, line: finding.line, finding.message))
                continue
            }
            guard missing.insert(name).inserted else { continue }
            add(ClassFinding(missing: name, line: finding.line))
        }
    }

    /// What keeps the expanded template from being YAML.
    init(_ fault: YAMLFault) {
        self.init()
        for problem in fault.problems {
            let message = "the template with its values is not usable YAML: \(problem.message)"
            add(ClassFinding(.badTemplate, line: problem.line, message))
        }
    }
}
