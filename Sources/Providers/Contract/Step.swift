/// One thing to be done by a job.
///
/// A step may run more than once (its process can die between effect and record), so it must look
/// for its effect before it makes it: running twice looks as if it had run once.
package protocol Step: Sendable {
    /// The name under which the step's result is kept; never changed once released.
    var name: String { get }

    /// How long one run may take before the engine asks it to stop.
    var timeLimit: Duration { get }

    /// Does the work, or finds it done. Called on an event loop: blocking work goes elsewhere.
    func run(_ context: StepContext) async throws(ProviderFault) -> Outcome
}

extension Step {
    /// Five minutes; longer waits are `waiting`, not running.
    package var timeLimit: Duration { .seconds(300) }
}

/// A step made of a closure, for workflows whose steps are methods of one provider.
package struct NamedStep: Step {
    /// The body of a step.
    package typealias Body =
        @Sendable (StepContext) async throws(ProviderFault) -> Outcome

    /// The name under which the step's result is kept.
    package let name: String
    /// How long one run may take.
    package let timeLimit: Duration
    private let body: Body

    /// A step that runs `body`.
    package init(
        _ name: String,
        within timeLimit: Duration = .seconds(300),
        _ body: @escaping Body
    ) {
        self.name = name
        self.timeLimit = timeLimit
        self.body = body
    }

    /// Runs the body.
    package func run(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        try await body(context)
    }
}
