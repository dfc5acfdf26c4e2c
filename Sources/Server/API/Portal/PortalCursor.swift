import Catalog
import Domain
import JSON
import Storage

/// Where a portal's list goes on, with the whole question: a client sends it back alone.
struct PortalCursor: Sendable {
    var filters: [String]
    /// The predicate as it was sent; nil where none was.
    var predicate: JSON?
    var search: PortalQuery.Search?
    var order: PortalQuery.Order?
    /// Where the page begins; nil at the front.
    var position: PortalPosition?
    /// The first entity of the first page.
    var first: PortalPosition?
    var isPrevious = false
    /// How many entities there were when the first page was read.
    var total: Int?

    /// The question as Storage asks it.
    func query() throws(Problem) -> PortalQuery {
        let predicate = try EntityPredicate(ofPortal: predicate)
        do throws(EntityFilterFault) {
            let filter = try EntityFilter(parsing: filters).predicate
            return PortalQuery(
                filter.and(predicate),
                search: search,
                order: order
            )
        } catch {
            throw .invalidQuery([.query("filter", "invalid-filter", error.detail)])
        }
    }

    /// The cursor as its text is made from.
    var bytes: [UInt8] {
        var writer = JSONWriter(reserving: 512)
        writer.object { writer in
            writer.key("filters")
            writer.array(filters) { $0.string($1) }
            if let predicate {
                writer.key("query")
                writer.value(predicate)
            }
            if let search {
                writer.member("term", search.term)
                writer.key("keys")
                writer.array(search.keys) { $0.string($1) }
            }
            if let order {
                writer.member("order", order.key)
                writer.member("descending", order.isDescending)
            }
            if let position {
                writer.key("position")
                position.write(to: &writer)
            }
            if let first {
                writer.key("first")
                first.write(to: &writer)
            }
            writer.member("previous", isPrevious)
            if let total { writer.member("total", total) }
        }
        return writer.finish()
    }

    /// The front of a list.
    ///
    /// As in Backstage, the first order counts and the others do not; a text is looked for in the
    /// values of some keys, or else of the one that the list is sorted by.
    init(
        filters: [String] = [],
        predicate: JSON? = nil,
        term: String,
        in keys: [String],
        orders: [PortalQuery.Order]
    ) {
        self.filters = filters
        self.predicate = predicate
        order = orders.first
        let term = term.trimmed
        let keys = keys.filter { !$0.isEmpty }
        search =
            term.isEmpty
            ? nil
            : PortalQuery.Search(
                term: term,
                keys: keys.isEmpty ? [order?.key ?? "metadata.uid"] : keys
            )
    }

    /// Reads what `bytes` wrote; the signature has been checked.
    init?(reading bytes: [UInt8]) {
        // What was signed here can be read; anything else is no cursor.
        guard let value = try? JSON.parse(bytes) else { return nil }
        filters = value["filters"]?.array?.compactMap(\.string) ?? []
        predicate = value["query"]
        search = value["term"]?.string.map { term in
            PortalQuery.Search(term: term, keys: value["keys"]?.array?.compactMap(\.string) ?? [])
        }
        order = value["order"]?.string.map { key in
            PortalQuery.Order(key: key, isDescending: value["descending"]?.bool ?? false)
        }
        position = value["position"].flatMap(PortalPosition.init(reading:))
        first = value["first"].flatMap(PortalPosition.init(reading:))
        isPrevious = value["previous"]?.bool ?? false
        total = value["total"]?.int
    }
}

extension PortalPosition {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("value", orNull: value)
            writer.member("id", id.description)
        }
    }

    fileprivate init?(reading value: JSON) {
        // A text that is no id was not written here.
        guard let id = value["id"]?.string.flatMap({ try? EntityID(parsing: $0) }) else {
            return nil
        }
        self.init(value: value["value"]?.string, id: id)
    }
}
