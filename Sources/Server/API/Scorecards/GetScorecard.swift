import Domain
import Scorecards

/// One scorecard.
struct GetScorecard: Operation {
    static let endpoint = Endpoint.reading(
        "getScorecard",
        "/v1/scorecards/{scorecard}",
        .readCatalog
    )

    private let target: ScorecardTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try ScorecardTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        if let shipped = target.shipped(call) {
            return .resource(ScorecardView.bytes(shipped), revision: 1)
        }
        guard let own = try await target.find(call) else { throw Problem.notFound }
        return .resource(ScorecardView.bytes(own), revision: own.revision)
    }
}
