package import Contract
package import Domain
package import Folders

/// What the work on environments must know, without knowing where it is kept.
package protocol EnvironmentRecords: FolderInventory {
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

    /// What was ordered together with the environment, each with the environment's binding.
    func provided(for environment: Environment) async throws(ProviderFault) -> [ProvidedService]

    /// How many services belong to the environment, or give a consumer in it access.
    func servicesLeft(around environment: Environment) async throws(ProviderFault) -> Int

    /// How many companions of the environment are there, those on their way out among them.
    func companionsLeft(of environment: Environment) async throws(ProviderFault) -> Int

    /// Asks for the cluster that an environment has for itself; one that is there stays as it is.
    ///
    /// - Throws: `.refused` where the tenant may not have it, or nothing can make it.
    func makeHome(of environment: Environment) async throws(ProviderFault)

    /// Asks for the end of the cluster that was made for an environment, whatever protects it.
    func removeHome(_ cluster: Cluster) async throws(ProviderFault)
}

/// Orders what roll-outs need for themselves.
package protocol EnvironmentOrders: Sendable {
    /// Orders what the environment depends on and is not ordered so, in the name of whoever asked
    /// for the roll-out; may be done again.
    ///
    /// - Throws: `.refused` where something cannot be ordered as it is, `.busy` where something
    ///   else must end first.
    func place(
        for environment: Environment,
        _ deployment: DeploymentID,
        by actor: String
    ) async throws(ProviderFault)
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
