package import Domain

extension ClusterWish {
    /// What is wanted of a cluster that is about to be deleted: awake and not paused.
    ///
    /// Deliver it before the root object is removed. A paused Cluster of Cluster API is not
    /// deleted at all, and a suspended `HelmRelease` leaves behind what it installed.
    package var leaving: ClusterWish {
        var wish = self
        wish.cluster.spec.asleep = false
        wish.cluster.spec.paused = false
        return wish
    }

    /// Whether the namespace stays when the cluster goes: deleting it would delete the claims of
    /// the volumes that are to be retained.
    package var keepsNamespace: Bool {
        cluster.spec.kind == .vcluster && cluster.spec.volumes == .retain
    }
}
