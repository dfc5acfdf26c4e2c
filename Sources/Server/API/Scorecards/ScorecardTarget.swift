import Domain
import Scorecards
import Storage

/// The scorecard that a path names.
struct ScorecardTarget {
    let name: ScorecardName

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("scorecard")
    }

    /// The one that somebody wrote; nil where nobody did.
    func find(_ call: Invocation) async throws -> OwnScorecard? {
        try await call.services.storage.scorecards.find(name, as: call.access)
    }

    /// The one that comes with Slipway; nil where that has none of the name.
    func shipped(_ call: Invocation) -> Scorecard? {
        call.services.catalog.scorecards.first { $0.name == name }
    }

    /// - Throws: where it comes with Slipway.
    func checkIsOwn(_ call: Invocation) throws(Problem) {
        guard shipped(call) != nil else { return }
        throw Problem(
            .stateConflict,
            "`\(name)` comes with Slipway and stays as it is. Give yours another name."
        )
    }
}
