import Domain
import HTTP
import JSON
import Storage

/// Parts of a management cluster, by JSON merge patch.
struct UpdateManagementCluster: Operation {
    static let endpoint = Endpoint(
        "updateManagementCluster",
        .patch,
        "/v1/management-clusters/{managementCluster}",
        for: .permitted(.manageManagementClusters),
        body: .mergePatch,
        [.changes, .conditional, .waits, .plans]
    )

    private let name: ManagementClusterName
    private let patch: Patch
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("managementCluster")
        patch = Patch(inputs.body)
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let change = ManagementClusterChange(call: call, isDryRun: isDryRun)
        return try await change.perform(on: name) { management in
            var wish = try management.wish()
            // A new kubeconfig has a context of its own.
            if patch.renews("kubeconfig") { wish = wish.merging(patch: ["spec": ["context": nil]]) }
            let document = patch.applied(to: wish, open: ["labels"])
            let wanted = try Inputs(call: call, body: document, bytes: [])
                .read(takingNull: true) { ManagementClusterWish(&$0, call.services.clusters) }
            return try management.wanting(wanted, call)
        }
    }
}

extension Patch {
    /// Whether the patch sets that member of `spec`.
    func renews(_ member: String) -> Bool {
        guard let value = self[["spec", member]] else { return false }
        return !value.isNull
    }
}
