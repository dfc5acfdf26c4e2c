import Catalog
import Domain
import HTTP
import JSON
import Secrets
import Storage

/// A page of a portal's search, whichever way it was asked for.
struct PortalListing: Sendable {
    private static let limitDefault = 20
    /// What stands around a cursor with a predicate.
    ///
    /// Backstage's client looks into it: only one whose Base64 holds an object with `query` is sent
    /// in a body again, and not in an address.
    private static let shell = (before: #"{"query":true,"cursor":""#, after: #""}"#)

    private let cursor: PortalCursor
    private let query: PortalQuery
    private let fields: PortalFields
    private let limit: Int
    private let offset: Int
    private let seal: CursorSeal
    private let identity: ListIdentity

    /// The first page.
    init(
        from start: PortalCursor,
        fields: PortalFields,
        limit: Int?,
        offset: Int,
        _ call: Invocation
    ) throws(Problem) {
        cursor = start
        query = try start.query()
        self.fields = fields
        self.limit = min(limit ?? Self.limitDefault, ListQuery.limitMax)
        self.offset = offset
        seal = CursorSeal(key: call.services.key)
        // A cursor leads on in a body and in an address alike.
        identity = ListIdentity(operation: "queryPortalEntities", path: [], filters: [])
    }

    /// The page that a cursor leads to; everything else that is said beside it is passed over.
    init(
        continuing text: String,
        fields: PortalFields,
        limit: Int?,
        _ call: Invocation
    ) throws(Problem) {
        let start = PortalCursor(term: "", in: [], orders: [])
        let empty = try PortalListing(from: start, fields: fields, limit: limit, offset: 0, call)
        let sealed = try empty.seal.open(Self.unwrapped(text), of: empty.identity)
        guard let read = PortalCursor(reading: sealed) else {
            throw .invalidQuery([.query("cursor", "invalid-cursor", "Malformed cursor")])
        }
        try self.init(from: read, fields: fields, limit: limit, offset: 0, call)
    }

    /// The cursor within its shell, where it has one.
    private static func unwrapped(_ text: String) -> String {
        guard let bytes = Base64.decode(text) else { return text }
        let inner = String(decoding: bytes, as: UTF8.self)
        guard inner.hasPrefix(shell.before), inner.hasSuffix(shell.after) else { return text }
        return String(inner.dropFirst(shell.before.count).dropLast(shell.after.count))
    }

    private func text(of cursor: PortalCursor) -> String {
        let sealed = seal.seal(cursor.bytes, of: identity)
        guard cursor.predicate != nil else { return sealed }
        return Base64.encode(Array("\(Self.shell.before)\(sealed)\(Self.shell.after)".utf8))
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
            writer.member("nextCursor", text(of: cursor))
        }
        if self.cursor.first != nil, let first = positions.first, first != self.cursor.first {
            cursor.position = first
            cursor.isPrevious = true
            writer.member("prevCursor", text(of: cursor))
        }
    }
}
