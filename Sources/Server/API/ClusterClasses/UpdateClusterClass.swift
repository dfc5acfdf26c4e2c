import Domain
import HTTP
import JSON
import Storage

/// Parts of a cluster class, by JSON merge patch.
struct UpdateClusterClass: Operation {
    static let endpoint = Endpoint(
        "updateClusterClass",
        .patch,
        "/v1/cluster-classes/{class}",
        for: .permitted(.manageClusterClasses),
        body: .mergePatch,
        [.changes, .conditional, .plans]
    )

    private let name: ClusterClassName
    private let patch: Patch
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("class")
        patch = Patch(inputs.body)
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let stored = try await call.services.storage.clusterClasses.find(
                name,
                as: call.access
            )
            guard let stored else { throw Problem.notFound }
            // In a definition there is no `null`: what is removed is gone.
            let document = patch.applied(
                to: try stored.clusterClass().wish(),
                open: ["labels", "spec"]
            )
            let wish = try Inputs(call: call, body: document, bytes: [])
                .read(takingNull: true) { ClusterClassWish(&$0) }
            return try await ClusterClassChange(call: call, isDryRun: isDryRun)
                .perform(on: stored, wish)
        }
    }
}
