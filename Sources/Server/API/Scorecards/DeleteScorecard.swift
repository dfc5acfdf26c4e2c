import Domain
import HTTP
import JSON
import Scorecards
import Storage

/// The end of a scorecard that somebody wrote, and of its results.
struct DeleteScorecard: Operation {
    static let endpoint = Endpoint(
        "deleteScorecard",
        .delete,
        "/v1/scorecards/{scorecard}",
        for: .permitted(.manageScorecards),
        [.changes, .conditional, .plans]
    )

    private let target: ScorecardTarget
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        target = try ScorecardTarget(reading: inputs)
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try target.checkIsOwn(call)
        return try await call.retrying {
            guard let own = try await target.find(call) else { throw Problem.notFound }
            try call.checkConditions(revision: own.revision)
            let decision = own.deletion(on: call.occasion)
            return try await Deletion(call: call, isDryRun: isDryRun).perform(
                at: own.revision,
                of: .object(own.scorecard.document)
            ) { circumstances throws(StorageFault) in
                try await call.services.storage.scorecards.remove(
                    decision,
                    replacing: own.revision,
                    for: circumstances
                )
            }
        }
    }
}
