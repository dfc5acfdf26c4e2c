import Domain
import HTTP
import JSON
import Scorecards

/// The scorecards by which entities are judged, with their rules.
struct ListScorecards: Operation {
    static let endpoint = Endpoint.reading("listScorecards", "/v1/scorecards", .readCatalog)

    init(reading inputs: Inputs) throws(Problem) {}

    func answer(_ call: Invocation) async throws -> Answer {
        var writer = JSONWriter(reserving: 2_048)
        writer.object { writer in
            writer.key("items")
            writer.array(call.services.catalog.scorecards, Self.write)
        }
        return .json(.ok, writer.finish())
    }

    private static func write(_ writer: inout JSONWriter, _ scorecard: Scorecard) {
        writer.object { writer in
            writer.member("name", scorecard.name)
            writer.member("title", scorecard.title)
            writer.member("description", scorecard.summary)
            writer.key("levels")
            writer.array(scorecard.levels) { $0.string($1) }
            writer.key("rules")
            writer.array(scorecard.rules) { writer, rule in
                writer.object { writer in
                    writer.member("id", rule.id)
                    writer.member("title", rule.title)
                    writer.member("level", rule.level)
                    switch rule.check {
                    case .manifests(let check): writer.member("manifests", check.rawValue)
                    case .files(let patterns):
                        writer.key("files")
                        writer.array(patterns) { $0.string($1) }
                    }
                }
            }
        }
    }
}
