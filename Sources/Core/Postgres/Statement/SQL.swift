/// A statement with its bound values.
///
/// An interpolated value becomes a parameter, never text.
///
///     let sql: SQL = "SELECT name FROM tenant WHERE id = \(id)"
///
/// A fragment interpolated into another statement (`\(fragment)`) keeps its values and is
/// numbered anew; `+` joins two.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// The text as PostgreSQL sees it, with `$1`, `$2`, … in place of values.
    package private(set) var text: String
    /// What the placeholders stand for; the first is `$1`.
    private(set) var parameters: Parameters

    /// For literals in source only; text from anywhere else goes through `\(unsafeSQL:)`.
    package init(stringLiteral text: String) {
        self.text = text
        parameters = Parameters()
    }

    /// Takes over what an interpolated literal gathered.
    package init(stringInterpolation: Interpolation) {
        self = stringInterpolation.sql
    }

    init() {
        text = ""
        parameters = Parameters()
    }

    /// Both fragments, one after the other, the second's placeholders numbered after the first's.
    package static func + (left: SQL, right: SQL) -> SQL {
        var joined = left
        joined.append(right)
        return joined
    }

    /// Appends a fragment, its placeholders numbered after those already here.
    package static func += (left: inout SQL, right: SQL) {
        left.append(right)
    }

    /// Fragments joined by `separator`, for lists of conditions or columns.
    package static func joined(_ fragments: [SQL], by separator: SQL) -> SQL {
        var joined = SQL()
        for (index, fragment) in fragments.enumerated() {
            if index > 0 { joined.append(separator) }
            joined.append(fragment)
        }
        return joined
    }

    mutating func append(text literal: String) {
        text.append(literal)
    }

    mutating func append<Value: Bindable>(value: Value) {
        parameters.append(value, at: text.utf8.count)
        text.append("$")
        text.append(String(parameters.count))
    }

    /// Placeholders are found by the place recorded when they were made, so that a `$1` inside
    /// a quoted literal stays as it is.
    mutating func append(_ fragment: SQL) {
        guard !fragment.parameters.isEmpty else {
            text.append(fragment.text)
            return
        }
        let source = fragment.text.utf8
        var copied = source.startIndex
        for index in 0..<fragment.parameters.count {
            let placeholder = source.index(
                source.startIndex,
                offsetBy: fragment.parameters[index].textOffset
            )
            text.append(String(fragment.text[copied..<placeholder]))
            let digits = String(index + 1).utf8.count
            copied = source.index(placeholder, offsetBy: 1 + digits)
            parameters.append(from: fragment.parameters, at: index, textOffset: text.utf8.count)
            text.append("$")
            text.append(String(parameters.count))
        }
        text.append(String(fragment.text[copied...]))
    }
}

extension SQL {
    /// Builds a statement from the pieces of an interpolated literal.
    package struct Interpolation: StringInterpolationProtocol {
        var sql: SQL

        /// Makes room for a literal of that size.
        package init(literalCapacity: Int, interpolationCount: Int) {
            sql = SQL()
            sql.reserve(literalCapacity + interpolationCount * 3, parameters: interpolationCount)
        }

        /// Adds text of the literal as it stands.
        package mutating func appendLiteral(_ literal: String) {
            sql.append(text: literal)
        }

        /// Binds a value.
        package mutating func appendInterpolation<Value: Bindable>(_ value: Value) {
            sql.append(value: value)
        }

        /// Binds a value, or NULL.
        package mutating func appendInterpolation<Value: Bindable>(_ value: Value?) {
            sql.append(value: value)
        }

        /// Inserts a fragment with its own bound values.
        package mutating func appendInterpolation(_ fragment: SQL) {
            sql.append(fragment)
        }

        /// Inserts text as it is: for names of tables, columns and channels that the program
        /// itself chose, never for anything that came from outside.
        package mutating func appendInterpolation(unsafeSQL text: String) {
            sql.append(text: text)
        }
    }

    private mutating func reserve(_ bytes: Int, parameters count: Int) {
        text.reserveCapacity(bytes)
        parameters.reserve(count)
    }
}

extension SQL: CustomStringConvertible {
    /// The text only: bound values may be secret.
    package var description: String { text }
}
