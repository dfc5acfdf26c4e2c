import Testing

/// One broken rule, said the way a compiler says it.
struct Problem: CustomStringConvertible, Equatable {
    let file: String
    let line: Int
    let what: String
    let remedy: String

    var description: String { "\(file):\(line): \(what), \(remedy)" }
}

/// A rule that a program can check, with the snippets that prove that it can fail.
struct Rule: Sendable, CustomTestStringConvertible {
    let name: String
    /// Which files the rule speaks about, by path from the top of the repository.
    let covers: @Sendable (String) -> Bool
    let check: @Sendable (SourceText) -> [Problem]
    /// Snippets that break the rule, each as `(path, text)`.
    let bad: [Snippet]
    /// Snippets that look alike and keep it.
    let good: [Snippet]

    var testDescription: String { name }
}

/// A file that exists only for a test of a rule.
struct Snippet: Sendable {
    let path: String
    let text: String

    init(_ text: String) { self.init("Sources/Core/Domain/Tenant.swift", text) }

    init(_ path: String, _ text: String) {
        self.path = path
        self.text = text
    }
}
