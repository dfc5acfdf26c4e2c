/// How a log line is written.
package enum LogFormat: String, Sendable, CaseIterable {
    /// One JSON object a line.
    case json
    /// `key=value` pairs, quoted where needed.
    case logfmt
}

/// Wraps a value that must not reach a log, an event or an error message.
package struct Redacted<Value> {
    /// The value, for the one place that needs it.
    package let revealed: Value

    /// Hides `value` from descriptions and reflection.
    package init(_ value: Value) { revealed = value }
}

extension Redacted: Sendable where Value: Sendable {}

extension Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "[redacted]" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
