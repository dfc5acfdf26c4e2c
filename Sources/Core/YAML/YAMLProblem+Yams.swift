import Yams

extension YAMLProblem {
    /// What the parser complained about.
    init(_ error: any Error) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(.syntax, line: mark.line, column: mark.column, problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            self.init(
                .syntax,
                line: context.mark.line,
                column: context.mark.column,
                "the key \(duplicates.joined(separator: ", ")) appears twice; keep one"
            )
        case .reader(let problem, _, _, _):
            self.init(.syntax, problem)
        default:
            self.init(.syntax, "the YAML could not be read")
        }
    }
}
