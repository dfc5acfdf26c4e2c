/// A kind of objects, whatever version of it is served.
package struct SandboxKind: Hashable, Sendable, CustomStringConvertible {
    /// The API group; empty for the core.
    package let group: String
    /// The kind, such as `Pod`.
    package let name: String

    /// The kind of a group.
    package init(_ group: String, _ name: String) {
        self.group = group
        self.name = name
    }

    /// A kind of the core.
    package init(_ name: String) { self.init("", name) }

    /// As messages have it: `Pod`, `Deployment.apps`.
    package var description: String { group.isEmpty ? name : "\(name).\(group)" }
}

/// Where an object is found in one sandbox cluster.
package struct SandboxKey: Hashable, Sendable, CustomStringConvertible {
    /// The object's kind.
    package let kind: SandboxKind
    /// The namespace; nil for kinds that belong to the whole cluster.
    package let namespace: String?
    /// The object's name.
    package let name: String

    /// The key of an object that belongs to the whole cluster.
    package init(_ kind: SandboxKind, _ name: String) { self.init(kind, nil, name) }

    /// The key of an object; nil for one that belongs to the whole cluster.
    package init(_ kind: SandboxKind, _ namespace: String?, _ name: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }

    /// In words: `Pod shop/web-0`.
    package var description: String {
        namespace.map { "\(kind) \($0)/\(name)" } ?? "\(kind) \(name)"
    }
}
