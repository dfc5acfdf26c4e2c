/// Where an object is found in one cluster, whatever version of its kind is served.
package struct ObjectKey: Hashable, Sendable {
    /// The object's kind.
    package let kind: GroupKind
    /// The namespace; nil for kinds that belong to the whole cluster.
    package let namespace: String?
    /// The object's name.
    package let name: String

    /// The key of an object.
    package init(_ kind: GroupKind, namespace: String? = nil, name: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }
}

extension ObjectKey: CustomStringConvertible {
    /// In words, such as `Cluster.cluster.x-k8s.io t-acme/acme`.
    package var description: String {
        namespace.map { "\(kind) \($0)/\(name)" } ?? "\(kind) \(name)"
    }
}
