package import Domain

/// What the API needs for environments beside what is stored.
package struct APIEnvironments: Sendable {
    /// Reads the last lines of an environment's containers from its cluster.
    package typealias ReadLogs =
        @Sendable (LogWish, Environment) async throws(ClusterAccessFault) -> EnvironmentLogs
    /// Reads what Kubernetes noted in an environment's namespace, the newest first.
    package typealias ReadHappenings =
        @Sendable (Environment) async throws(ClusterAccessFault) -> [EnvironmentHappening]

    /// Makes the files of a roll-out that has not begun, by their paths below its folder.
    package typealias Render =
        @Sendable (Environment, Deployment) async throws(ClusterAccessFault) -> [String: [UInt8]]

    /// Where the rules of time zones come from.
    let zones: any TimeZoneSource
    /// Reads logs from the clusters.
    let logs: ReadLogs
    /// Reads events from the clusters.
    let happenings: ReadHappenings
    /// Makes the files of a roll-out that has not begun.
    let render: Render
    /// What environments are made from.
    let templates = EnvironmentTemplates()

    /// Environments whose hours go by those time zones, and ways to look into them.
    package init(
        zones: any TimeZoneSource,
        logs: @escaping ReadLogs,
        happenings: @escaping ReadHappenings,
        render: @escaping Render
    ) {
        self.zones = zones
        self.logs = logs
        self.happenings = happenings
        self.render = render
    }
}
