/// Annotations that portals and Slipway understand.
///
/// Source: Backstage, "Well-known Annotations on Catalog Entities".
package enum WellKnownAnnotation {
    /// Which location holds the entity: `<type>:<target>`.
    package static let managedByLocation = "backstage.io/managed-by-location"
    /// Which registered location led to it.
    package static let managedByOriginLocation = "backstage.io/managed-by-origin-location"
    /// `true` where nothing leads to the entity any more.
    package static let orphan = "backstage.io/orphan"
    /// Where its source code is.
    package static let sourceLocation = "backstage.io/source-location"
    /// Where a person reads its descriptor.
    package static let viewURL = "backstage.io/view-url"
    /// Where a person changes its descriptor.
    package static let editURL = "backstage.io/edit-url"
    /// Where its documentation is.
    package static let techDocs = "backstage.io/techdocs-ref"
    /// The label of its objects in Kubernetes.
    package static let kubernetesID = "backstage.io/kubernetes-id"
    /// The namespace of its objects in Kubernetes.
    package static let kubernetesNamespace = "backstage.io/kubernetes-namespace"

    /// Whose it is.
    package static let tenant = "slipway.dev/tenant"

    /// Those that only Slipway sets; passed over where somebody sends them.
    static let output = [managedByLocation, managedByOriginLocation, orphan, tenant]
}

/// Where entities come from, as annotations write it: `<type>:<target>`.
package struct LocationReference: Sendable, Hashable, CustomStringConvertible {
    /// How the target is read, such as `url`.
    package let type: String
    /// The address.
    package let target: String

    /// Puts together the parts as they are.
    package init(type: String, target: String) {
        self.type = type
        self.target = target
    }

    /// Reads a text; nil where a part is missing.
    ///
    /// Only the first colon separates, for targets are addresses.
    package init?(parsing text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.init(type: String(parts[0]), target: String(parts[1]))
    }

    package var description: String { "\(type):\(target)" }
}
