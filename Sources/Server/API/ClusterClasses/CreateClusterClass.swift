import Domain
import HTTP
import JSON
import Secrets
import Storage

/// A new cluster class.
struct CreateClusterClass: Operation {
    static let endpoint = Endpoint(
        "createClusterClass",
        .post,
        "/v1/cluster-classes",
        for: .permitted(.manageClusterClasses),
        body: .json,
        [.changes, .creates, .plans]
    )

    private let creation: ClusterClassCreation
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        isDryRun = try inputs.isDryRun()
        creation = try inputs.read { reader in
            let name: ClusterClassName? = reader.required("name", Reading.name)
            let wish = ClusterClassWish(&reader)
            guard let name, let wish else { return nil }
            return ClusterClassCreation(name: name, wish: wish)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await creation.answer(call, isDryRun: isDryRun)
    }
}

/// What POST and a PUT on a new name have in common.
struct ClusterClassCreation {
    let name: ClusterClassName
    let wish: ClusterClassWish

    func answer(_ call: Invocation, isDryRun: Bool) async throws -> Answer {
        var random = SecureRandom()
        let decision = ClusterClass.creation(
            id: ClusterClassID(at: call.now, using: &random),
            name: name,
            labels: wish.labels,
            definition: wish.document.serialized(),
            template: wish.template,
            findings: try await wish.findings(call, generation: 1),
            on: call.occasion
        )
        let made = decision.clusterClass
        let resource = try ClusterClassView.bytes(made, for: call.access)
        let store = call.services.storage.clusterClasses
        if isDryRun {
            // A plan says what would happen, and that would be a refusal.
            let taken = try await store.find(name, as: call.access)
            guard taken == nil else { throw StorageFault.nameTaken }
            return Plan(
                action: .create,
                resource: resource,
                before: .null,
                after: try made.wish(),
                job: nil
            ).answer(call)
        }
        let change = Change(
            effect: .created(at: "/v1/cluster-classes/\(name)"),
            resource: resource,
            revision: made.revision,
            job: nil
        )
        return try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                try await store.create(decision, for: circumstances)
            },
            current: { nil }
        )
    }
}
