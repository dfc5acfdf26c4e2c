package import JSON

/// When objects of a kind are ready, as an offering says it.
package struct ReadinessRule: Sendable, Hashable {
    /// What says so.
    package enum Test: Sendable, Hashable {
        /// A condition that must be `True`.
        case condition(String)
        /// A field that must have one of the values; those of `failed` end the wait.
        case field(JSONPointer, in: [JSON], failed: [JSON])
    }

    /// The kind.
    package let kind: ManifestKind
    /// What says so.
    package let test: Test

    /// That test for objects of that kind.
    package init(kind: ManifestKind, test: Test) {
        self.kind = kind
        self.test = test
    }
}
