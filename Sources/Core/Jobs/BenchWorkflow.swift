package import Contract
package import Domain

extension JobKind {
    /// Jobs that do nothing, for measuring the queue itself.
    package static let benchNoop = JobKind("bench.noop")
}

extension Workflow {
    /// One step that is done at once.
    ///
    /// Registered only where a setting asks for it.
    package static let benchNoop = Workflow(
        .benchNoop,
        steps: [NamedStep("nothing") { _ in .done }]
    )
}
