import Domain
import HTTP

/// Parts of a source, by JSON merge patch.
struct UpdateSource: Operation {
    /// Objects whose members are names of the caller's own.
    private static let open: Set = ["labels", "parameters", "images"]

    static let endpoint = Endpoint(
        "updateSource",
        .patch,
        "/v1/tenants/{tenant}/sources/{source}",
        for: .permitted(.manageSources),
        body: .mergePatch,
        [.changes, .conditional, .plans]
    )

    private let target: SourceTarget
    private let patch: Patch
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        target = try SourceTarget(reading: inputs)
        patch = Patch(inputs.body)
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let source = try await target.found(call)
            try call.checkConditions(revision: source.revision)
            let document = patch.applied(to: try source.wish(), open: Self.open)
            let wish = try Inputs(call: call, body: document, bytes: [])
                .read(takingNull: true) { SourceWish(&$0) }
            return try await target.change(source, to: wish, call, isDryRun: isDryRun)
        }
    }
}
