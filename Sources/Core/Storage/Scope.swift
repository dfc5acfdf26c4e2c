import Domain
import Postgres

extension Access.Scope {
    /// The condition that a row's tenant column satisfies where the caller may touch the row.
    func condition(on column: StaticString) -> SQL {
        switch self {
        case .everything: "true"
        case .tenant(let tenant): "\(unsafeSQL: column.description) = \(tenant)"
        case .nothing: "false"
        }
    }
}

extension LabelSelector {
    /// The conditions of the selector on the column `label_terms`.
    var conditions: [SQL] {
        terms.map { term in
            switch term {
            case .exists(let key): Self.has(any: [key.description])
            case .absent(let key): "NOT (\(Self.has(any: [key.description])))"
            case .isOneOf(let key, let values): Self.has(any: values.map { "\(key)=\($0)" })
            case .isNoneOf(let key, let values):
                "NOT (\(Self.has(any: values.map { "\(key)=\($0)" })))"
            }
        }
    }

    /// The second half is what the partial index asks for; it follows from the first.
    private static func has(any terms: [String]) -> SQL {
        "label_terms && \(terms) AND label_terms <> '{}'"
    }
}

/// Whether the names of a table can be equal, and need the id to tell them apart.
enum NameUse {
    case unique
    case shared
}

extension ListQuery {
    /// The condition that starts the page behind the last one; nil for the first page.
    func continuation(names: NameUse) -> SQL? {
        guard let after else { return nil }
        let comparison = order.isDescending ? "<" : ">"
        return switch (after.value, names) {
        case (.name(let name), .unique): "name \(unsafeSQL: comparison) \(name)"
        case (.name(let name), .shared):
            "(name, id) \(unsafeSQL: comparison) (\(name), \(after.id))"
        case (.moment(let moment), _):
            "(created_at, id) \(unsafeSQL: comparison) (\(moment), \(after.id))"
        }
    }

    /// The order and the end of the page; one row more than asked for tells whether it goes on.
    func ending(names: NameUse) -> SQL {
        let direction = order.isDescending ? "DESC" : "ASC"
        let columns: [String] =
            switch (order.key, names) {
            case (.name, .unique): ["name"]
            case (.name, .shared): ["name", "id"]
            case (.createdAt, _): ["created_at", "id"]
            }
        let order = columns.map { "\($0) \(direction)" }.joined(separator: ", ")
        return "ORDER BY \(unsafeSQL: order) LIMIT \(rows: limit + 1)"
    }
}

extension SQL.Interpolation {
    /// Writes a row limit as a number of a few sizes, at least as large as asked for.
    ///
    /// A bound limit is unknown to the planner, which then takes it for a tenth of the table and
    /// sorts all of it; a number of its own for each size would be a statement for each.
    mutating func appendInterpolation(rows count: Int) {
        // One row more than the page says whether it goes on.
        let sizes = [1, 10, 50, 100, ListQuery.limitMax].map { $0 + 1 }
        let size = sizes.first { $0 >= count } ?? ListQuery.limitMax + 1
        appendInterpolation(unsafeSQL: String(size))
    }
}

extension Page {
    /// Takes a page's rows out of an answer that may hold some more.
    init(
        _ rows: Rows,
        limit: Int,
        _ item: (Row) throws(DatabaseFault) -> Item
    ) throws(DatabaseFault) {
        var items: [Item] = []
        items.reserveCapacity(min(rows.count, limit))
        for index in 0..<min(rows.count, limit) { items.append(try item(rows[index])) }
        self.init(items: items, hasMore: rows.count > limit)
    }
}
