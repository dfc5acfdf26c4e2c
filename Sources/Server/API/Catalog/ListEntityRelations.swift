import Catalog
import Domain
import HTTP
import JSON
import Storage

/// What an entity is to others, up to five steps away: "what depends on this, two levels".
struct ListEntityRelations: Operation {
    static let endpoint = Endpoint.reading(
        "listEntityRelations",
        "/v1/catalog/entities/{kind}/{namespace}/{name}/relations",
        .readCatalog,
        parameters: ["direction", "type", "depth"]
    )

    private let target: EntityTarget
    private let walk: RelationWalk

    init(reading inputs: Inputs) throws(Problem) {
        target = try EntityTarget(reading: inputs)
        let query = inputs.call.query
        guard let depth = Int(digits: query["depth"] ?? "1"),
            (1...RelationWalk.depthMax).contains(depth)
        else {
            throw .invalidQuery([
                .query("depth", "out-of-range", "Expected 1 to \(RelationWalk.depthMax) steps.")
            ])
        }
        let direction = query["direction"] ?? RelationWalk.Direction.both.rawValue
        guard let direction = RelationWalk.Direction(rawValue: direction) else {
            let known = RelationWalk.Direction.allCases.map(\.rawValue)
            throw .invalidQuery([
                .query("direction", "unknown-value", Reading.notOneOf(known, direction).detail)
            ])
        }
        if let type = query["type"], !RelationPair.types.contains(type) {
            throw .invalidQuery([
                .query("type", "unknown-value", Reading.notOneOf(RelationPair.types, type).detail)
            ])
        }
        walk = RelationWalk(direction: direction, type: query["type"], depth: depth)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        _ = try await target.found(call)
        let page = try await call.services.storage.catalog.relations(
            of: target.reference,
            along: walk,
            as: call.access
        )
        var writer = JSONWriter(reserving: 256 + page.items.count * 128)
        writer.object { writer in
            writer.key("items")
            writer.array(page.items) { writer, relation in
                writer.object { writer in
                    writer.member("sourceRef", relation.source)
                    writer.member("type", relation.type)
                    writer.member("targetRef", relation.target)
                    writer.member("depth", relation.depth)
                    writer.member("exists", relation.isKnown)
                }
            }
            writer.member("truncated", page.hasMore)
        }
        return .json(.ok, writer.finish())
    }
}
