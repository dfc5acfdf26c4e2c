package import Domain

/// What the API needs for environments beside what is stored.
package struct APIEnvironments: Sendable {
    /// Where the rules of time zones come from.
    let zones: any TimeZoneSource
    /// What environments are made from.
    let templates = EnvironmentTemplates()

    /// Environments whose hours go by those time zones.
    package init(zones: any TimeZoneSource) {
        self.zones = zones
    }
}
