import Domain
import HTTP
import JSON
import Secrets
import Storage

/// A new management cluster.
struct CreateManagementCluster: Operation {
    static let endpoint = Endpoint(
        "createManagementCluster",
        .post,
        "/v1/management-clusters",
        for: .permitted(.manageManagementClusters),
        body: .json,
        [.changes, .creates, .waits, .plans]
    )

    private let creation: ManagementClusterCreation
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        isDryRun = try inputs.isDryRun()
        let clusters = inputs.call.services.clusters
        creation = try inputs.read { reader in
            let name: ManagementClusterName? = reader.required("name", Reading.name)
            let wish = ManagementClusterWish(&reader, clusters)
            guard let name, let wish else { return nil }
            return ManagementClusterCreation(name: name, wish: wish)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await creation.answer(call, isDryRun: isDryRun)
    }
}

/// What POST and a PUT on a new name have in common.
struct ManagementClusterCreation {
    let name: ManagementClusterName
    let wish: ManagementClusterWish

    func answer(_ call: Invocation, isDryRun: Bool) async throws -> Answer {
        try wish.checkIsWhole()
        var random = SecureRandom()
        let decision = ManagementCluster.creation(
            id: ManagementClusterID(at: call.now, using: &random),
            name: name,
            labels: wish.labels,
            spec: wish.spec,
            warnings: wish.kubeconfig?.warnings ?? [],
            on: call.occasion
        )
        let management = decision.management
        let resource = ManagementClusterView.bytes(management, used: [:])
        let store = call.services.storage.managementClusters
        if isDryRun {
            // A plan says what would happen, and that would be a refusal.
            let taken = try await store.find(name, as: call.access)
            guard taken == nil else { throw StorageFault.nameTaken }
            return Plan(
                action: .create,
                resource: resource,
                before: .null,
                after: try management.wish(),
                job: decision.job
            ).answer(call)
        }
        let kubeconfig = wish.change(of: management.id, call.services.sealer)
        let change = Change(
            effect: .created(at: "/v1/management-clusters/\(name)"),
            resource: resource,
            revision: management.revision,
            job: decision.job
        )
        return try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                try await store.create(decision, kubeconfig: kubeconfig, for: circumstances)
            },
            current: { try await ManagementClusterView.current(management.id, call) }
        )
    }
}
