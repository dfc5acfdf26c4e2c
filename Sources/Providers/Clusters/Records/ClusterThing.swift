package import Contract
package import Kubernetes

/// An object that was made for a cluster: enough to find it and to take it away again.
package struct ClusterThing: Sendable, Hashable {
    /// Who takes the object away.
    package enum Part: String, Sendable {
        /// The delivery, last.
        case namespace
        /// The delivery, first and alone.
        case root
        /// The delivery.
        case part
        /// Nobody but Slipway: it holds credentials and was never delivered.
        case secret
    }

    /// The API version, such as `cluster.x-k8s.io/v1beta2`.
    package var apiVersion: String
    /// The kind, such as `Cluster`.
    package var kind: String
    /// The namespace; nil for objects that are in none.
    package var namespace: String?
    /// The name.
    package var name: String
    /// Who takes it away.
    package var part: Part
    /// The name of its file in the management repository; empty where it has none.
    package var fileName: String

    /// The thing that a manifest makes.
    package init(_ manifest: Manifest) {
        apiVersion = manifest.apiVersion
        kind = manifest.kind
        namespace = manifest.namespace
        name = manifest.name
        part =
            switch manifest.part {
            case .namespace: .namespace
            case .root: .root
            case .part: .part
            }
        fileName = manifest.fileName
    }

    /// A Secret that Slipway applied itself.
    package init(secret name: String, in namespace: String) {
        apiVersion = "v1"
        kind = "Secret"
        self.namespace = namespace
        self.name = name
        part = .secret
        fileName = ""
    }

    /// Where the object is found.
    package var key: ObjectKey {
        ObjectKey(
            GroupKind(group: GroupKind.split(apiVersion: apiVersion).group, kind: kind),
            namespace: namespace,
            name: name
        )
    }

    /// What deliveries need in order to take the object away; it has no content.
    package var manifest: Manifest {
        let part: Manifest.Part =
            switch part {
            case .namespace: .namespace
            case .root: .root
            case .part, .secret: .part
            }
        return Manifest(
            apiVersion: apiVersion,
            kind: kind,
            namespace: namespace,
            name: name,
            part: part,
            fileName: fileName,
            bytes: []
        )
    }
}

extension ClusterThing {
    /// One thing as one text: what it is, then where, parted by spaces.
    package var text: String {
        [
            part.rawValue, apiVersion, kind, namespace ?? "-", name,
            fileName.isEmpty ? "-" : fileName,
        ]
        .joined(separator: " ")
    }

    /// Reads what `text` wrote; nil where it is something else.
    package init?(_ text: String) {
        let fields = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 6, let part = Part(rawValue: fields[0]) else { return nil }
        self.part = part
        apiVersion = fields[1]
        kind = fields[2]
        namespace = fields[3] == "-" ? nil : fields[3]
        name = fields[4]
        fileName = fields[5] == "-" ? "" : fields[5]
    }
}
