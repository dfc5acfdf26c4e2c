package import Domain
package import JSON

/// The code for one kind of cluster: what is delivered for a wish, and what is to be made of what
/// the management cluster then holds.
///
/// Pure: it talks to nobody.
package protocol ClusterDriver: Sendable {
    /// The kind of cluster.
    var kind: ClusterKind { get }

    /// The objects that make up the cluster, in the order in which they are applied; the same
    /// wish gives the same bytes.
    ///
    /// - Throws: `.refused` where the wish cannot be met, with everything that is wrong in it.
    func manifests(for wish: ClusterWish) throws(ProviderFault) -> [Manifest]

    /// The kinds of objects, in the management cluster, that tell how clusters of this kind do.
    func watched(in features: ManagementFeatures) -> [WatchedKind]

    /// What can be said of a cluster by its objects.
    ///
    /// `objects` are those of the watched kinds in the cluster's namespace, `events` those about
    /// them.
    func observe(
        _ objects: [JSONObject],
        events: [JSONObject],
        for wish: ClusterWish,
        at now: Instant
    ) -> ClusterObservation

    /// The Secret, in the cluster's namespace, that holds its kubeconfig; nil for kinds that are
    /// used through the management cluster.
    func kubeconfigSecret(for wish: ClusterWish) -> SecretKey?
}

/// A kind of Kubernetes object that is watched for clusters.
package struct WatchedKind: Sendable, Hashable {
    /// The API group; empty for the core.
    package var group: String
    /// The kind, such as `Cluster`.
    package var kind: String
    /// What it must be labelled with to be of interest; nil for all objects.
    package var labelSelector: String?

    /// That kind of that group; what Slipway manages of it unless said otherwise.
    package init(
        group: String,
        kind: String,
        labelSelector: String? = "app.kubernetes.io/managed-by=slipway"
    ) {
        self.group = group
        self.kind = kind
        self.labelSelector = labelSelector
    }
}

/// One entry of a Secret.
package struct SecretKey: Sendable, Hashable {
    /// The name of the Secret.
    package var name: String
    /// The key of the entry.
    package var key: String

    /// That entry of that Secret.
    package init(name: String, key: String) {
        self.name = name
        self.key = key
    }

    /// Where Cluster API leaves the kubeconfig of a cluster, and Slipway that of an adopted one.
    package static func kubeconfig(of cluster: Cluster) -> SecretKey {
        SecretKey(name: "\(cluster.slug)-kubeconfig", key: "value")
    }
}
