import Catalog
import Domain
import HTTP
import JSON
import Storage

/// Backstage's `GET /entities/by-query`: pages with cursors in both directions, and how many
/// entities there are in all.
struct QueryPortalEntities: Operation {
    private static let limitDefault = 20

    static let endpoint = Endpoint(
        "queryPortalEntities",
        .get,
        "/api/catalog/entities/by-query",
        for: .permitted(.readCatalog),
        parameters: [
            "filter", "fields", "limit", "offset", "orderField", "cursor", "fullTextFilterTerm",
            "fullTextFilterFields",
        ],
        [.portal]
    )

    private let cursor: PortalCursor
    private let query: PortalQuery
    private let fields: PortalFields
    private let limit: Int
    private let offset: Int
    private let seal: CursorSeal
    private let identity: ListIdentity

    init(reading inputs: Inputs) throws(Problem) {
        let call = inputs.call
        fields = try PortalFields(inputs.portalList("fields"))
        limit = min(try inputs.portalNumber("limit") ?? Self.limitDefault, ListQuery.limitMax)
        seal = CursorSeal(key: call.services.key)
        identity = ListIdentity(operation: call.endpoint.operation, path: [], filters: [])
        if let text = call.query["cursor"], !text.isEmpty {
            // Everything else that is said beside a cursor is passed over.
            guard let read = PortalCursor(reading: try seal.open(text, of: identity)) else {
                throw .invalidQuery([.query("cursor", "invalid-cursor", "Malformed cursor")])
            }
            cursor = read
            offset = 0
        } else {
            cursor = try Self.start(inputs)
            offset = try inputs.portalOffset()
        }
        query = try cursor.query()
    }

    private static func start(_ inputs: Inputs) throws(Problem) -> PortalCursor {
        let orders = try inputs.portalOrders("orderField") { text in
            let parts = text.split(separator: ",", maxSplits: 1).map(String.init)
            return (parts.first ?? "", parts.count == 2 ? parts[1] : nil)
        }
        // As in Backstage, the first order counts and the others do not.
        let order = orders.first
        let term = inputs.call.query["fullTextFilterTerm"] ?? ""
        let keys = inputs.portalList("fullTextFilterFields")
        let search = PortalQuery.Search(
            term: term,
            keys: keys.isEmpty ? [order?.key ?? "metadata.uid"] : keys
        )
        return PortalCursor(
            filters: inputs.call.query.values(of: "filter"),
            search: term.allSatisfy { $0 == " " } ? nil : search,
            order: order
        )
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let store = call.services.storage.catalog
        let page = try await store.walk(
            query,
            from: cursor.position,
            backwards: cursor.isPrevious,
            offset: offset,
            limit: limit,
            as: call.access
        )
        var found = page.items
        if cursor.isPrevious { found.reverse() }
        var next = cursor
        if next.total == nil { next.total = try await store.count(query, as: call.access) }
        next.first = cursor.first ?? found.first?.position
        var writer = JSONWriter(reserving: 256 + found.count * 1_024)
        let items = try found.map { fields.pruned(try EntityView.document(of: $0.entity)) }
        writer.object { writer in
            writer.key("items")
            writer.array(items) { $0.value(.object($1)) }
            writer.member("totalItems", next.total ?? 0)
            writer.key("pageInfo")
            writer.object { writer in
                write(&writer, found.map(\.position), next, hasMore: page.hasMore)
            }
        }
        return .json(.ok, writer.finish())
    }

    /// The ways on and back; a page that was read backwards always has one behind it.
    private func write(
        _ writer: inout JSONWriter,
        _ positions: [PortalPosition],
        _ next: PortalCursor,
        hasMore: Bool
    ) {
        var cursor = next
        if let last = positions.last, limit > 0, hasMore || self.cursor.isPrevious {
            cursor.position = last
            cursor.isPrevious = false
            writer.member("nextCursor", seal.seal(cursor.bytes, of: identity))
        }
        if self.cursor.first != nil, let first = positions.first, first != self.cursor.first {
            cursor.position = first
            cursor.isPrevious = true
            writer.member("prevCursor", seal.seal(cursor.bytes, of: identity))
        }
    }
}
