/// One thing that keeps YAML from being read.
package struct YAMLProblem: Equatable, Sendable {
    /// Whether the text is wrong or too much.
    package enum Kind: Equatable, Sendable {
        /// The text is not YAML, or a YAML that is not taken.
        case syntax
        /// The text is larger or deeper than is taken.
        case limit
    }

    /// The kind.
    package let kind: Kind
    /// The line, from 1, where there is one.
    package let line: Int?
    /// The column, from 1, in characters.
    package let column: Int?
    /// What is wrong, and what to do.
    package let message: String

    init(_ kind: Kind, line: Int? = nil, column: Int? = nil, _ message: String) {
        self.kind = kind
        self.line = line
        self.column = column
        self.message = message
    }
}

/// Everything that keeps YAML from being read, at once.
package struct YAMLFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// At most this many problems are named.
    package static let problemsMax = 200

    /// The problems in the order of the text; never empty when thrown.
    package private(set) var problems: [YAMLProblem]

    init(_ problems: YAMLProblem...) {
        self.problems = problems
    }

    mutating func add(_ problem: YAMLProblem) {
        if problems.count < Self.problemsMax { problems.append(problem) }
    }

    /// The same problems that many lines further down.
    func moved(down lines: Int) -> YAMLFault {
        var fault = self
        fault.problems = problems.map { problem in
            YAMLProblem(
                problem.kind,
                line: problem.line.map { $0 + lines },
                column: problem.column,
                problem.message
            )
        }
        return fault
    }

    /// One line a problem: `line 3, column 5: …`.
    package var description: String {
        problems.map { problem in
            var place = problem.line.map { "line \($0)" } ?? ""
            if let column = problem.column { place += ", column \(column)" }
            return place.isEmpty ? problem.message : "\(place): \(problem.message)"
        }
        .joined(separator: "\n")
    }
}
