package import HTTP

/// One operation's method and path.
package struct Route: Sendable, Hashable {
    /// The operation's name, as in openapi.yaml.
    package let operation: String
    /// The method that it answers.
    package let method: Method
    /// The path, such as `/v1/jobs/{job}:cancel` or `/git/{tenant}/{path...}`.
    package let pattern: String

    /// Names an operation and where it is found.
    package init(operation: String, method: Method, pattern: String) {
        self.operation = operation
        self.method = method
        self.pattern = pattern
    }
}

/// What the parameters of a route's pattern stood for in a path, decoded.
package struct PathValues: Sendable, Hashable {
    /// Those of a path without parameters.
    package static let none = PathValues(names: [], values: [])

    let names: [String]
    let values: [String]

    /// The value of parameter `name`; the route's own pattern says which there are.
    package subscript(_ name: String) -> String? {
        names.firstIndex(of: name).map { values[$0] }
    }

    /// The value of the parameter at `index`, counted from the left.
    package subscript(_ index: Int) -> String { values[index] }

    /// How many there are.
    package var count: Int { values.count }
}
