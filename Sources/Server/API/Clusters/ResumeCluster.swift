import Domain
import HTTP

/// Takes care of the machines of a cluster again.
struct ResumeCluster: ClusterVerb {
    static let endpoint = Endpoint(
        "resumeCluster",
        .post,
        "/v1/tenants/{tenant}/clusters/{cluster}:resume",
        for: .permitted(.updateCluster),
        [.changes, .conditional, .waits, .plans]
    )

    let target: ClusterTarget

    init(_ target: ClusterTarget) {
        self.target = target
    }

    static func change(_ spec: inout ClusterSpec) {
        spec.paused = false
    }
}
