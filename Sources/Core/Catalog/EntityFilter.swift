/// Which entities are asked for, in the words of Backstage: sets of conditions, of which one must
/// hold as a whole.
package struct EntityFilter: Sendable, Hashable {
    /// The most conditions of one filter.
    ///
    /// Each has one value at most: those of the same key, taken together, are no more than this.
    package static let conditionsMax = 50

    /// One key and what it may be.
    package struct Condition: Sendable, Hashable {
        /// The flat key, in lower case.
        package let key: String
        /// One of these values, in lower case; nil where the key is enough.
        package var values: [String]?

        /// A key that must be there.
        package init(_ key: String, is values: [String]? = nil) {
            self.key = key.lowercased()
            self.values = values?.map { $0.lowercased() }
        }
    }

    /// The sets; none lets everything through.
    package private(set) var sets: [[Condition]]

    /// A filter of one set; without conditions it lets everything through.
    package init(_ conditions: [Condition] = []) {
        sets = conditions.isEmpty ? [] : [conditions]
    }

    /// Reads texts such as `kind=component,spec.type=service`: commas mean «and», the same key
    /// twice means either value, and several texts mean «or».
    ///
    /// - Throws: where a condition has no key, or there are too many.
    package init(parsing texts: [String]) throws(EntityFilterFault) {
        sets = []
        var count = 0
        for text in texts {
            var set: [Condition] = []
            for part in text.split(separator: ",") {
                let statement = Self.trimmed(part)
                guard !statement.isEmpty else { continue }
                count += 1
                guard count <= Self.conditionsMax else { throw .tooMany }
                try Self.add(statement, to: &set)
            }
            if !set.isEmpty { sets.append(set) }
        }
    }

    /// This filter with one more condition in each of its sets.
    package func and(_ condition: Condition) -> EntityFilter {
        var filter = self
        filter.sets = sets.isEmpty ? [[condition]] : sets.map { $0 + [condition] }
        return filter
    }

    private static func add(
        _ statement: String,
        to set: inout [Condition]
    ) throws(EntityFilterFault) {
        // Values may hold `=` themselves: the first one separates.
        let parts = statement.split(
            separator: "=",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        let key = trimmed(parts[0]).lowercased()
        guard !key.isEmpty else { throw .noKey(statement) }
        let value = parts.count == 2 ? trimmed(parts[1]).lowercased() : nil
        guard let place = set.firstIndex(where: { $0.key == key }) else {
            set.append(Condition(key, is: value.map { [$0] }))
            return
        }
        guard let value else { return }
        set[place].values = (set[place].values ?? []) + [value]
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}

/// Why a text is no filter.
package enum EntityFilterFault: Error, Equatable {
    /// A condition has no key.
    case noKey(String)
    /// There are more conditions than are taken.
    case tooMany

    /// What is wrong, as a sentence for the caller.
    package var detail: String {
        switch self {
        case .noKey(let text):
            "`\(text)` is no condition. Expected `key` or `key=value`, with commas between."
        case .tooMany: "At most \(EntityFilter.conditionsMax) conditions are taken."
        }
    }
}
