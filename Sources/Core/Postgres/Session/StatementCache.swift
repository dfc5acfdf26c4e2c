/// The statements that one session has prepared, by text and declared types; bounded.
struct StatementCache {
    /// What tells statements apart.
    struct Key: Hashable {
        var sql: SQL

        /// Lengths tell nearly all statements apart, and cost less than their text.
        func hash(into hasher: inout Hasher) {
            hasher.combine(sql.parameters.count)
            for case .text(let text) in sql.pieces { hasher.combine(text.utf8.count) }
        }

        static func == (left: Key, right: Key) -> Bool {
            left.sql.pieces == right.sql.pieces
                && left.sql.parameters.declaresSameTypes(as: right.sql.parameters)
        }
    }

    /// A statement's name at the server, and whether it has yet to be prepared.
    struct Lookup: Equatable {
        var name: String
        var isNew: Bool
        /// The name of the statement that made room for it.
        var evicted: String?
    }

    private struct Entry {
        var name: String
        var lastUse: Int
    }

    private let limit: Int
    private var entries: [Key: Entry] = [:]
    private var clock = 0
    private var named = 0

    init(limit: Int) {
        precondition(limit > 0, "a session keeps at least one statement")
        self.limit = limit
    }

    var count: Int { entries.count }

    /// The name to run `sql` under.
    ///
    /// Names are never used twice.
    mutating func lookUp(_ sql: SQL) -> Lookup {
        clock += 1
        let key = Key(sql: sql)
        if let index = entries.index(forKey: key) {
            entries.values[index].lastUse = clock
            return Lookup(name: entries.values[index].name, isNew: false, evicted: nil)
        }
        let evicted = entries.count >= limit ? evict() : nil
        named += 1
        let name = "s\(named)"
        entries[key] = Entry(name: name, lastUse: clock)
        return Lookup(name: name, isNew: true, evicted: evicted)
    }

    /// The statement is not prepared, or no longer fits its tables.
    mutating func forget(_ sql: SQL) {
        entries[Key(sql: sql)] = nil
    }

    private mutating func evict() -> String? {
        guard let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else {
            return nil
        }
        entries[oldest.key] = nil
        return oldest.value.name
    }
}
