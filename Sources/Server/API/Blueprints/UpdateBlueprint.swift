import Domain
import HTTP
import JSON
import Storage

/// Parts of a blueprint, by JSON merge patch.
struct UpdateBlueprint: Operation {
    static let endpoint = Endpoint(
        "updateBlueprint",
        .patch,
        "/v1/blueprints/{blueprint}",
        for: .permitted(.manageBlueprints),
        body: .mergePatch,
        [.changes, .conditional, .waits, .plans]
    )

    private let name: BlueprintName
    private let patch: Patch
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("blueprint")
        patch = Patch(inputs.body)
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let stored = try await call.services.storage.blueprints.find(name, as: call.access)
            guard let stored else { throw Problem.notFound }
            return try await BlueprintChange(call: call, isDryRun: isDryRun)
                .perform(on: stored) { blueprint in
                    try blueprint.wanting(try wish(of: blueprint, call), call)
                }
        }
    }

    /// The wish after the patch.
    ///
    /// Credentials are not part of what is patched: they are shown without their password, so the
    /// patch says all of them or nothing.
    private func wish(of blueprint: Blueprint, _ call: Invocation) throws(Problem) -> BlueprintWish
    {
        var bare = blueprint
        bare.spec.username = nil
        let document = patch.applied(to: try bare.wish(), open: ["labels"])
        return try Inputs(call: call, body: document, bytes: []).read(takingNull: true) {
            BlueprintWish(&$0)
        }
    }
}
