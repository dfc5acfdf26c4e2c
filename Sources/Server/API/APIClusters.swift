package import Domain

/// What the API needs of Kubernetes: to read kubeconfigs that are sent to it, and to make those
/// that it hands out.
package struct APIClusters: Sendable {
    /// Reads an uploaded kubeconfig: what it is for, or everything that is wrong with it.
    package var examine: @Sendable (KubeconfigUpload) throws(KubeconfigRefusal) -> KubeconfigSummary
    /// Makes kubeconfigs for people.
    package var access: any ClusterAccess

    /// Kubernetes as Program wires it.
    package init(
        examine:
            @escaping @Sendable (KubeconfigUpload) throws(KubeconfigRefusal)
            -> KubeconfigSummary,
        access: any ClusterAccess
    ) {
        self.examine = examine
        self.access = access
    }
}

/// A kubeconfig as it was sent.
package struct KubeconfigUpload: Sendable {
    /// Its text.
    package let bytes: [UInt8]
    /// The context that is wanted; nil for its current one.
    package let context: String?
}

/// What a kubeconfig is for; nothing secret.
package struct KubeconfigSummary: Sendable, Hashable {
    /// The URL of the API server.
    package var server: String
    /// What may be a mistake, in sentences.
    package var warnings: [String]

    /// A kubeconfig for that server.
    package init(server: String, warnings: [String] = []) {
        self.server = server
        self.warnings = warnings
    }
}

/// Everything that is wrong with an uploaded kubeconfig.
package struct KubeconfigRefusal: Error, Sendable, Hashable {
    /// One thing that is wrong.
    package struct Finding: Sendable, Hashable {
        /// A word for programs, such as `exec-plugin`.
        package var code: String
        /// A sentence for the caller, which names the place; never with a secret.
        package var detail: String

        /// That thing.
        package init(code: String, detail: String) {
            self.code = code
            self.detail = detail
        }
    }

    /// What is wrong; at least one thing.
    package var findings: [Finding]

    /// A kubeconfig in which that is wrong.
    package init(_ findings: [Finding]) {
        self.findings = findings
    }
}

/// Makes kubeconfigs for people; it works with the cluster itself.
package protocol ClusterAccess: Sendable {
    /// A kubeconfig that stops working by itself.
    ///
    /// - Parameters:
    ///   - role: what it allows.
    ///   - ttl: how long it is to work; the cluster may make it shorter.
    ///   - requestedBy: the name of the caller, which the cluster's own audit log shows.
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
