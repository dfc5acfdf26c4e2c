/// How long each phase of a cluster may take before Slipway calls it degraded.
///
/// Cluster API itself never gives up: it has no state for that any more.
enum Deadlines {
    /// Networks, load balancers and what else the cluster stands on.
    static let infrastructure = Duration.seconds(30 * 60)
    /// The first machine of the control plane, and each time it is not available later.
    static let controlPlane = Duration.seconds(20 * 60)
    /// The nodes.
    static let workers = Duration.seconds(20 * 60)
    /// A change that replaces machines, one after the other.
    static let rollout = Duration.seconds(60 * 60)
}
