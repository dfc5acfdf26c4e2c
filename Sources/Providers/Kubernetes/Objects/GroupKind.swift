/// A kind of objects in whatever version of it is served.
package struct GroupKind: Hashable, Sendable {
    /// The API group, such as `cluster.x-k8s.io`; empty for the core group.
    package let group: String
    /// The kind, such as `Cluster`.
    package let kind: String

    /// The kind of a group; the core group unless said otherwise.
    package init(group: String = "", kind: String) {
        self.group = group
        self.kind = kind
    }

    /// The `apiVersion` of an object of this kind in that version.
    package func apiVersion(_ version: String) -> String {
        group.isEmpty ? version : "\(group)/\(version)"
    }

    /// Takes an `apiVersion` apart: the group (empty for core) and the version.
    package static func split(apiVersion: String) -> (group: String, version: String) {
        guard let slash = apiVersion.firstIndex(of: "/") else { return ("", apiVersion) }
        return (
            String(apiVersion[..<slash]), String(apiVersion[apiVersion.index(after: slash)...])
        )
    }
}

extension GroupKind: CustomStringConvertible {
    /// As kubectl writes it: `Cluster.cluster.x-k8s.io`.
    package var description: String { group.isEmpty ? kind : "\(kind).\(group)" }
}
