import Catalog
import Domain
import HTTP
import JSON
import Secrets
import Storage

/// Backstage's `GET /entities`: a plain list, its next piece in `Link`.
struct ListPortalEntities: Operation {
    /// The most entities of one answer, for clients that name no limit.
    static let limitMax = 5_000

    static let endpoint = Endpoint(
        "listPortalEntities",
        .get,
        "/api/catalog/entities",
        for: .permitted(.readCatalog),
        parameters: ["filter", "fields", "order", "offset", "limit", "after"],
        [.portal]
    )

    private let filter: EntityPredicate
    private let fields: PortalFields
    private let orders: [PortalQuery.Order]
    private let offset: Int
    private let limit: Int

    init(reading inputs: Inputs) throws(Problem) {
        filter = try inputs.portalFilter()
        fields = try PortalFields(inputs.portalList("fields"))
        orders = try inputs.portalOrders("order") { text in
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            return parts.count == 2 ? (parts[1], parts[0]) : ("", nil)
        }
        if let text = inputs.call.query["after"] {
            let after = try Self.position(text)
            offset = after.offset
            limit = min(after.limit, Self.limitMax)
        } else {
            offset = try inputs.portalOffset()
            limit = min(try inputs.portalNumber("limit") ?? Self.limitMax, Self.limitMax)
        }
        guard limit > 0 else {
            throw .invalidQuery([
                .query("limit", "out-of-range", "Invalid limit, must be greater than zero")
            ])
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.catalog.list(
            PortalQuery(filter),
            by: orders,
            offset: offset,
            limit: limit,
            as: call.access
        )
        var writer = JSONWriter(reserving: 256 + found.items.count * 1_024)
        writer.array(
            try found.items.map { fields.pruned(try EntityView.document(of: $0)) }
        ) { $0.value(.object($1)) }
        let answer = Answer.json(.ok, writer.finish())
        guard found.hasMore, !found.items.isEmpty else { return answer }
        let next = Base64URL.encode(Array("\(limit):\(offset + found.items.count)".utf8))
        let query = call.query.replacing("after", with: next, without: ["offset"])
        return answer.with(.link, "<\(call.request.path)?\(query)>; rel=\"next\"")
    }

    /// Where a list goes on, as `Link` said it.
    private static func position(
        _ text: String
    ) throws(Problem) -> (limit: Int, offset: Int) {
        let parts = Base64URL.decode(text).map { String(decoding: $0, as: UTF8.self) }?
            .split(separator: ":").map { Int(digits: String($0)) }
        guard let parts, parts.count == 2, let limit = parts[0], let offset = parts[1] else {
            throw .invalidQuery([
                .query("after", "invalid-cursor", "Malformed after cursor, could not be parsed")
            ])
        }
        return (limit, offset)
    }
}
