/// A JSON Schema (draft 2020-12), checked and made ready when it is parsed.
///
/// Supported are all keywords that apply within one document, `unevaluatedProperties` and
/// `unevaluatedItems` included, with `$ref` to places and anchors in it. Refused when parsed:
/// references to other documents, `$dynamicRef`, `$id` below the root, other drafts, patterns
/// that need backtracking. Unknown keywords are ignored, as the draft has it.
package struct JSONSchema: Sendable {
    /// Schemas and subschemas that a document may hold.
    static let nodesMax = 10_000
    /// Schemas that may apply to one value by leading to each other (`$ref`, `allOf`, …).
    static let chainMax = 64
    /// Schemas that may enclose each other while a value is checked; bounds the stack.
    static let depthMax = 256
    /// Applications of a schema to a value that one check may take; about 0.1 s of work.
    static let stepsMax = 500_000
    /// Instructions that all patterns of one check may take together; about 50 ms of work.
    static let patternStepsMax = 2 * TextPattern.stepsMax
    /// Violations that one check reports; more do not help anyone.
    static let violationsMax = 100

    /// The schema as it was written.
    package let source: JSON
    let nodes: [SchemaNode]
    /// Whether what was looked at has to be remembered for an `unevaluated…` keyword.
    let tracksEvaluation: Bool

    /// Whether `format` is only a remark or a rule.
    package enum FormatRule: Sendable {
        /// As the draft has it: `format` describes and never fails.
        case annotation
        /// The known formats are checked; unknown names still describe.
        case assertion
    }

    /// Reads a schema; whatever makes it unusable is found here, never later.
    package init(
        parsing source: JSON,
        formats: FormatRule = .annotation
    ) throws(SchemaFault) {
        self.source = source
        var compiler = SchemaCompiler(root: source, formats: formats)
        nodes = try compiler.compile()
        tracksEvaluation = nodes.contains {
            $0.objects?.unevaluated != nil || $0.arrays?.unevaluated != nil
        }
    }

    /// Everything about `instance` that the schema does not allow, up to `violationsMax`; empty
    /// when it is valid.
    package func validate(_ instance: JSON) -> [SchemaViolation] {
        var check = SchemaCheck(nodes: nodes, tracksEvaluation: tracksEvaluation)
        return check.violations(of: instance)
    }

    /// The instance with each absent member that has a `default` filled in, at every depth
    /// reached through `properties`, `items`, `prefixItems`, `allOf` and `$ref`.
    ///
    /// Members that are there are never changed, wrong ones included. At most
    /// `SchemaDefaults.insertionsMax` members are filled in.
    package func fillingDefaults(in instance: JSON) -> JSON {
        var defaults = SchemaDefaults(nodes: nodes)
        return defaults.filling(instance)
    }

    /// The default that the schema gives for the whole instance, if it gives one.
    package var defaultValue: JSON? { nodes.first?.defaultValue }
}
