/// A variable of a template, with everything that the template says of it.
package struct TemplateVariable: Sendable, Equatable {
    /// The name.
    package let name: String
    /// The defaults as they are written, each once, in the order of the text.
    package var defaults: [String]
    /// The lines on which it is used, from 1.
    package var lines: [Int]
    /// Whether rendering fails without a value: it is used without a default, and not only in
    /// the default of another variable.
    package var isRequired: Bool
}
