import Catalog
import Domain
import HTTP
import JSON
import Storage

/// How an entity stands by each scorecard: its level, each rule with file and line of what does not
/// hold, and how that changed.
struct GetEntityScorecards: Operation {
    static let endpoint = Endpoint.reading(
        "getEntityScorecards",
        "/v1/catalog/entities/{kind}/{namespace}/{name}/scorecards",
        .readCatalog
    )

    private let target: EntityTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try EntityTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        _ = try await target.found(call)
        let results = try await call.services.storage.scorecards.results(
            of: target.reference,
            as: call.access
        )
        var writer = JSONWriter(reserving: 4_096)
        writer.object { writer in
            writer.key("items")
            writer.array(results, Self.write)
        }
        return .json(.ok, writer.finish())
    }

    private static func write(_ writer: inout JSONWriter, _ result: ScorecardStore.Result) {
        writer.object { writer in
            writer.member("scorecard", result.scorecard)
            writer.member("level", orNull: result.level)
            writer.member("met", result.met)
            writer.member("total", result.total)
            writer.member("commit", orNull: result.commit)
            writer.member("evaluatedAt", result.at.description)
            writer.key("rules")
            writer.raw(result.rules)
            writer.key("history")
            writer.array(result.history) { writer, change in
                writer.object { writer in
                    writer.member("level", orNull: change.level)
                    writer.member("met", change.met)
                    writer.member("total", change.total)
                    writer.member("commit", orNull: change.commit)
                    writer.member("at", change.at.description)
                }
            }
        }
    }
}
