package import Contract
package import Domain
package import Drivers
package import Kubernetes

/// What the work on environments must know, without knowing where it is kept.
package protocol EnvironmentRecords: Sendable {
    /// The environment as it is wanted now; nil where it is gone.
    func environment(_ id: EnvironmentID) async throws(ProviderFault) -> Environment?

    /// The tenant's environment of that name as it is wanted now; nil where there is none.
    func environment(
        _ name: EnvironmentName,
        of tenant: TenantName
    ) async throws(ProviderFault) -> Environment?

    /// Asks that an environment wakes, because another one needs it.
    ///
    /// Returns what is in the way, and who can clear it; nil where nothing is, also where it is
    /// awake by now.
    func wake(_ environment: Environment) async throws(ProviderFault) -> Wait?

    /// The tenant as it is wanted now; nil where it is gone.
    func tenant(_ id: TenantID) async throws(ProviderFault) -> Tenant?

    /// The tenant's cluster of that name; nil where it is gone.
    func cluster(
        _ name: ClusterName,
        of tenant: TenantID
    ) async throws(ProviderFault) -> Cluster?

    /// What Slipway itself has applied for an environment, in its order.
    func applied(
        for environment: Environment
    ) async throws(ProviderFault) -> [EnvironmentReading.Applied]

    /// Notes what is going to be applied.
    func note(
        _ applied: [EnvironmentReading.Applied],
        for environment: Environment
    ) async throws(ProviderFault)

    /// Forgets what is gone.
    func forget(
        _ applied: [EnvironmentReading.Applied],
        for environment: Environment
    ) async throws(ProviderFault)

    /// Asks for the cluster that an environment has for itself; one that is there stays as it is.
    ///
    /// - Throws: `.refused` where the tenant may not have it, or nothing can make it.
    func makeHome(of environment: Environment) async throws(ProviderFault)

    /// Asks for the end of the cluster that was made for an environment, whatever protects it.
    func removeHome(_ cluster: Cluster) async throws(ProviderFault)
}

/// The ways into the clusters that environments run in.
package protocol EnvironmentPlaces: Sendable {
    /// The ways into a cluster as it stands now.
    func place(of cluster: Cluster) async throws(ProviderFault) -> EnvironmentPlace
}

/// One cluster, and the ways into it.
package struct EnvironmentPlace: Sendable {
    /// Reaches the API server that objects of the cluster are applied to.
    package typealias Reach = @Sendable () async throws(ProviderFault) -> KubernetesClient
    /// Looks up what was applied without an engine.
    package typealias Inventory =
        @Sendable (EnvironmentName) async throws(ProviderFault) -> [EnvironmentReading.Applied]

    /// What is wanted of the cluster.
    package let wish: ClusterWish
    /// Speaks to its management cluster.
    package let host: KubernetesClient
    /// With what the cluster is reached; nil for one that is a namespace.
    package let kubeconfig: SecretKey?
    /// Reaches the cluster itself; for one that is a namespace the management cluster, with no
    /// more rights than the admins of the namespace.
    package let guest: Reach
    /// What Slipway itself has applied for the environment of that name.
    package let applied: Inventory
    /// What stands before the host names that are served in the cluster, without a slash at the
    /// end; nil where they are found by their names.
    package let ingressURL: String?

    /// That cluster, reached so.
    package init(
        wish: ClusterWish,
        host: KubernetesClient,
        kubeconfig: SecretKey?,
        guest: @escaping Reach,
        applied: @escaping Inventory,
        ingressURL: String?
    ) {
        self.wish = wish
        self.host = host
        self.kubeconfig = kubeconfig
        self.guest = guest
        self.applied = applied
        self.ingressURL = ingressURL
    }

    var cluster: Cluster { wish.cluster }
    /// Whether Slipway applies by itself what engines read from Git elsewhere.
    var isDirect: Bool { wish.management.delivery == .direct }
}

/// Asks environments whether they answer.
package protocol EnvironmentProbe: Sendable {
    /// The status with which a URL answers a `GET` that bears the header.
    ///
    /// - Throws: `.transient` where nothing answers.
    func status(
        of url: String,
        with header: (name: String, value: String)?
    ) async throws(ProviderFault) -> Int

    /// The values that a Prometheus finds by a query; empty where it finds none.
    ///
    /// - Throws: `.transient` where it cannot be asked.
    func answer(to question: PrometheusQuestion) async throws(ProviderFault) -> [Double]
}

extension EnvironmentProbe {
    /// The status with which a URL answers a `GET`.
    package func status(of url: String) async throws(ProviderFault) -> Int {
        try await status(of: url, with: nil)
    }
}
