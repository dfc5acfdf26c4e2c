/// How long environments of a template stay where nobody says, and at most.
package struct EnvironmentLimits: Sendable, Hashable {
    /// What an ephemeral environment has where neither caller nor template say more.
    package static let ephemeral = EnvironmentLifetime(
        ttl: .seconds(72 * 3_600),
        max: .seconds(14 * 86_400)
    )
    /// The longest that any ephemeral environment may stay.
    package static let ephemeralMax: Duration = .seconds(90 * 86_400)
    /// The shortest time that anything here may be set to.
    package static let shortest: Duration = .seconds(60)
    /// How far ahead an environment may be kept where the template says nothing.
    package static let keepUsual: Duration = .seconds(30 * 86_400)

    /// What holds where the caller leaves a limit out.
    package var usual: EnvironmentLifetime
    /// The longest `ttl`; nil for any.
    package var ttlMax: Duration?
    /// The longest `max`; nil for any.
    package var max: Duration?
    /// How far ahead an environment may be kept.
    package var keepMax: Duration

    /// Those limits; ephemeral environments have some in any case.
    package init(
        usual: EnvironmentLifetime = EnvironmentLifetime(),
        ttlMax: Duration? = nil,
        max: Duration? = nil,
        keepMax: Duration = keepUsual
    ) {
        self.usual = usual
        self.ttlMax = ttlMax
        self.max = max
        self.keepMax = keepMax
    }
}
