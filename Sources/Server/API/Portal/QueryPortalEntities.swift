import Catalog
import Domain
import HTTP
import JSON
import Storage

/// Backstage's `GET /entities/by-query`: pages with cursors both ways, and how many entities there
/// are in all.
struct QueryPortalEntities: Operation {
    static let endpoint = Endpoint(
        "queryPortalEntities",
        .get,
        "/api/catalog/entities/by-query",
        for: .permitted(.readCatalog),
        parameters: [
            "filter", "fields", "limit", "offset", "orderField", "cursor", "fullTextFilterTerm",
            "fullTextFilterFields", "totalItems",
        ],
        [.portal]
    )

    private let page: PortalListing

    init(reading inputs: Inputs) throws(Problem) {
        let fields = try PortalFields(inputs.portalList("fields"))
        let limit = try inputs.portalNumber("limit")
        if let text = inputs.call.query["cursor"], !text.isEmpty {
            page = try PortalListing(continuing: text, fields: fields, limit: limit, inputs.call)
        } else {
            page = try PortalListing(
                from: try Self.start(inputs),
                fields: fields,
                limit: limit,
                offset: try inputs.portalOffset(),
                inputs.call
            )
        }
    }

    private static func start(_ inputs: Inputs) throws(Problem) -> PortalCursor {
        let orders = try inputs.portalOrders("orderField") { text in
            let parts = text.split(separator: ",", maxSplits: 1).map(String.init)
            return (parts.first ?? "", parts.count == 2 ? parts[1] : nil)
        }
        let query = inputs.call.query
        var cursor = PortalCursor(
            filters: query.values(of: "filter"),
            term: query["fullTextFilterTerm"] ?? "",
            in: inputs.portalList("fullTextFilterFields"),
            orders: orders
        )
        switch query["totalItems"] ?? "" {
        case "", "include": break
        case "exclude": cursor.total = 0
        default:
            throw .invalidQuery([
                .query(
                    "totalItems",
                    "unknown-value",
                    "Invalid totalItems, must be include or exclude"
                )
            ])
        }
        return cursor
    }

    func answer(_ call: Invocation) async throws -> Answer { try await page.answer(call) }
}
