import Domain
import HTTP
import JSON
import Secrets
import Storage

/// A new blueprint.
struct CreateBlueprint: Operation {
    static let endpoint = Endpoint(
        "createBlueprint",
        .post,
        "/v1/blueprints",
        for: .permitted(.manageBlueprints),
        body: .json,
        [.changes, .creates, .waits, .plans]
    )

    private let creation: BlueprintCreation
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        isDryRun = try inputs.isDryRun()
        creation = try inputs.read { reader in
            let name: BlueprintName? = reader.required("name", Reading.name)
            let wish = BlueprintWish(&reader)
            guard let name, let wish else { return nil }
            return BlueprintCreation(name: name, wish: wish)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await creation.answer(call, isDryRun: isDryRun)
    }
}

/// What POST and a PUT on a new name have in common.
struct BlueprintCreation {
    let name: BlueprintName
    let wish: BlueprintWish

    func answer(_ call: Invocation, isDryRun: Bool) async throws -> Answer {
        var random = SecureRandom()
        let decision = Blueprint.creation(
            id: BlueprintID(at: call.now, using: &random),
            name: name,
            labels: wish.labels,
            spec: try wish.spec(keeping: nil),
            on: call.occasion
        )
        let blueprint = decision.blueprint
        let resource = BlueprintView.bytes(blueprint)
        if isDryRun {
            // A plan says what would happen, and that would be a refusal.
            let taken = try await call.services.storage.blueprints.find(name, as: call.access)
            guard taken == nil else { throw StorageFault.nameTaken }
            return Plan(
                action: .create,
                resource: resource,
                before: .null,
                after: try blueprint.wish(),
                job: decision.job
            ).answer(call)
        }
        let credentials = wish.change(of: blueprint.id, call.services.sealer)
        let change = Change(
            effect: .created(at: "/v1/blueprints/\(name)"),
            resource: resource,
            revision: blueprint.revision,
            job: decision.job
        )
        return try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                try await call.services.storage.blueprints.create(
                    decision,
                    credentials: credentials,
                    for: circumstances
                )
            },
            current: { try await BlueprintView.current(blueprint.id, call) }
        )
    }
}
