import Domain
import HTTP
import JSON
import Storage

/// The end of a blueprint that no tenant uses.
struct DeleteBlueprint: Operation {
    static let endpoint = Endpoint(
        "deleteBlueprint",
        .delete,
        "/v1/blueprints/{blueprint}",
        for: .permitted(.manageBlueprints),
        [.changes, .conditional, .plans]
    )

    private let name: BlueprintName
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("blueprint")
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let storage = call.services.storage
            guard let stored = try await storage.blueprints.find(name, as: call.access) else {
                throw Problem.notFound
            }
            try call.checkConditions(revision: stored.revision)
            let blueprint = try stored.blueprint()
            let decision = blueprint.deletion(on: call.occasion)
            return try await Deletion(call: call, isDryRun: isDryRun).perform(
                at: stored.revision,
                of: try blueprint.wish()
            ) { circumstances throws(StorageFault) in
                try await storage.blueprints.remove(
                    decision,
                    replacing: stored.revision,
                    for: circumstances
                )
            }
        }
    }
}
