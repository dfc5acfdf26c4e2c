package import Domain

/// What the reporting to forges must keep, and get back after a crash.
package protocol ForgeRecords: Sendable {
    /// Takes up to `room` forges that are to be told something, or looked at.
    func claim(_ room: Int, at moment: Instant) async throws(ForgeOutage) -> [ForgeLane]

    /// What the forge is to be told next; nil where nothing is left.
    func next(_ lane: ForgeLane, at moment: Instant) async throws(ForgeOutage) -> ReportCase?

    /// Writes down what stands on the forge; false where the lane was lost meanwhile.
    func record(
        _ told: ReportCase,
        isWhole: Bool,
        fault: String?,
        _ lane: ForgeLane,
        at moment: Instant
    ) async throws(ForgeOutage) -> Bool

    /// Writes down what a look at the forge came to.
    func record(
        check phase: ForgeStatus.Phase,
        _ message: String,
        _ lane: ForgeLane,
        at moment: Instant
    ) async throws(ForgeOutage)

    /// Lets go of a lane; with a pause where the forge did not answer.
    func release(
        _ lane: ForgeLane,
        pausing pause: Duration?,
        at moment: Instant
    ) async throws(ForgeOutage)
}

/// The records cannot be had now; what was under way is found again later.
package struct ForgeOutage: Error, Sendable, CustomStringConvertible {
    /// Why, in words without secrets.
    package let description: String

    /// An outage of that reason.
    package init(_ description: String) { self.description = description }
}
