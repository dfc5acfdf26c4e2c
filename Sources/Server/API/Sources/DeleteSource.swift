import Domain
import HTTP
import Storage

/// The end of a source and of what is known of its deliveries; its environments stay.
struct DeleteSource: Operation {
    static let endpoint = Endpoint(
        "deleteSource",
        .delete,
        "/v1/tenants/{tenant}/sources/{source}",
        for: .permitted(.manageSources),
        [.changes, .conditional, .plans]
    )

    private let target: SourceTarget
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        target = try SourceTarget(reading: inputs)
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let source = try await target.found(call)
            try call.checkConditions(revision: source.revision)
            let decision = source.deletion(on: call.occasion)
            return try await Deletion(call: call, isDryRun: isDryRun).perform(
                at: source.revision,
                of: try source.wish()
            ) { circumstances throws(StorageFault) in
                try await call.services.storage.sources.remove(
                    decision,
                    replacing: source.revision,
                    for: circumstances
                )
            }
        }
    }
}
