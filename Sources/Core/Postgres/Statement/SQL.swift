/// A statement with its bound values.
///
/// An interpolated value becomes a parameter, never text.
///
///     let sql: SQL = "SELECT name FROM tenant WHERE id = \(id)"
///
/// A fragment interpolated into another statement (`\(fragment)`) keeps its values and is
/// numbered anew; `+` joins two.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// What the text is put together from.
    enum Piece: Sendable, Hashable {
        case text(String)
        /// The next placeholder.
        case value
    }

    /// A literal of the source stays where the program holds it: a statement that is prepared
    /// already is run, and found, without its text being written.
    private(set) var pieces: [Piece] = []
    /// What the placeholders stand for; the first is `$1`.
    private(set) var parameters = Parameters()

    /// For literals in source only; text from anywhere else goes through `\(unsafeSQL:)`.
    package init(stringLiteral text: String) {
        append(text: text)
    }

    /// Takes over what an interpolated literal gathered.
    package init(stringInterpolation: Interpolation) {
        self = stringInterpolation.sql
    }

    init() {}

    /// The text as PostgreSQL sees it, with `$1`, `$2`, … in place of values.
    package var text: String {
        var text = ""
        var number = 0
        for piece in pieces {
            switch piece {
            case .text(let literal): text += literal
            case .value:
                number += 1
                text += "$\(number)"
            }
        }
        return text
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
        if !literal.isEmpty { pieces.append(.text(literal)) }
    }

    mutating func append<Value: Bindable>(value: Value) {
        parameters.append(value)
        pieces.append(.value)
    }

    mutating func append(_ fragment: SQL) {
        pieces.append(contentsOf: fragment.pieces)
        parameters.append(contentsOf: fragment.parameters)
    }
}

extension SQL {
    /// Builds a statement from the pieces of an interpolated literal.
    package struct Interpolation: StringInterpolationProtocol {
        var sql: SQL

        /// Makes room for a literal of that size.
        package init(literalCapacity: Int, interpolationCount: Int) {
            sql = SQL()
            sql.reserve(parameters: interpolationCount)
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

    private mutating func reserve(parameters count: Int) {
        // A literal has text before, between and after what is interpolated.
        pieces.reserveCapacity(2 * count + 1)
        parameters.reserve(count)
    }
}

extension SQL: CustomStringConvertible {
    /// The text only: bound values may be secret.
    package var description: String { text }
}
