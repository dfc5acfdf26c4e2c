package import Domain
package import Secrets

/// What the API needs of Kubernetes: to read kubeconfigs that are sent to it, and to make those
/// that it hands out.
package struct APIClusters: Sendable {
    /// Reads an uploaded kubeconfig: what it is for, or everything that is wrong with it.
    package var examine: @Sendable (KubeconfigUpload) throws(KubeconfigRefusal) -> KubeconfigSummary
    /// Makes kubeconfigs for people.
    package var access: any ClusterAccess
    /// Says why a cluster cannot be made as it is wanted, from that class in place of its own as
    /// it is stored, as a sentence; nil where it can be, as far as anybody knows.
    package var rehearse: @Sendable (Cluster, Tenant, ClusterClass?) async -> String?

    /// Kubernetes as Program wires it.
    package init(
        examine:
            @escaping @Sendable (KubeconfigUpload) throws(KubeconfigRefusal)
            -> KubeconfigSummary,
        access: any ClusterAccess,
        rehearse: @escaping @Sendable (Cluster, Tenant, ClusterClass?) async -> String?
    ) {
        self.examine = examine
        self.access = access
        self.rehearse = rehearse
    }

    /// Refuses what the driver of its kind would refuse once it is ordered, with its reason.
    func check(_ cluster: Cluster, of tenant: Tenant) async throws {
        guard let reason = await rehearse(cluster, tenant, nil) else { return }
        let place = ClusterFault.Place.spec([])
        throw ClusterRefusal.invalid([ClusterFault(place, "cannot-be-made", reason)])
    }
}

/// A kubeconfig as it was sent.
package struct KubeconfigUpload: Sendable {
    /// What it leads to, and so how far its sender is trusted.
    package enum Purpose: Sendable {
        /// A management cluster, sent by the platform.
        case management
        /// A cluster that a tenant already has, sent by the tenant.
        case adoption
    }

    /// Its text.
    package let bytes: [UInt8]
    /// The context that is wanted; nil for its current one.
    package let context: String?
    /// What it leads to.
    package let purpose: Purpose

    /// That text.
    package init(bytes: [UInt8], context: String?, for purpose: Purpose) {
        self.bytes = bytes
        self.context = context
        self.purpose = purpose
    }
}

/// What a kubeconfig is for, and what is kept of it.
package struct KubeconfigSummary: Sendable {
    /// The name of the context that is used.
    package var context: String
    /// What may be a mistake, in sentences.
    package var warnings: [String]
    /// The context alone as a file of its own: what is sealed and stored.
    package var kept: SecretBytes

    /// A kubeconfig of which that is kept.
    package init(context: String, warnings: [String] = [], kept: SecretBytes) {
        self.context = context
        self.warnings = warnings
        self.kept = kept
    }
}

/// Everything that is wrong with an uploaded kubeconfig.
package struct KubeconfigRefusal: Error, Sendable, Hashable {
    /// What is wrong and where, in sentences without a secret; at least one.
    package var findings: [String]

    /// A kubeconfig in which that is wrong.
    package init(_ findings: [String]) {
        self.findings = findings
    }
}

/// Makes kubeconfigs for people; it works with the cluster itself.
package protocol ClusterAccess: Sendable {
    /// A kubeconfig that stops working by itself.
    ///
    /// `role`: what it allows.
    ///
    /// `ttl`: how long it is to work; the cluster may make it shorter.
    ///
    /// `requestedBy`: the name of the caller, which the cluster's own audit log shows.
    func kubeconfig(
        for cluster: Cluster,
        role: ClusterRole,
        ttl: Duration,
        requestedBy: String
    ) async throws(ClusterAccessFault) -> IssuedKubeconfig

    /// The kubeconfig that the cluster was made with.
    func adminKubeconfig(
        for cluster: Cluster,
        requestedBy: String
    ) async throws(ClusterAccessFault) -> IssuedKubeconfig
}

/// A kubeconfig that is handed out once and kept nowhere.
package struct IssuedKubeconfig: Sendable {
    /// Its text in YAML.
    package var yaml: [UInt8]
    /// When it stops working; nil where it never does.
    package var expiresAt: Instant?

    /// That kubeconfig.
    package init(yaml: [UInt8], expiresAt: Instant?) {
        self.yaml = yaml
        self.expiresAt = expiresAt
    }
}

/// Why there is no kubeconfig; each reason is the end of a sentence, without a secret.
package enum ClusterAccessFault: Error, Sendable, Equatable {
    /// The cluster has no API server that answers yet.
    case notReady(reason: String)
    /// The cluster or its management cluster gave no usable answer; it may later.
    case unreachable(reason: String)
    /// It never will, as things are.
    case refused(reason: String)
}
