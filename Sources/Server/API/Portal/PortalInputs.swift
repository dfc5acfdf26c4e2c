import Catalog
import Domain
import HTTP
import JSON
import Storage

/// What Backstage's clients send in queries, read as its catalog reads it.
extension Inputs {
    /// The most orders of one list; further ones are passed over.
    static var ordersMax: Int { 5 }
    /// How many entities a list may leave out at its front: the database walks past all of them.
    static var offsetMax: Int { 100_000 }

    /// The conditions of every `filter`.
    func portalFilter() throws(Problem) -> EntityPredicate {
        do throws(EntityFilterFault) {
            return try EntityFilter(parsing: call.query.values(of: "filter")).predicate
        } catch {
            throw .invalidQuery([.query("filter", "invalid-filter", error.detail)])
        }
    }

    /// Every element of a parameter, given once with commas or several times.
    func portalList(_ name: String) -> [String] {
        call.query.values(of: name).flatMap { text in
            text.split(separator: ",").map { String($0).trimmed }
        }.filter { !$0.isEmpty }
    }

    /// A number that is not negative; nil where it is left out.
    func portalNumber(_ name: String) throws(Problem) -> Int? {
        guard let text = call.query[name], !text.isEmpty else { return nil }
        guard let number = Int(digits: text) else {
            throw .invalidQuery([.query(name, "not-a-number", "Invalid \(name), not an integer")])
        }
        return number
    }

    /// How many entities a list leaves out at its front.
    func portalOffset() throws(Problem) -> Int {
        let offset = try portalNumber("offset") ?? 0
        guard offset <= Self.offsetMax else {
            throw .invalidQuery([
                .query(
                    "offset",
                    "out-of-range",
                    "Invalid offset, at most \(Self.offsetMax); follow the cursors of "
                        + "/entities/by-query instead"
                )
            ])
        }
        return offset
    }

    /// What a parameter such as `orderField=metadata.name,asc` says, each time.
    func portalOrders(
        _ name: String,
        read: (String) -> (field: String, order: String?)
    ) throws(Problem) -> [PortalQuery.Order] {
        var orders: [PortalQuery.Order] = []
        for text in call.query.values(of: name) where !text.isEmpty {
            let (field, order) = read(text)
            guard !field.isEmpty, ["asc", "desc", nil].contains(order) else {
                throw .invalidQuery([
                    .query(name, "unknown-value", "Invalid order, must be asc or desc")
                ])
            }
            orders.append(PortalQuery.Order(key: field, isDescending: order == "desc"))
        }
        return Array(orders.prefix(Self.ordersMax))
    }
}

extension ObjectReader {
    /// The most fields, facets or orders of one question.
    static var portalListMax: Int { 100 }
    /// Characters of a cursor.
    ///
    /// It carries a predicate of up to `EntityPredicate.textBytesMax`, and a list of fields of 118
    /// KiB in its longest form, in Base64 within Base64, which is sixteen ninths of that.
    static var portalCursorMax: Int { 512 << 10 }

    /// The member `query`, of which is known that it is a predicate.
    mutating func portalQuery() -> JSON? {
        optional("query") { value throws(ReadingFault) in
            do throws(EntityPredicateFault) {
                _ = try EntityPredicate(reading: value)
                return value
            } catch {
                throw ReadingFault("invalid-predicate", "Invalid query: \(error.detail)")
            }
        }
    }

    /// The texts in a list.
    mutating func portalList(_ name: String) -> [String]? {
        array(name, countMax: Self.portalListMax, Reading.text(0...EntityKeys.keyMax))
    }
}

extension EntityPredicate {
    /// What `portalQuery` read; nothing lets everything through.
    init(ofPortal query: JSON?) throws(Problem) {
        guard let query else {
            self = .everything
            return
        }
        do throws(EntityPredicateFault) {
            try self.init(reading: query)
        } catch {
            throw .invalidQuery([.query("query", "invalid-predicate", error.detail)])
        }
    }
}

extension String {
    /// The text without spaces around it.
    var trimmed: String {
        let start = drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}

/// The members of an entity that a portal wants to see.
struct PortalFields: Sendable {
    private let fields: [String]

    init(_ fields: [String]) throws(Problem) {
        guard !fields.contains(where: { $0.contains("[") }) else {
            throw .invalidQuery([
                .query(
                    "fields",
                    "unknown-value",
                    "invalid fields, array type fields are not supported"
                )
            ])
        }
        self.fields = fields
    }

    /// The entity with these members alone; all of it where none are named.
    func pruned(_ entity: JSONObject) -> JSONObject {
        guard !fields.isEmpty else { return entity }
        var result = JSONObject()
        for field in fields {
            let path = Self.path(of: field, in: .object(entity))
            guard !path.isEmpty, let value = JSON.object(entity).value(at: JSONPointer(path)) else {
                continue
            }
            Self.set(value, at: path[...], in: &result)
        }
        return result
    }

    /// Members may have dots in their names: as many parts are taken together as it needs.
    private static func path(of field: String, in entity: JSON) -> [String] {
        var path: [String] = []
        var part = ""
        var place = entity
        for piece in field.split(separator: ".", omittingEmptySubsequences: false) {
            part += part.isEmpty ? String(piece) : ".\(piece)"
            guard let next = place[part] else { continue }
            path.append(part)
            part = ""
            place = next
        }
        return part.isEmpty ? path : []
    }

    private static func set(
        _ value: JSON,
        at path: ArraySlice<String>,
        in object: inout JSONObject
    ) {
        guard let first = path.first else { return }
        guard path.count > 1 else {
            object[first] = value
            return
        }
        var inner = object[first]?.object ?? JSONObject()
        set(value, at: path.dropFirst(), in: &inner)
        object[first] = .object(inner)
    }
}
