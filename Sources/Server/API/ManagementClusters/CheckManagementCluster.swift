import Domain
import HTTP
import Storage

/// A look at what is there and what is missing, now.
struct CheckManagementCluster: Operation {
    static let endpoint = Endpoint(
        "checkManagementCluster",
        .post,
        "/v1/management-clusters/{managementCluster}:check",
        for: .permitted(.manageManagementClusters),
        [.changes, .conditional, .waits, .plans]
    )

    private let name: ManagementClusterName
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("managementCluster")
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await ManagementClusterChange(call: call, isDryRun: isDryRun)
            .perform(on: name) { ($0.check(on: call.occasion), .keep) }
    }
}
