import Domain
import HTTP
import Storage

/// A look for new versions, now.
struct RefreshBlueprint: Operation {
    static let endpoint = Endpoint(
        "refreshBlueprint",
        .post,
        "/v1/blueprints/{blueprint}:refresh",
        for: .permitted(.manageBlueprints),
        [.changes, .conditional, .waits, .plans]
    )

    private let name: BlueprintName
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("blueprint")
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let stored = try await call.services.storage.blueprints.find(name, as: call.access)
            guard let stored else { throw Problem.notFound }
            return try await BlueprintChange(call: call, isDryRun: isDryRun)
                .perform(on: stored) { ($0.refresh(on: call.occasion), .keep) }
        }
    }
}
