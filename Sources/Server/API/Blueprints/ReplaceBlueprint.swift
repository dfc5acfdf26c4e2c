import Domain
import HTTP
import Storage

/// A blueprint as the body says, whether it exists or not.
struct ReplaceBlueprint: Operation {
    static let endpoint = Endpoint(
        "replaceBlueprint",
        .put,
        "/v1/blueprints/{blueprint}",
        for: .permitted(.manageBlueprints),
        body: .json,
        [.changes, .conditional, .waits, .plans]
    )

    private let name: BlueprintName
    private let wish: BlueprintWish
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        let name: BlueprintName = try inputs.name("blueprint")
        self.name = name
        isDryRun = try inputs.isDryRun()
        wish = try inputs.read { reader in
            reader.sameName(as: name.text)
            return BlueprintWish(&reader)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let stored = try await call.services.storage.blueprints.find(name, as: call.access)
            guard let stored else { return try await create(call) }
            return try await BlueprintChange(call: call, isDryRun: isDryRun)
                .perform(on: stored) { try $0.wanting(wish, call) }
        }
    }

    private func create(_ call: Invocation) async throws -> Answer {
        try call.checkConditions(revision: nil)
        do {
            return try await BlueprintCreation(name: name, wish: wish)
                .answer(call, isDryRun: isDryRun)
        } catch StorageFault.nameTaken where call.conditions.noneMatch == nil {
            // Somebody else was faster; now it is a change.
            throw StorageFault.stale(current: 1)
        } catch StorageFault.nameTaken {
            throw Problem(.preconditionFailed, "The blueprint exists.")
        }
    }
}
