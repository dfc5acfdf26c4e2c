/// Fills `${…}` in text: the language of `clusterctl` templates and of Flux `postBuild`.
///
/// Both use github.com/drone/envsubst; `docs/blueprints.md` lists every form. Text without `${`
/// comes out as it went in, byte for byte, Helm and Go templates included.
package struct Substitution: Sendable {
    /// The limits of one rendering.
    package struct Limits: Sendable {
        /// Bytes that one file may grow to.
        package var outputBytesMax = 16 << 20
        /// How deep `${A:-${B:-…}}` may be nested.
        package var nestingMax = 16
        /// Steps of all expressions of one file together, so that time stays linear.
        package var workMax = 64 << 20
        /// Characters of a pattern.
        package var patternMax = 1_024

        /// The limits that fit a platform's repository.
        package init() {}
    }

    private let values: [String: [UInt8]]
    private let limits: Limits

    /// Takes what is defined; an empty value is defined as well.
    package init(values: [String: String], limits: Limits = Limits()) {
        self.values = values.mapValues { Array($0.utf8) }
        self.limits = limits
    }

    /// The text with everything filled in; nil when something was found, which is added to `fault`.
    package func expand(_ text: [UInt8], file: String, fault: inout RenderFault) -> [UInt8]? {
        var expansion = Expansion(text: text, file: file, values: values, limits: limits)
        let output = expansion.run()
        expansion.findings.sort { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) }
        for finding in expansion.findings { fault.add(finding) }
        for _ in 0..<expansion.omitted { fault.add(expansion.overflow) }
        return expansion.findings.isEmpty ? output : nil
    }

    /// Every use of a variable in the text, in its order; nil when something was found, which is
    /// added to `fault`.
    package static func uses(
        in text: [UInt8],
        file: String,
        fault: inout RenderFault
    ) -> [VariableUse]? {
        var expansion = Expansion(text: text, file: file, values: [:], limits: Limits())
        expansion.uses = []
        _ = expansion.run()
        for finding in expansion.findings { fault.add(finding) }
        return expansion.findings.isEmpty ? expansion.uses : nil
    }

    /// What `expand` does, for a short text such as a path.
    package func expand(_ text: String, file: String, fault: inout RenderFault) -> String? {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        return expand(Array(text.utf8), file: file, fault: &fault)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

/// One place where a text names a variable.
package struct VariableUse: Sendable, Equatable {
    /// The variable.
    package let name: String
    /// The line, from 1.
    package let line: Int
    /// Whether the place is inside a default, which may not be needed.
    package let isOptional: Bool
    /// The default as it is written; nil where there is none.
    package internal(set) var fallback: String?
}
