import Domain
import HTTP
import Storage

/// Delivers a cluster anew, so that what somebody changed behind Slipway's back is taken back.
struct ReconcileCluster: Operation {
    static let endpoint = Endpoint(
        "reconcileCluster",
        .post,
        "/v1/tenants/{tenant}/clusters/{cluster}:reconcile",
        for: .permitted(.updateCluster),
        [.changes, .conditional, .waits, .plans]
    )

    private let target: ClusterTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try ClusterTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let change = ClusterChange(
            call: call,
            permission: .updateCluster,
            isDryRun: target.isDryRun
        )
        return try await change.perform(on: target.name, of: target.tenant) { cluster in
            guard cluster.status.phase != .deleting else { throw ClusterRefusal.isDeleting }
            return (cluster.touch(on: call.occasion), .keep)
        }
    }
}
