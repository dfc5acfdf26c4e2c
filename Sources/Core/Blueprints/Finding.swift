import JSON
package import YAML

/// One thing that keeps a blueprint from being read or rendered, and what to do about it.
package struct Finding: Equatable, Sendable {
    /// The kinds of finding, as programs see them.
    package enum Code: String, Sendable, CaseIterable {
        case undefinedVariable = "undefined-variable"
        case badSubstitution = "bad-substitution"
        case unfinishedSubstitution = "unfinished-substitution"
        case badPath = "bad-path"
        case pathTaken = "path-taken"
        case limit = "limit"
        case badParameter = "bad-parameter"
        case badManifest = "bad-manifest"
        case missingContent = "missing-content"
    }

    /// The kind.
    package let code: Code
    /// The file it is in; empty for a finding about the parameters.
    package let file: String
    /// The line, from 1, where there is one.
    package let line: Int?
    /// The column, from 1, in characters.
    package let column: Int?
    /// The variable it is about.
    package let variable: String?
    /// The JSON Pointer of the parameter it is about.
    package let pointer: String?
    /// The rule that the parameter breaks, in a word: the keyword of its schema; nil for what is
    /// about no parameter.
    package let rule: String?
    /// What is wrong, and what to do.
    package let message: String

    /// A finding; the message says what to do.
    package init(
        _ code: Code,
        file: String = "",
        line: Int? = nil,
        column: Int? = nil,
        variable: String? = nil,
        pointer: String? = nil,
        rule: String? = nil,
        message: String
    ) {
        self.code = code
        self.file = file
        self.line = line
        self.column = column
        self.variable = variable
        self.pointer = pointer
        self.rule = rule
        self.message = message
    }
}

extension Finding: CustomStringConvertible {
    /// `file:line:column: message`, as compilers write it.
    package var description: String {
        var place = file.isEmpty ? (pointer ?? "") : file
        if let line { place += ":\(line)" }
        if let column { place += ":\(column)" }
        return place.isEmpty ? message : "\(place): \(message)"
    }
}

/// Everything that keeps a blueprint from being read or rendered, at once.
package struct RenderFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// At most this many findings are named.
    package static let findingsMax = 200

    /// The findings in the order of files and lines.
    package private(set) var findings: [Finding] = []
    /// How many more there are than are named.
    package private(set) var omitted = 0

    /// Nothing found so far.
    package init() {}

    /// A single finding.
    package init(_ finding: Finding) {
        findings = [finding]
    }

    /// What kept YAML from being read.
    package init(_ fault: YAMLFault, file: String) {
        for problem in fault.problems {
            add(
                Finding(
                    problem.kind == .limit ? .limit : .badManifest,
                    file: file,
                    line: problem.line,
                    column: problem.column,
                    message: problem.message
                )
            )
        }
    }

    /// Whether there is nothing to complain about.
    package var isEmpty: Bool { findings.isEmpty }

    /// Adds a finding, or counts it when there are too many.
    package mutating func add(_ finding: Finding) {
        if findings.count < Self.findingsMax {
            findings.append(finding)
        } else {
            omitted += 1
        }
    }

    /// Adds what a schema says of parameters, each under the rule that is broken.
    mutating func add(parameters violations: [SchemaViolation]) {
        for violation in violations {
            add(
                Finding(
                    .badParameter,
                    pointer: violation.pointer.description,
                    rule: violation.code,
                    message: violation.message
                )
            )
        }
    }

    /// Adds what was found elsewhere.
    mutating func add(_ other: RenderFault) {
        for finding in other.findings { add(finding) }
        omitted += other.omitted
    }

    /// The same findings, with the paths of their files below a folder.
    ///
    /// What is said of the manifest is said of the folder's own.
    func moved(below folder: String, manifest: String) -> RenderFault {
        var moved = RenderFault()
        for finding in findings {
            let name = finding.file == BlueprintManifest.path ? manifest : finding.file
            moved.add(
                Finding(
                    finding.code,
                    file: name.isEmpty ? "" : "\(folder)/\(name)",
                    line: finding.line,
                    column: finding.column,
                    variable: finding.variable,
                    pointer: finding.pointer,
                    rule: finding.rule,
                    message: finding.message
                )
            )
        }
        moved.omitted += omitted
        return moved
    }

    /// The text that people read.
    package var description: String {
        let lines = findings.map(\.description).joined(separator: "\n")
        return omitted == 0 ? lines : lines + "\nand \(omitted) more"
    }
}
