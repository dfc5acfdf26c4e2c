import Domain
import HTTP
import JSON
import Routing
import Secrets
import Storage

/// Which page of a list is wanted: limit, cursor and, for resources, selector and order.
struct ListRequest: Sendable {
    static let limitDefault = 50

    /// How many items at most.
    let limit: Int
    /// Where the last page ended, out of the cursor; nil for the first page.
    let position: [UInt8]?
    private let identity: ListIdentity
    private let seal: CursorSeal

    init(reading inputs: Inputs) throws(Problem) {
        let call = inputs.call
        limit = try Self.limit(call.query["limit"])
        identity = ListIdentity(
            operation: call.endpoint.operation,
            path: (0..<call.path.count).map { call.path[$0] },
            filters: call.query.filters(without: ["limit", "cursor"])
        )
        seal = CursorSeal(key: call.services.key)
        if let cursor = call.query["cursor"] {
            position = try seal.open(cursor, of: identity)
        } else {
            position = nil
        }
    }

    /// Digits alone, in range.
    static func limit(_ text: String?) throws(Problem) -> Int {
        guard let text else { return limitDefault }
        guard let limit = Int(digits: text), (1...ListQuery.limitMax).contains(limit) else {
            throw .invalidQuery([
                .query("limit", "out-of-range", "Expected 1 to \(ListQuery.limitMax).")
            ])
        }
        return limit
    }

    /// The page as it is answered, with the way to the next one.
    func answer<Item>(
        _ page: Page<Item>,
        _ call: Invocation,
        more: (inout JSONWriter) -> Void = { _ in },
        position: (Item) -> [UInt8],
        _ write: (inout JSONWriter, Item) -> Void
    ) -> Answer {
        var next: String?
        if page.hasMore, let last = page.items.last {
            next = seal.seal(position(last), of: identity)
        }
        var writer = JSONWriter(reserving: 256 + page.items.count * 768)
        writer.beginObject()
        writer.key("items")
        writer.array(page.items, write)
        writer.member("next", orNull: next)
        more(&writer)
        writer.endObject()
        let answer = Answer.json(.ok, writer.finish())
        guard let next else { return answer }
        let path = call.request.path
        let query = call.query.replacing("cursor", with: next)
        return answer.with(.link, "<\(path)?\(query)>; rel=\"next\"")
    }
}

/// A list of resources, which can be selected by labels and sorted.
struct ResourceListRequest: Sendable {
    private static let orders = ["name", "-name", "createdAt", "-createdAt"]

    let list: ListRequest
    let query: ListQuery

    init(reading inputs: Inputs) throws(Problem) {
        let list = try ListRequest(reading: inputs)
        let order = try Self.order(inputs.call.query["sort"])
        let selector = try Self.selector(inputs.call.query["labelSelector"])
        self.list = list
        query = ListQuery(
            selector: selector,
            order: order,
            after: list.position.flatMap { ListPosition(cursor: $0) },
            limit: list.limit
        )
    }

    /// The position of a resource in this list.
    func position(name: String, createdAt: Domain.Instant, id: ID<ListPosition>) -> [UInt8] {
        switch query.order.key {
        case .name: ListPosition(value: .name(name), id: id).cursor
        case .createdAt: ListPosition(value: .moment(createdAt), id: id).cursor
        }
    }

    private static func order(_ text: String?) throws(Problem) -> ListOrder {
        guard let text else { return ListOrder(by: .name) }
        let name = text.hasPrefix("-") ? String(text.dropFirst()) : text
        guard let key = ListOrder.Key(rawValue: name) else {
            throw .invalidQuery([
                .query("sort", "unknown-value", Reading.notOneOf(orders, text).detail)
            ])
        }
        return ListOrder(by: key, isDescending: text.hasPrefix("-"))
    }

    private static func selector(_ text: String?) throws(Problem) -> LabelSelector {
        guard let text else { return .everything }
        do {
            return try LabelSelector(parsing: text)
        } catch {
            throw .invalidQuery([.query("labelSelector", "invalid-selector", error.detail)])
        }
    }
}

extension ListPosition {
    /// The position as the inside of a cursor: kind, id, value.
    var cursor: [UInt8] {
        let ids = Self.bytes(of: id.high) + Self.bytes(of: id.low)
        return switch value {
        case .name(let name): [0] + ids + Array(name.utf8)
        case .moment(let moment):
            [1] + ids + Self.bytes(of: UInt64(bitPattern: moment.microseconds))
        }
    }

    /// Reads what `cursor` wrote; the signature has been checked.
    init?(cursor: [UInt8]) {
        guard cursor.count >= 17 else { return nil }
        let id = ID<ListPosition>(
            high: Self.word(cursor[1..<9]),
            low: Self.word(cursor[9..<17])
        )
        let rest = cursor[17...]
        switch cursor[0] {
        case 0: self.init(value: .name(String(decoding: rest, as: UTF8.self)), id: id)
        case 1:
            let moment = Domain.Instant(microseconds: Int64(bitPattern: Self.word(rest)))
            self.init(value: .moment(moment), id: id)
        default: return nil
        }
    }

    private static func bytes(of word: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - $0 * 8)) }
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension Int {
    /// The number of a text of digits and nothing else; `Int("+5")` would be taken otherwise.
    init?(digits text: String) {
        guard (1...18).contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        self.init(text)
    }
}

extension JSONWriter {
    /// A member whose value is a string or `null`.
    mutating func member(_ name: StaticString, orNull value: String?) {
        key(name)
        if let value { string(value) } else { null() }
    }
}
