package import Domain

/// One page of a list and whether it goes on.
package struct Page<Item: Sendable>: Sendable {
    /// The items, in the order of the list.
    package var items: [Item]
    /// Whether there is more behind the last item.
    package var hasMore: Bool

    /// Puts together the parts as they are.
    package init(items: [Item], hasMore: Bool) {
        self.items = items
        self.hasMore = hasMore
    }
}

/// In what order a list comes; the id decides between equals.
package struct ListOrder: Sendable, Hashable {
    /// What a list is sorted by.
    package enum Key: String, Sendable, CaseIterable {
        case name
        case createdAt
    }

    /// What the list is sorted by.
    package var key: Key
    /// Whether the largest comes first.
    package var isDescending: Bool

    /// Puts together the parts as they are.
    package init(by key: Key, isDescending: Bool = false) {
        self.key = key
        self.isDescending = isDescending
    }
}

/// The item behind which a page starts: the value of its sort key, and its id.
package struct ListPosition: Sendable, Hashable {
    /// The value of the sort key.
    package enum Value: Sendable, Hashable {
        case name(String)
        case moment(Domain.Instant)
    }

    /// What the item has for the sort key.
    package var value: Value
    /// The id of the item, whatever kind it is of.
    package var id: ID<ListPosition>

    /// Puts together the parts as they are.
    package init(value: Value, id: ID<ListPosition>) {
        self.value = value
        self.id = id
    }
}

/// What every list of resources can be asked for.
package struct ListQuery: Sendable, Hashable {
    /// The most items of one page.
    package static let limitMax = 500

    /// The labels that items must have.
    package var selector: LabelSelector
    /// In what order the items come.
    package var order: ListOrder
    /// Where the last page ended; nil starts at the front.
    package var after: ListPosition?
    /// How many items at most; held to 1…500.
    package var limit: Int

    /// Puts together the parts as they are.
    package init(
        selector: LabelSelector = .everything,
        order: ListOrder = ListOrder(by: .name),
        after: ListPosition? = nil,
        limit: Int = 50
    ) {
        self.selector = selector
        self.order = order
        self.after = after
        self.limit = max(1, min(limit, Self.limitMax))
    }
}
