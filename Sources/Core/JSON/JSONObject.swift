/// The members of a JSON object: in order, each name once, found quickly at any size.
///
/// Up to `JSONObject.linearMax` members a look-up compares names one after the other; beyond that
/// an index with seeded hashing answers, so that a million names take linear time to read.
package struct JSONObject: Sendable {
    /// One name and its value.
    package struct Member: Sendable, Hashable {
        /// The name, compared by bytes.
        package let key: String
        /// What it stands for.
        package var value: JSON

        package static func == (left: Member, right: Member) -> Bool {
            left.key.hasSameBytes(as: right.key) && left.value == right.value
        }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(ByteKey(key))
            hasher.combine(value)
        }
    }

    /// Members up to which comparing names in a row is faster than hashing.
    static let linearMax = 12

    /// The members in their order.
    package private(set) var members: [Member]
    private var index: [ByteKey: Int]?

    /// An object without members, with room for `capacity` of them.
    package init(reserving capacity: Int = 0) {
        members = []
        members.reserveCapacity(capacity)
    }

    /// How many members there are.
    package var count: Int { members.count }

    /// Whether there is no member.
    package var isEmpty: Bool { members.isEmpty }

    /// The names in their order.
    package var keys: some Sequence<String> { members.lazy.map(\.key) }

    /// The place of `key` among the members, or nil.
    package func position(of key: String) -> Int? {
        if let index { return index[ByteKey(key)] }
        return members.firstIndex { $0.key.hasSameBytes(as: key) }
    }

    /// The value of `key`; setting nil removes the member, setting a new name appends it.
    package subscript(key: String) -> JSON? {
        get { position(of: key).map { members[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): remove(at: place)
            case (nil, let value?): add(key, value)
            case (nil, nil): break
            }
        }
    }

    /// Appends a member; false, and nothing changed, when the name is already there.
    package mutating func append(_ key: String, _ value: JSON) -> Bool {
        guard position(of: key) == nil else { return false }
        add(key, value)
        return true
    }

    private mutating func add(_ key: String, _ value: JSON) {
        members.append(Member(key: key, value: value))
        if index != nil {
            index?[ByteKey(key)] = members.count - 1
        } else if members.count > Self.linearMax {
            rebuildIndex()
        }
    }

    private mutating func remove(at place: Int) {
        members.remove(at: place)
        if index != nil { rebuildIndex() }
    }

    private mutating func rebuildIndex() {
        guard members.count > Self.linearMax else {
            index = nil
            return
        }
        var built = [ByteKey: Int](minimumCapacity: members.count * 2)
        for (place, member) in members.enumerated() { built[ByteKey(member.key)] = place }
        index = built
    }

    /// Replaces each value by what `change` makes of it, names and order kept.
    package mutating func changeValues(_ change: (String, JSON) -> JSON) {
        for place in members.indices {
            members[place].value = change(members[place].key, members[place].value)
        }
    }
}

extension JSONObject: Sequence {
    package func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
}

extension JSONObject: Hashable {
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        return left.members.allSatisfy { right[$0.key] == $0.value }
    }

    /// Order does not count: the hashes of the members are joined by a commutative operation.
    package func hash(into hasher: inout Hasher) {
        var joined = 0
        for member in members { joined ^= member.hashValue }
        hasher.combine(count)
        hasher.combine(joined)
    }
}
