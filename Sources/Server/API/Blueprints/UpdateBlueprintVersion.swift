import Domain
import HTTP
import JSON
import Secrets
import Storage

/// The state of a version: proposed, default, deprecated or defective.
struct UpdateBlueprintVersion: Operation {
    static let endpoint = Endpoint(
        "updateBlueprintVersion",
        .patch,
        "/v1/blueprints/{blueprint}/versions/{version}",
        for: .permitted(.manageBlueprints),
        body: .mergePatch,
        [.changes, .conditional, .plans]
    )

    private let blueprint: BlueprintName
    private let version: String
    /// The state that is wanted; nil where the patch says nothing.
    private let state: BlueprintVersion.State?
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        blueprint = try inputs.name("blueprint")
        version = inputs.path("version")
        isDryRun = try inputs.isDryRun()
        let state: BlueprintVersion.State?? = try inputs.read { reader in
            .some(
                reader.object("spec") { reader in
                    reader.optional("state", Reading.choice(BlueprintVersion.State.self))
                }
            )
        }
        self.state = state ?? nil
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let found = try await call.services.storage.versions.find(
                version,
                of: blueprint,
                as: call.access
            )
            guard let found else { throw Problem.notFound }
            return try await change(found, call)
        }
    }

    private func change(_ found: BlueprintVersion, _ call: Invocation) async throws -> Answer {
        try call.checkConditions(revision: found.revision)
        var next = found
        let isChange = state.map { $0 != found.state } ?? false
        if isChange, let state {
            next.state = state
            next.revision += 1
            next.updatedAt = call.now
        }
        let resource = VersionView.bytes(next, of: blueprint)
        if isDryRun {
            return Plan(
                action: isChange ? .update : .none,
                resource: resource,
                before: Self.wish(found),
                after: Self.wish(next),
                job: nil
            ).answer(call)
        }
        guard isChange else { return .resource(resource, revision: found.revision) }
        let change = Change(
            effect: .changed,
            resource: resource,
            revision: next.revision,
            job: nil
        )
        return try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                try await call.services.storage.versions.setState(
                    next.state,
                    of: found,
                    in: blueprint,
                    replacing: found.revision,
                    event: call.occasion.event,
                    for: circumstances
                )
            },
            current: { nil }
        )
    }

    private static func wish(_ version: BlueprintVersion) -> JSON {
        ["spec": ["state": .string(version.state.rawValue)]]
    }
}
