import Domain
import HTTP
import JSON
import Storage

/// The scorecards by which entities are judged, with their rules: those that come with Slipway and
/// those that people wrote.
struct ListScorecards: Operation {
    static let endpoint = Endpoint.reading("listScorecards", "/v1/scorecards", .readCatalog)

    init(reading inputs: Inputs) throws(Problem) {}

    func answer(_ call: Invocation) async throws -> Answer {
        let own = try await call.services.storage.scorecards.list(as: call.access)
        let all =
            call.services.catalog.scorecards.map(ScorecardView.bytes)
            + own.map(ScorecardView.bytes)
        var writer = JSONWriter(reserving: 4_096)
        writer.object { writer in
            writer.key("items")
            writer.array(all) { $0.raw($1) }
        }
        return .json(.ok, writer.finish())
    }
}
