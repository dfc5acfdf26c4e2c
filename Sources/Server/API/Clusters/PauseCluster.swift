import Domain
import HTTP

/// Leaves the machines of a cluster as they are for now.
struct PauseCluster: ClusterVerb {
    static let endpoint = Endpoint(
        "pauseCluster",
        .post,
        "/v1/tenants/{tenant}/clusters/{cluster}:pause",
        for: .permitted(.updateCluster),
        [.changes, .conditional, .waits, .plans]
    )

    let target: ClusterTarget

    init(_ target: ClusterTarget) {
        self.target = target
    }

    static func change(_ spec: inout ClusterSpec) {
        spec.paused = true
    }
}
