import Domain
import HTTP

/// Puts a virtual cluster to sleep: nothing of it runs, its state is kept.
struct SleepCluster: ClusterVerb {
    static let endpoint = Endpoint(
        "sleepCluster",
        .post,
        "/v1/tenants/{tenant}/clusters/{cluster}:sleep",
        for: .permitted(.updateCluster),
        [.changes, .conditional, .waits, .plans]
    )

    let target: ClusterTarget

    init(_ target: ClusterTarget) {
        self.target = target
    }

    static func change(_ spec: inout ClusterSpec) {
        spec.asleep = true
    }
}
