package import Domain

/// What the API needs for environments beside what is stored.
package struct APIEnvironments: Sendable {
    /// Reads the last lines of an environment's containers from its cluster.
    package typealias ReadLogs =
        @Sendable (LogWish, Environment) async throws(ClusterAccessFault) -> EnvironmentLogs
    /// Reads what Kubernetes noted in an environment's namespace, the newest first.
    package typealias ReadHappenings =
        @Sendable (Environment) async throws(ClusterAccessFault) -> [EnvironmentHappening]

    /// Where the rules of time zones come from.
    let zones: any TimeZoneSource
    /// Reads logs from the clusters.
    let logs: ReadLogs
    /// Reads events from the clusters.
    let happenings: ReadHappenings
    /// What environments are made from.
    let templates = EnvironmentTemplates()

    /// Environments whose hours go by those time zones, and ways to look into them.
    package init(
        zones: any TimeZoneSource,
        logs: @escaping ReadLogs,
        happenings: @escaping ReadHappenings
    ) {
        self.zones = zones
        self.logs = logs
        self.happenings = happenings
    }
}
