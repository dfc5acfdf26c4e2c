import Domain
import HTTP

/// A word that changes one thing about a cluster, such as `:pause`.
protocol ClusterVerb: Operation {
    /// The cluster that the path names, and whether only the plan is wanted.
    var target: ClusterTarget { get }

    /// A word said to that cluster.
    init(_ target: ClusterTarget)

    /// What the word means.
    static func change(_ spec: inout ClusterSpec)
}

/// The cluster that a path names, and whether only the plan is wanted.
struct ClusterTarget {
    let tenant: TenantName
    let name: ClusterName
    let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("cluster")
        isDryRun = try inputs.isDryRun()
    }
}

extension ClusterVerb {
    init(reading inputs: Inputs) throws(Problem) {
        self.init(try ClusterTarget(reading: inputs))
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let change = ClusterChange(
            call: call,
            permission: .updateCluster,
            isDryRun: target.isDryRun
        )
        return try await change.perform(on: target.name, of: target.tenant) { cluster in
            try await cluster.wanting(call, Self.change)
        }
    }
}
