/// A JSON Schema (draft 2020-12), checked and made ready when it is parsed.
package struct JSONSchema: Sendable {
    /// The schema as it was written.
    package let source: JSON

    /// Whether `format` is only a remark or a rule.
    package enum FormatRule: Sendable {
        /// As the draft has it: `format` describes and never fails.
        case annotation
        /// The known formats are checked; unknown names still describe.
        case assertion
    }

    /// Reads a schema; every problem of it is found here, none later.
    package init(
        parsing source: JSON,
        formats: FormatRule = .annotation
    ) throws(SchemaFault) {
        preconditionFailure("not built yet")
    }

    /// Everything about `instance` that the schema does not allow; empty when it is valid.
    package func validate(_ instance: JSON) -> [SchemaViolation] {
        preconditionFailure("not built yet")
    }

    /// The instance with each absent member that has a `default` filled in, at every depth
    /// reached through `properties`, `items`, `prefixItems`, `allOf` and `$ref`.
    package func fillingDefaults(in instance: JSON) -> JSON {
        preconditionFailure("not built yet")
    }
}
