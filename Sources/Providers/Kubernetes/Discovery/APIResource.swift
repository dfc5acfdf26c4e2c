/// How objects of one kind in one version are addressed.
package struct APIResource: Sendable, Hashable {
    /// The kind.
    package let kind: GroupKind
    /// The version, such as `v1beta2`.
    package let version: String
    /// The name in paths, such as `clusters`.
    package let plural: String
    /// Whether objects live in namespaces.
    package let isNamespaced: Bool
    /// What can be done, such as `list`, `patch`.
    package let verbs: Set<String>
    /// Other names that people use.
    package let shortNames: [String]
    /// Parts that are addressed on their own, such as `status`, `scale`.
    package let subresources: Set<String>

    /// How a kind is addressed.
    package init(
        kind: GroupKind,
        version: String,
        plural: String,
        isNamespaced: Bool,
        verbs: Set<String> = [],
        shortNames: [String] = [],
        subresources: Set<String> = []
    ) {
        self.kind = kind
        self.version = version
        self.plural = plural
        self.isNamespaced = isNamespaced
        self.verbs = verbs
        self.shortNames = shortNames
        self.subresources = subresources
    }

    /// The `apiVersion` of its objects.
    package var apiVersion: String { kind.apiVersion(version) }

    /// As permissions call it: `clusters.cluster.x-k8s.io`, `pods`.
    package var permissionName: String { kind.group.isEmpty ? plural : "\(plural).\(kind.group)" }

    /// The path of one object, or of a part of it.
    ///
    /// - Throws: `.malformed` where the key lacks the namespace that the kind asks for.
    func path(to key: ObjectKey, subresource: String? = nil) throws(KubernetesFault) -> String {
        guard !isNamespaced || key.namespace?.isEmpty == false else {
            throw .malformed(reason: "\(key) needs a namespace")
        }
        return path(namespace: key.namespace, name: key.name, subresource: subresource)
    }

    /// The path of the collection, of one object, or of a part of it.
    func path(namespace: String?, name: String? = nil, subresource: String? = nil) -> String {
        var path = kind.group.isEmpty ? "/api" : "/apis/" + PercentEncoding.encode(kind.group)
        path += "/" + PercentEncoding.encode(version)
        if isNamespaced, let namespace {
            path += "/namespaces/" + PercentEncoding.encode(namespace)
        }
        path += "/" + PercentEncoding.encode(plural)
        if let name { path += "/" + PercentEncoding.encode(name) }
        if let subresource { path += "/" + PercentEncoding.encode(subresource) }
        return path
    }
}
