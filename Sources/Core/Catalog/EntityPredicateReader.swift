import JSON

/// Reads a predicate, and counts what it asks for on the way.
struct EntityPredicateReader {
    private static let operators = ["$all", "$any", "$not"]
    private static let tests = ["$exists", "$in", "$hasPrefix", "$contains"]
    /// Characters of what a message quotes.
    private static let quoteMax = 60

    private var parts = 0
    private var values = 0
    private var walks = 0
    private var bytes = 0

    init() {}

    mutating func predicate(
        _ value: JSON,
        at place: JSONPointer,
        depth: Int
    ) throws(EntityPredicateFault) -> EntityPredicate {
        guard depth <= EntityPredicate.depthMax else {
            let most = EntityPredicate.depthMax
            throw fault(place, "Operators stand at most \(most) deep within each other.")
        }
        guard let object = value.object else {
            throw fault(
                place,
                "Expected an object such as {\"kind\": \"component\"}, not \(value.kindInWords)."
            )
        }
        guard let name = object.keys.first(where: { $0.hasPrefix("$") }) else {
            if object.isEmpty { try count(part: place) }
            return try keys(object, at: place)
        }
        try count(part: place)
        let inner = place.appending(name)
        guard object.count == 1 else {
            throw fault(place, "`\(quote(name))` stands alone. Put the rest beside it into `$all`.")
        }
        switch (name, object[name]) {
        case ("$all", let list?): return .all(try branches(list, at: inner, depth))
        case ("$any", let list?): return .any(try branches(list, at: inner, depth))
        case ("$not", let part?): return .not(try predicate(part, at: inner, depth: depth + 1))
        default: throw unknown(name, at: place, Self.operators)
        }
    }

    private mutating func branches(
        _ value: JSON,
        at place: JSONPointer,
        _ depth: Int
    ) throws(EntityPredicateFault) -> [EntityPredicate] {
        var result: [EntityPredicate] = []
        for (index, element) in try array(value, at: place).enumerated() {
            result.append(try predicate(element, at: place.appending(index), depth: depth + 1))
        }
        return result
    }

    private mutating func keys(
        _ object: JSONObject,
        at place: JSONPointer
    ) throws(EntityPredicateFault) -> EntityPredicate {
        var result: [EntityPredicate] = []
        for member in object {
            let inner = place.appending(member.key)
            try count(part: inner)
            let key = try text(.string(member.key), at: inner)
            result.append(try test(of: key, member.value, at: inner))
        }
        return result.count == 1 ? result[0] : .all(result)
    }

    /// What is asked of the values of a key.
    private mutating func test(
        of key: String,
        _ value: JSON,
        at place: JSONPointer
    ) throws(EntityPredicateFault) -> EntityPredicate {
        guard let object = value.object else {
            return try found(key, .isOne(of: [try self.value(value, at: place)]), at: place)
        }
        guard object.count == 1, let member = object.members.first else {
            let all = Self.tests.map { "`\($0)`" }.joined(separator: ", ")
            throw fault(place, "Expected a value, or exactly one of \(all).")
        }
        let inner = place.appending(member.key)
        switch (member.key, member.value) {
        case ("$exists", .bool(let isThere)):
            let exists = try found(key, .exists, at: inner)
            return isThere ? exists : .not(exists)
        case ("$exists", let other):
            throw fault(inner, "Expected `true` or `false`, not \(other.kindInWords).")
        case ("$in", let list):
            return try found(key, .isOne(of: try texts(list, at: inner)), at: inner)
        case ("$hasPrefix", .string):
            let prefix = try text(member.value, at: inner)
            // Every value begins with nothing: no index needs to be walked to find that out.
            return try found(key, prefix.isEmpty ? .exists : .hasPrefix(prefix), at: inner)
        case ("$hasPrefix", let other):
            throw fault(inner, "Expected a text, not \(other.kindInWords).")
        case ("$contains", .object(let relation)) where key == "relations":
            return try self.relation(relation, at: inner)
        case ("$contains", .object):
            throw fault(inner, "Objects are looked for in `relations` alone; write a value.")
        case ("$contains", let element):
            return try found(key, .contains(try self.value(element, at: inner)), at: inner)
        default: throw unknown(member.key, at: place, Self.tests)
        }
    }

    /// `{"type": "ownedBy", "targetRef": "group:default/team-a"}`: a relation, whatever the case
    /// of the members' names.
    private mutating func relation(
        _ object: JSONObject,
        at place: JSONPointer
    ) throws(EntityPredicateFault) -> EntityPredicate {
        var type: String?
        var test = EntityPredicate.Test.exists
        var seen: Set<String> = []
        for member in object {
            let inner = place.appending(member.key)
            guard seen.insert(member.key.lowercased()).inserted else {
                throw fault(inner, "The member is there twice.")
            }
            switch (member.key.lowercased(), member.value) {
            case ("type", .string): type = try text(member.value, at: inner)
            case ("targetref", .string):
                test = .isOne(of: [try text(member.value, at: inner)])
            case ("targetref", .object(let object)):
                guard object.count == 1, let list = object["$in"], list.array?.isEmpty == false
                else { throw fault(inner, "Expected a text, or `$in` with some texts.") }
                test = .isOne(of: try texts(list, at: inner.appending("$in")))
            case ("type", _): throw fault(inner, "Expected a text.")
            case ("targetref", _): throw fault(inner, "Expected a text, or `$in` with some texts.")
            default: throw unknown(member.key, at: place, ["type", "targetRef"])
            }
        }
        guard let type, !type.isEmpty else {
            throw fault(place, "Name the `type` of the relation, such as `ownedBy`.")
        }
        return try found("relations.\(type)", test, at: place)
    }

    /// A test that is counted by what it costs.
    private mutating func found(
        _ key: String,
        _ test: EntityPredicate.Test,
        at place: JSONPointer
    ) throws(EntityPredicateFault) -> EntityPredicate {
        let found = EntityPredicate.key(key, test)
        walks += found.walks
        guard walks <= EntityPredicate.walksMax else {
            let most = EntityPredicate.walksMax
            throw fault(place, "At most \(most) prefixes and relations are looked for at once.")
        }
        return found
    }

    private mutating func texts(
        _ value: JSON,
        at place: JSONPointer
    ) throws(EntityPredicateFault) -> [String] {
        var result: [String] = []
        for (index, element) in try array(value, at: place).enumerated() {
            result.append(try self.value(element, at: place.appending(index)))
        }
        return result
    }

    private func array(
        _ value: JSON,
        at place: JSONPointer
    ) throws(EntityPredicateFault) -> [JSON] {
        guard let list = value.array else {
            throw fault(place, "Expected an array, not \(value.kindInWords).")
        }
        return list
    }

    /// A text, number or boolean as it is found among the values of a key.
    private mutating func value(
        _ value: JSON,
        at place: JSONPointer
    ) throws(EntityPredicateFault) -> String {
        guard let text = EntityKeys.text(of: value) else {
            throw fault(
                place,
                "Expected a text, a number or a boolean, not \(value.kindInWords)."
            )
        }
        return try self.text(.string(text), at: place)
    }

    private mutating func text(
        _ value: JSON,
        at place: JSONPointer
    ) throws(EntityPredicateFault) -> String {
        let text = value.string ?? ""
        guard !text.utf8.contains(0) else {
            throw fault(place, "The character U+0000 is not taken.")
        }
        values += 1
        bytes += text.utf8.count
        guard values <= EntityPredicate.valuesMax, bytes <= EntityPredicate.bytesMax else {
            let most = "\(EntityPredicate.valuesMax) keys and values of "
            throw fault(place, "At most \(most)\(EntityPredicate.bytesMax >> 10) KiB are taken.")
        }
        return text.lowercased()
    }

    private mutating func count(part place: JSONPointer) throws(EntityPredicateFault) {
        parts += 1
        guard parts <= EntityPredicate.partsMax else {
            throw fault(place, "At most \(EntityPredicate.partsMax) keys and operators are taken.")
        }
    }

    private func unknown(
        _ name: String,
        at place: JSONPointer,
        _ known: [String]
    ) -> EntityPredicateFault {
        let hint =
            nearest(to: name, in: known).map { "Did you mean `\($0)`?" }
            ?? "Known are: \(known.joined(separator: ", "))."
        return fault(place, "`\(quote(name))` is not known. \(hint)")
    }

    private func quote(_ text: String) -> String { String(text.prefix(Self.quoteMax)) }

    private func fault(_ place: JSONPointer, _ reason: String) -> EntityPredicateFault {
        // The way down is as long as what was sent: a part of it is enough to find the place.
        EntityPredicateFault(
            place: JSONPointer(place.tokens.map(quote)),
            reason: reason
        )
    }
}
