package import JSON

/// What a class makes of a wish: the objects of one cluster, in the order in which they are
/// applied.
///
/// The same class and wish give the same objects, byte for byte.
package struct ClassRendering: Sendable, Equatable {
    /// The objects: what is referenced comes before what references it.
    package var objects: [ClassObject]
    /// The names of the node pools that there are, in their order.
    package var poolNames: [String]
    /// The names of the objects that hold the pools (MachineDeployment, MachinePool, or the
    /// entry in a topology), by pool.
    package var poolObjects: [String: String]
    /// What should be known, but keeps nothing from being applied.
    package var findings: [ClassFinding]

    /// The root, which deleting the cluster deletes.
    package var root: ClassObject? { objects.first { $0.isRoot } }
}

/// One Kubernetes object of a cluster.
package struct ClassObject: Sendable, Equatable {
    /// The whole object.
    package var json: JSONObject
    /// Whether it is the `Cluster` to which everything belongs.
    package var isRoot: Bool
    /// Whether it is immutable: a changed wish gives an object of another name, and the old one
    /// must stay until no machine is made from it.
    package var isTemplate: Bool
    /// Whether it is in no namespace, so that clusters may share it.
    package var isClusterScoped: Bool

    /// The group and version.
    package var apiVersion: String { json["apiVersion"]?.string ?? "" }
    /// The kind.
    package var kind: String { json["kind"]?.string ?? "" }
    /// The name.
    package var name: String { json["metadata"]?["name"]?.string ?? "" }
    /// The namespace; nil for an object that is in none.
    package var namespace: String? { json["metadata"]?["namespace"]?.string }
}
