import Domain
import HTTP

/// Wakes a virtual cluster.
struct WakeCluster: ClusterVerb {
    static let endpoint = Endpoint(
        "wakeCluster",
        .post,
        "/v1/tenants/{tenant}/clusters/{cluster}:wake",
        for: .permitted(.updateCluster),
        [.changes, .conditional, .waits, .plans]
    )

    let target: ClusterTarget

    init(_ target: ClusterTarget) {
        self.target = target
    }

    static func change(_ spec: inout ClusterSpec) {
        spec.asleep = false
    }
}
