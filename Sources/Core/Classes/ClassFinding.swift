/// One thing that is wrong with a cluster class, its template or what is asked of it.
package struct ClassFinding: Sendable, Hashable {
    /// The kinds of finding, as programs see them.
    package enum Code: String, Sendable, CaseIterable {
        /// The definition is not what it should be.
        case badDefinition = "bad-definition"
        /// The template is not what it should be.
        case badTemplate = "bad-template"
        /// A variable of the template has no value.
        case missingValue = "missing-value"
        /// What is asked for has no place in the template.
        case unsupported
        /// What is asked for is not what the class allows.
        case notAllowed = "not-allowed"
        /// Something is done, but should be known.
        case note
    }

    /// The kind.
    package let code: Code
    /// The line of the template, from 1, where there is one.
    package let line: Int?
    /// The variable it is about.
    package let variable: String?
    /// The JSON Pointer into the definition or the cluster's `spec` it is about.
    package let pointer: String?
    /// What is wrong, and what to do.
    package let message: String

    /// A finding; the message says what to do.
    package init(
        _ code: Code,
        line: Int? = nil,
        variable: String? = nil,
        pointer: String? = nil,
        _ message: String
    ) {
        self.code = code
        self.line = line
        self.variable = variable
        self.pointer = pointer
        self.message = message
    }
}

extension ClassFinding {
    /// That a variable of the template has no value.
    init(missing variable: String, line: Int?) {
        self.init(
            .missingValue,
            line: line,
            variable: variable,
            "the template needs a value for \(variable); give it under `variables`"
        )
    }
}

extension ClassFinding: CustomStringConvertible {
    /// `line 12: message`, or the pointer and the message.
    package var description: String {
        if let line { return "line \(line): \(message)" }
        return pointer.map { "\($0): \(message)" } ?? message
    }
}

/// Everything that keeps a class from being read or rendered, at once; never empty when thrown.
package struct ClassFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// At most this many findings are kept.
    package static let findingsMax = 200

    /// The findings, in the order in which they were found.
    package private(set) var findings: [ClassFinding]

    /// These findings.
    package init(_ findings: ClassFinding...) {
        self.findings = findings
    }

    mutating func add(_ finding: ClassFinding) {
        if findings.count < Self.findingsMax { findings.append(finding) }
    }

    /// One line a finding.
    package var description: String {
        findings.map(\.description).joined(separator: "\n")
    }
}
