import Catalog
import Domain
import HTTP
import JSON
import Storage

/// Backstage's `POST /entities/by-query`: pages of what a predicate
/// lets through.
struct QueryPortalEntitiesByPredicate: Operation {
    /// Characters of the text that is looked for.
    private static let termMax = 1_000

    static let endpoint = Endpoint(
        "queryPortalEntitiesByPredicate",
        .post,
        "/api/catalog/entities/by-query",
        for: .permitted(.readCatalog),
        body: .json,
        [.portal]
    )

    private enum Direction: String, CaseIterable {
        case asc
        case desc
    }

    private enum TotalItems: String, CaseIterable {
        case include
        case exclude
    }

    private struct Wish {
        var cursor: String?
        var limit: Int?
        var offset: Int
        var fields: [String]
        var start: PortalCursor
    }

    private let page: PortalListing

    init(reading inputs: Inputs) throws(Problem) {
        let wish = try inputs.read(Self.wish)
        let fields = try PortalFields(wish.fields.filter { !$0.isEmpty })
        if let cursor = wish.cursor {
            page = try PortalListing(
                continuing: cursor,
                fields: fields,
                limit: wish.limit,
                inputs.call
            )
        } else {
            page = try PortalListing(
                from: wish.start,
                fields: fields,
                limit: wish.limit,
                offset: wish.offset,
                inputs.call
            )
        }
    }

    private static func wish(_ reader: inout ObjectReader) -> Wish {
        let orders = reader.objects("orderBy", countMax: ObjectReader.portalListMax) { reader in
            let key = reader.required("field", Reading.text(1...EntityKeys.keyMax))
            let direction = reader.required("order", Reading.choice(Direction.self))
            return key.map { PortalQuery.Order(key: $0, isDescending: direction == .desc) }
        }
        let search = reader.object("fullTextFilter") { reader in
            (reader.optional("term", Reading.text(0...termMax)), reader.portalList("fields"))
        }
        var start = PortalCursor(
            predicate: reader.portalQuery(),
            term: search?.0 ?? "",
            in: search?.1 ?? [],
            orders: orders ?? []
        )
        let total = reader.optional("totalItems", Reading.choice(TotalItems.self))
        if total == .exclude { start.total = 0 }
        return Wish(
            cursor: reader.optional("cursor", Reading.text(1...ObjectReader.portalCursorMax)),
            limit: reader.optional("limit", Reading.number(0...Int(Int32.max))),
            offset: reader.optional("offset", Reading.number(0...Inputs.offsetMax)) ?? 0,
            fields: reader.portalList("fields") ?? [],
            start: start
        )
    }

    func answer(_ call: Invocation) async throws -> Answer { try await page.answer(call) }
}
