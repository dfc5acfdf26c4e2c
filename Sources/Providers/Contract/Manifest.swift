package import Domain

/// One Kubernetes object as it is delivered: the same bytes into Git and to the API server.
package struct Manifest: Sendable, Equatable {
    /// What deleting the object means.
    package enum Part: Sendable, Hashable {
        /// The namespace of everything else: there first, gone last.
        case namespace
        /// What everything else belongs to: deleted first and alone, and waited for.
        case root
        /// Everything else.
        case part
    }

    /// The API version, such as `cluster.x-k8s.io/v1beta2`.
    package var apiVersion: String
    /// The kind, such as `Cluster`.
    package var kind: String
    /// The namespace; nil for objects that are in none.
    package var namespace: String?
    /// The name.
    package var name: String
    /// What deleting the object means.
    package var part: Part
    /// The name of the file that holds the object in Git, unique within its set.
    package var fileName: String
    /// One YAML document.
    package var bytes: [UInt8]

    /// An object of these parts.
    package init(
        apiVersion: String,
        kind: String,
        namespace: String?,
        name: String,
        part: Part = .part,
        fileName: String,
        bytes: [UInt8]
    ) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.part = part
        self.fileName = fileName
        self.bytes = bytes
    }
}

/// Where a set of manifests belongs.
package struct DeliveryTarget: Sendable, Hashable {
    /// The identity of the tenant.
    package var tenantID: TenantID
    /// The tenant.
    package var tenant: TenantName
    /// The cluster.
    package var cluster: ClusterName
    /// What the cluster is called there.
    package var slug: ClusterSlug
    /// The management cluster.
    package var managementCluster: ManagementClusterName

    /// That cluster of that tenant.
    package init(
        tenantID: TenantID,
        tenant: TenantName,
        cluster: ClusterName,
        slug: ClusterSlug,
        managementCluster: ManagementClusterName
    ) {
        self.tenantID = tenantID
        self.tenant = tenant
        self.cluster = cluster
        self.slug = slug
        self.managementCluster = managementCluster
    }
}

extension DeliveryTarget {
    /// Where a cluster belongs.
    package init(_ cluster: Cluster) {
        self.init(
            tenantID: cluster.tenant,
            tenant: cluster.tenantName,
            cluster: cluster.name,
            slug: cluster.slug,
            managementCluster: cluster.spec.managementCluster
        )
    }
}

/// What becomes of objects that were delivered before and are not among those delivered now.
package enum Retirement: Sendable, Hashable {
    /// They go.
    case everything
    /// They go, except templates: machines that are still to be replaced were made from them.
    case everythingButTemplates

    /// Whether an object of that kind goes.
    package func includes(kind: String) -> Bool {
        self == .everything || !kind.hasSuffix("Template")
    }
}

/// A way for manifests to reach a management cluster.
///
/// Every call may be repeated, and says what it found.
package protocol ClusterDelivery: Sendable {
    /// Makes `manifests`, in their order, everything that is delivered for the target; what was
    /// delivered before and is not among them is removed as far as `retirement` says.
    ///
    /// Returns a word for what now stands there, such as a commit.
    func deliver(
        _ manifests: [Manifest],
        to target: DeliveryTarget,
        retiring retirement: Retirement,
        for job: JobID
    ) async throws(ProviderFault) -> String

    /// Removes the objects that are `root`, and nothing else.
    ///
    /// Returns a word for what now stands there, as `deliver` does.
    func dropRoot(
        of manifests: [Manifest],
        from target: DeliveryTarget,
        for job: JobID
    ) async throws(ProviderFault) -> String

    /// Removes everything that was delivered for the target.
    func withdraw(
        from target: DeliveryTarget,
        for job: JobID
    ) async throws(ProviderFault)

    /// Whether `revision`, as the management cluster names what it applied last, holds what
    /// `delivered` names: the word that `deliver` returned.
    func holds(
        _ delivered: String,
        in revision: String
    ) async throws(ProviderFault) -> Bool

    /// What this way still holds for the target, as people find it; empty after `withdraw`.
    func leftovers(of target: DeliveryTarget) async throws(ProviderFault) -> [String]
}
