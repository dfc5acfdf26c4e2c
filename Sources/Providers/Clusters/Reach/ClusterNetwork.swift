package import Contract
package import Domain
package import Kubernetes
package import Secrets

/// How API servers are reached: whoever wires the program knows the network, the folder of the
/// service account, and the sandbox.
package protocol ClusterNetwork: Sendable {
    /// The way to a management cluster.
    ///
    /// - Throws: `.refused` where its kubeconfig cannot be opened or read.
    func way(
        to management: ManagementCluster
    ) async throws(ProviderFault) -> ClusterWay

    /// The way to the API server of a tenant's cluster; `kubeconfig` reads the Secret that its
    /// makers keep up to date, again whenever what was read is no longer taken, with the address
    /// that is of use to whom it is for.
    func way(
        to cluster: Cluster,
        in management: ManagementCluster,
        kubeconfig:
            @escaping @Sendable (ClusterVantage) async throws(KubernetesFault) -> SecretBytes
    ) async throws(ProviderFault) -> ClusterWay

    /// The same way for somebody who has tokens of the API server: `token` makes one, again
    /// whenever the one before is old or no longer taken.
    func transport(
        over way: ClusterWay,
        to management: ManagementCluster,
        token: @escaping @Sendable () async throws(KubernetesFault) -> SecretBytes
    ) -> any KubernetesTransport
}

/// A way to one API server: for Slipway itself, and for people who are given a token.
package struct ClusterWay: Sendable {
    /// Finds out an address such as `https://10.0.0.5:6443`.
    package typealias Endpoint = @Sendable () async throws(KubernetesFault) -> String

    /// Carries Slipway's own requests.
    package let transport: any KubernetesTransport
    /// Tells where the API server is for people.
    package let endpoint: Endpoint
    /// Makes a kubeconfig for somebody with a token, to be used from outside.
    package let kubeconfig: @Sendable (ClusterVisitor) async throws(KubernetesFault) -> SecretBytes

    /// A way of those parts.
    package init(
        transport: any KubernetesTransport,
        endpoint: @escaping Endpoint,
        kubeconfig:
            @escaping @Sendable (ClusterVisitor) async throws(KubernetesFault) ->
            SecretBytes
    ) {
        self.transport = transport
        self.endpoint = endpoint
        self.kubeconfig = kubeconfig
    }
}

/// Somebody who is given a kubeconfig.
package struct ClusterVisitor: Sendable {
    /// What the cluster is called in the kubeconfig.
    package let cluster: String
    /// What the user is called in the kubeconfig.
    package let user: String
    /// Where commands go that name no namespace; nil for `default`.
    package let namespace: String?
    /// The token.
    package let token: SecretBytes

    /// That user of that cluster.
    package init(cluster: String, user: String, namespace: String?, token: SecretBytes) {
        self.cluster = cluster
        self.user = user
        self.namespace = namespace
        self.token = token
    }
}
